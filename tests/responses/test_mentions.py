"""How often a place is found in a sentence, and how often one that isn't there."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from responses.places import Places

PLACES = Places.load_shipped()
LANGUAGES = {"en", "sr", "sr-bare", "sr-Cyrl", "sq", "sq-gheg"}


@dataclass(frozen=True, slots=True)
class Sentence:
    lang: str
    text: str
    expected: frozenset[str]


def _read() -> list[Sentence]:
    path = Path(__file__).parent / "data" / "places.tsv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = csv.DictReader(lines, dialect="excel-tab", quoting=csv.QUOTE_NONE)
    return [Sentence(row["lang"], row["text"], frozenset(filter(None, row["expected"].split("|")))) for row in rows]


SENTENCES = _read()
WITH = [one for one in SENTENCES if one.expected]
WITHOUT = [one for one in SENTENCES if not one.expected]


def figures(sentences: Sequence[Sentence]) -> tuple[float, float]:
    """Precision and recall over all pairs of a sentence and a municipality."""
    right = wrong = missed = 0
    for one in sentences:
        found = {place.id for place in PLACES.find(one.text)}
        right += len(found & one.expected)
        wrong += len(found - one.expected)
        missed += len(one.expected - found)
    return right / (right + wrong), right / (right + missed)


def test_the_sentences_are_many_of_every_language_and_about_places_that_are_there() -> None:
    assert len(WITH) >= 150
    assert len(WITHOUT) >= 150
    assert len({one.text for one in SENTENCES}) == len(SENTENCES)
    for group in (WITH, WITHOUT):
        assert {one.lang for one in group} == LANGUAGES
    assert all(PLACES.get(expected) is not None for one in WITH for expected in one.expected)


@pytest.mark.parametrize("half", [0, 1], ids=["looked at", "never looked at"])
def test_97_of_100_places_are_right_and_97_of_100_are_found(half: int) -> None:
    precision, recall = figures([*WITH[half::2], *WITHOUT[half::2]])
    assert precision >= 0.97, f"precision {precision:.3f}"
    assert recall >= 0.97, f"recall {recall:.3f}"


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_in_no_language_it_is_much_worse(lang: str) -> None:
    precision, recall = figures([one for one in SENTENCES if one.lang == lang])
    assert precision >= 0.9, f"precision {precision:.3f}"
    assert recall >= 0.9, f"recall {recall:.3f}"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("zove se Ada", []),
        ("moja drugarica Senta", []),
        ("selo se zove Mladenovac", ["rs-mladenovac"]),
        ("crveni krst mi je pomogao", []),
        ("moja cerka ima sesnaest godina", []),
        ("ceo dan beremo jagode u plasteniku", []),
        ("bice bolje sutra", []),
        ("jam ne bor pa kepuce gjithe naten", []),
        ("jam ne Bor", ["rs-bor"]),
        ("autobusi u nis e ai mbeti", []),
        ("radim kod peci u pekari cele noci", []),
        ("radim u Peci u pekari cele noci", ["xk-peje"]),
        ("e takova ne facebook para dy muajsh", []),
        ("komuna e Vushtrrise nuk me ndihmon", ["xk-vushtrri"]),
        ("from Preshevo to Nish by bus", ["rs-nis", "rs-presevo"]),
        ("u Laplju Selu", ["xk-gracanice"]),
        ("u Kamenici", ["xk-kamenice", "rs-novi-sad"]),
        ("i live in kragujevca but he is in belgrad", ["rs-kragujevac", "rs-beograd"]),
        ("na Veterniku", ["xk-prishtine", "rs-novi-sad"]),
    ],
)
def test_what_the_rules_are_there_for(text: str, places: list[str]) -> None:
    assert sorted(place.id for place in PLACES.find(text)) == sorted(places)


@pytest.mark.parametrize(
    "text",
    [
        "jam nga prizreni dhe tash jetoj ne kragujevac me burrin, nuk di kujt ti drejtohem. " * 8,
        "u prizernu kod zrenjaninaa od lajkvaca iz kursumlijje " * 12,
        "ne ne ne u u iz od kod kod pored blizu prema " * 14,
    ],
)
def test_a_long_text_is_read_in_five_milliseconds(text: str) -> None:
    text = text[:600]
    assert len(text) == 600
    PLACES.find(text)
    taken = []
    for _ in range(5):
        started = time.thread_time()
        PLACES.find(text)
        taken.append(time.thread_time() - started)
    assert min(taken) < 0.005, f"{min(taken) * 1000:.1f} ms"
