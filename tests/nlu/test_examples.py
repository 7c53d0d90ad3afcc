"""Examples are read, changed and written back, and a changed file differs in the changed lines only."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from nlu_data import examples, model
from nlu_data.examples import Change, Example, Examples
from nlu_data.lexicon import Lexicon
from nlu_data.likeness import Likeness

SHIPPED = Examples.read()
THANKS = SHIPPED.of("sr", "thanks")


def differences(folder: Path) -> list[str]:
    """The changed lines of all files, as a difference shows them."""
    found: list[str] = []
    for path in sorted(examples.FOLDER.glob("*/*.yml")):
        before = path.read_text(encoding="utf-8").splitlines()
        after = (folder / path.relative_to(examples.FOLDER)).read_text(encoding="utf-8").splitlines()
        found += [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    return found


def test_all_is_read() -> None:
    assert SHIPPED.languages == ("en", "sq", "sr")
    assert len(SHIPPED.groups) == 65
    assert SHIPPED.groups["risk_held_captive"] == "risk"
    assert "hvala" in THANKS


def test_unchanged_examples_are_the_same_files(tmp_path: Path) -> None:
    assert len(SHIPPED.write(tmp_path)) == 18
    assert differences(tmp_path) == []
    assert SHIPPED.write(tmp_path) == ()


def test_a_change_is_one_line_in_one_file(tmp_path: Path) -> None:
    new, gone = Example("sr", "thanks", "hvala ti sto si tu"), Example("sr", "thanks", THANKS[1])
    changed = SHIPPED.changed([Change("add", new), Change("remove", gone)])
    shutil.copytree(examples.FOLDER, tmp_path, dirs_exist_ok=True)
    assert changed.write(tmp_path) == (tmp_path / "sr" / "talk.yml",)
    assert sorted(differences(tmp_path)) == [f"+     - {new.text}", f"-     - {gone.text}"]
    assert Examples.read(tmp_path) == changed


_texts = some.text(min_size=1, max_size=80).map(examples.tidy).filter(lambda text: examples.problem(text) is None)
_changes = some.lists(
    some.builds(
        Change,
        some.sampled_from(["add", "remove"]),
        some.builds(
            Example,
            some.sampled_from(SHIPPED.languages),
            some.sampled_from(sorted(SHIPPED.groups)),
            some.one_of(_texts, some.sampled_from(THANKS)),
        ),
    ),
    max_size=6,
)


@given(_changes)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)
def test_whatever_is_written_is_read_again(tmp_path: Path, changes: list[Change]) -> None:
    changed = SHIPPED.changed(changes)
    changed.write(tmp_path)
    assert set(Examples.read(tmp_path)) == set(changed)
    assert SHIPPED.changed(changed.since(SHIPPED)).since(changed) == ()


def test_a_model_of_changed_examples_has_a_name_of_its_own() -> None:
    one, other = (Change("add", Example("en", "thanks", text)) for text in ("cheers", "ta"))
    assert model.fingerprint([one, other]) == model.fingerprint([other, one])
    assert len({model.fingerprint(), model.fingerprint([one]), model.fingerprint([other])}) == 3


@pytest.mark.parametrize(
    "text", ["they keep my passport", "uzeo mi je pasoš", "ma ka marr pasaportën", "SOS!!!", "ne", "🙏 hvala"]
)
def test_what_people_write_can_be_an_example(text: str) -> None:
    assert examples.problem(text) is None


LIKENESS, LEXICON = Likeness(SHIPPED), Lexicon.load()


def test_the_same_words_are_found_in_whatever_spelling() -> None:
    here = SHIPPED.of("en", "risk_danger_now")[0]
    (first, *_) = LIKENESS.near(here.upper())
    assert (first.example.text, first.percent) == (here, 100)


def test_nothing_is_like_what_nobody_says() -> None:
    assert LIKENESS.near("a recipe for quince jam with walnuts and honey from the mountain") == ()


@pytest.mark.parametrize(
    ("example", "hidden"),
    [
        (Example("en", "thanks", "he has locked me in"), True),
        (Example("sr", "out_of_scope", "zakljucao me je u sobu i ne pusta me"), True),
        (Example("sr", "ask_cost", SHIPPED.of("sr", "risk_self_harm")[0]), True),
        (Example("en", "thanks", "thank you for listening to me tonight"), False),
        (Example("en", "risk_held_captive", "he has locked me in"), False),
        (Example("en", "out_of_scope", "this heat is killing me"), False),
    ],
)
def test_a_danger_among_the_harmless_is_found(example: Example, hidden: bool) -> None:
    found = LIKENESS.hidden_dangers([Change("add", example)], LEXICON)
    assert [one.example for one in found] == ([example] if hidden else [])
    assert LIKENESS.hidden_dangers([Change("remove", example)], LEXICON) == ()
