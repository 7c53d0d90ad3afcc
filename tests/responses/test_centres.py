"""Centres for social work: complete in rows, honest in gaps."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import responses
from responses import evidence_checks
from responses.centres import CLOSED, NOT_KNOWN, RELOCATED, WORKS, Centre, Centres
from responses.content import Content
from responses.evidence import Page

SHIPPED = Path(str(responses.__file__)).parent
CONTENT = Content.load()
READ_ON = date(2026, 11, 25)
PAGE = Page("https://example.org/", "It moved to Ruska 4, phone 0800 123 456", "2025-03")
MOVED = Centre("xk-prizren", "serbia", {}, "rs-nis", RELOCATED, "0800 123 456", "Ruska 4", PAGE, READ_ON)


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str], tuple[str, ...]]:
    """Changes the table in a copy and says what the checks find then."""
    folder = tmp_path / "responses"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def change(old: str, new: str) -> tuple[str, ...]:
        path = folder / "centres.tsv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return tuple(evidence_checks.problems(Content.load(folder)))

    return change


def test_every_municipality_has_its_rows() -> None:
    for place in CONTENT.places:
        systems = [one.system for one in CONTENT.centres.of(place.id)]
        assert systems == (["serbia"] if place.side == "serbia" else ["serbia", "kosovo"]), place.id
    sides = Counter((CONTENT.places.by_id[one.municipality].side, one.system) for one in CONTENT.centres)
    assert sides == {("serbia", "serbia"): 162, ("kosovo", "serbia"): 38, ("kosovo", "kosovo"): 38}
    assert CONTENT.centres.of("rs-atlantis") == ()


def test_what_is_not_known_is_not_claimed() -> None:
    assert Counter(one.status for one in CONTENT.centres) == {NOT_KNOWN: 210, WORKS: 24, CLOSED: 4}
    for one in CONTENT.centres:
        assert one.page is not None or (one.status == NOT_KNOWN and not (one.phone or one.address or one.names))


def test_a_municipality_cannot_be_there_twice_in_one_system(tmp_path: Path) -> None:
    path = tmp_path / "centres.tsv"
    text = (SHIPPED / "centres.tsv").read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="twice in one system"):
        Centres.load(path)


def test_what_was_read_a_year_ago_is_not_known_any_more() -> None:
    assert MOVED.status_on(date(2027, 11, 25)) == RELOCATED
    assert MOVED.status_on(date(2027, 11, 26)) == NOT_KNOWN
    assert MOVED.is_expired(date(2027, 11, 26))
    assert not replace(MOVED, status=NOT_KNOWN).is_expired(date(2027, 11, 26))


FERIZAJ = "xk-ferizaj\tserbia\t\t\t\t\tnot_known"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("\n" + FERIZAJ + "\t\t\t\t\t\t", "", "centres/xk-ferizaj: no row in the system serbia"),
        (FERIZAJ, FERIZAJ.replace("serbia", "moon"), "centres/xk-ferizaj: nobody there in the system moon"),
        (FERIZAJ, FERIZAJ.replace("not_known", "perhaps"), "xk-ferizaj/serbia: unknown status perhaps"),
        (FERIZAJ, FERIZAJ.replace("not_known", "works"), "xk-ferizaj/serbia: says something without a page"),
        (FERIZAJ, FERIZAJ + "\t0800 123 456", "xk-ferizaj/serbia: says something without a page"),
        ("\tRuska 4\t", "\tRuska 5\t", "rs-beograd/serbia: the passage does not carry the address"),
        ("\tworks\t\tRuska 4\t", "\tworks\t2650-329\tRuska 4\t", "the passage does not carry the phone"),
        ("\t2025-02-21\t", "\t\t", "closed, by a page without a date"),
        ("\trs-novi-sad\tworks", "\trs-atlantis\tworks", "unknown place rs-atlantis"),
        ("\trs-novi-sad\tworks", "\t\tworks", "rs-novi-sad/serbia: works, without a seat"),
        ("\trs-novi-sad\tworks", "\trs-novi-sad\trelocated", "relocated, to where it was"),
        ("\thttps://rtifm.rs", "\trtifm.rs", "a page needs an address"),
    ],
)
def test_a_problem_is_found(broken: Callable[[str, str], tuple[str, ...]], old: str, new: str, found: str) -> None:
    problems = broken(old, new)
    assert any(found in problem for problem in problems), problems
