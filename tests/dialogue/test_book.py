"""The transcript book: it is what the helpline says today, and it shows what a reviewer must see."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from responses.languages import NAMES
from tests.book import answers, page, paths, reasons, shelf, telling
from tests.dialogue.scene import content

ALL = paths.load()
# What is said there depends on whether a language is the chosen one already.
ABOUT_LANGUAGE = {"language", "other-language"}


@pytest.fixture(scope="module")
def pages() -> Mapping[str, str]:
    return shelf.pages()


def test_the_book_is_what_the_helpline_says(pages: Mapping[str, str]) -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in paths.FOLDER.glob("*.md")}
    other = sorted(name for name in pages.keys() | kept.keys() if pages.get(name) != kept.get(name))
    assert other == [], "run make book"


def test_each_page_has_all_four_languages_and_is_in_the_index(pages: Mapping[str, str]) -> None:
    for name, text in pages.items():
        if name == "README.md":
            continue
        assert f"({name})" in pages["README.md"]
        for language in paths.LANGUAGES:
            assert f"## {NAMES[language]}\n" in text, name


def test_the_same_is_made_twice(pages: Mapping[str, str]) -> None:
    assert page.of_path(ALL[0]) == pages[f"{ALL[0].id}.md"]


@pytest.mark.parametrize("path", [one for one in ALL if one.id not in ABOUT_LANGUAGE], ids=lambda path: path.id)
def test_each_path_goes_alike_in_all_languages(path: paths.Path) -> None:
    told = {language: telling.tell(path, language) for language in paths.LANGUAGES}
    lengths = {len(one) for one in told.values()}
    assert len(lengths) == 1
    for steps in zip(*told.values(), strict=True):
        assert len({len(one.said) for one in steps}) == 1, steps[0].what
        assert len({one.handoff is None for one in steps}) == 1, steps[0].what
        assert len({levels(one) for one in steps}) == 1, steps[0].what


def levels(told: telling.Told) -> tuple[str, ...]:
    return tuple(str(getattr(effect, "level", "")) for effect in told.done)


def test_every_answer_is_in_the_book_in_every_place(pages: Mapping[str, str]) -> None:
    for one in content().answers.values():
        text = pages[f"answers-{one.group}.md"]
        for language in paths.LANGUAGES:
            assert f"### {page.escaped(one.label(language))}\n" in text
            for side in (None, "serbia", "kosovo", "abroad", "across"):
                for message in answers.spoken(one.intent, language, side):
                    assert page.bot_says(message) in text, (one.intent, language, side)


def test_the_paths_say_what_a_counsellor_sees(pages: Mapping[str, str]) -> None:
    text = pages["consent-yes.md"]
    assert "| Consent | yes, with everything that was written here |" in text
    assert "| Urgency | elevated |" in text
    assert "| Where they are | Kosovo\\* |" in text
    assert "understood as" in text


def test_reasons_are_told_in_words() -> None:
    assert reasons.in_words("lexicon:sq/danger/at-the-door@3") == "a rule of danger (Albanian): danger, at the door"
    assert reasons.in_words("nlu:withheld_wages:0.82").endswith("82% sure")
    assert reasons.in_words("pressed:risk_danger_now").startswith("pressed the button “")
    assert "Yes, it goes on" in reasons.in_words("screening:hurt=yes")
    assert reasons.in_words("of:tomorrow") == "of:tomorrow"


def test_a_text_cannot_break_the_page() -> None:
    assert page.escaped("*a* <b> #c _d_ | e") == r"\*a\* \<b\> \#c \_d\_ \| e"
    assert page.escaped("1. a\n- b\n12 c - d") == "1\\. a\n\\- b\n12 c - d"


def test_a_button_that_is_not_on_the_screen_cannot_be_pressed() -> None:
    path = paths.Path(
        "p", "c", "t", "a", {"atina": "awake"}, (paths.Step("command", "start"), paths.Step("presses", "x"))
    )
    with pytest.raises(paths.WrongPath, match="p in en, after 1 steps: x is not among"):
        telling.tell(path, "en")


def test_a_question_that_nobody_asks_cannot_be_answered() -> None:
    steps = (
        paths.Step("command", "start"),
        paths.Step("presses", "do:screening"),
        paths.Step("answers", {"moon": "yes"}),
    )
    with pytest.raises(paths.WrongPath, match="nobody asked"):
        telling.tell(paths.Path("p", "c", "t", "a", {"atina": "awake"}, steps), "en")


@pytest.mark.parametrize(
    "step",
    ["{jumps: high}", "{writes: {en: only}}", "{command: start, presses: x}", "{command: start, meens: {}}"],
)
def test_a_step_that_says_nothing_we_know_is_refused(tmp_path: Path, step: str) -> None:
    file = tmp_path / "paths.yml"
    file.write_text(f"C: {{p: {{title: t, about: a, steps: [{step}]}}}}")
    with pytest.raises(paths.WrongPath, match=r"^p:"):
        paths.load(file)


def test_every_state_of_waiting_and_every_kind_of_consent_has_a_path() -> None:
    pressed = {step.value for path in ALL for step in path.steps if step.verb == "presses"}
    assert {"consent:*:history", "consent:pvpt:fresh", "consent:no", "consent:pvpt:ask"} <= pressed
    commands = {step.value for path in ALL for step in path.steps if step.verb == "command"}
    known = {key.partition(".")[2] for key in content().texts["en"] if key.startswith("command.")}
    assert known <= commands
