"""What the questions ask next, what the answers add up to, and that the lint sees a broken instrument."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import responses
from responses import checks, screening
from responses.content import Content
from responses.screening import LEVELS, SKIP, Instrument

INSTRUMENTS = Content.load().instruments
SHORT = INSTRUMENTS["short"]
NAMES = sorted(INSTRUMENTS)
CHECKLISTS = ("job_offer", "relationship")
MANY = settings(max_examples=200, deadline=None)
SHIPPED = Path(str(responses.__file__)).parent


def asked(name: str = "short", **answers: str) -> list[str]:
    """The ids of the questions that somebody is asked who answers so, and skips the others."""
    given_so_far: dict[str, str] = {}
    while (question := screening.next_question(INSTRUMENTS[name], given_so_far)) is not None:
        given_so_far[question.id] = answers.get(question.id, SKIP)
    return list(given_so_far)


def harmless(name: str) -> dict[str, str]:
    """The answers of somebody for whom nothing is wrong."""
    return {
        one.id: next((option.value for option in one.options if option.sign is None), SKIP)
        for one in INSTRUMENTS[name].questions
    }


# the ways through


def test_all_instruments_are_there_the_short_one_first() -> None:
    assert next(iter(INSTRUMENTS)) == "short"
    assert set(INSTRUMENTS) == {"short", "exploitation", "home", "living", "child", *CHECKLISTS}


def test_the_short_one_asks_at_most_nine_questions_and_mostly_eight() -> None:
    assert asked() == ["safe", "age", "leave", "kept", "work", "hurt", "threats", "sexual", "living"]
    assert len(asked(hurt="no")) == 8


def test_who_may_be_watched_is_asked_only_what_is_urgent() -> None:
    assert asked(safe="watched") == ["safe", "leave", "kept", "hurt", "threats", "living"]
    assert asked("home", safe="watched") == ["safe", "hurt", "worse", "weapon", "strangled", "kill"]
    assert not {"promised", "pay", "sexual"} & set(asked("exploitation", safe="watched"))
    assert not {"phone", "close", "fast"} & set(asked("relationship", safe="watched"))


@pytest.mark.parametrize("name", NAMES)
def test_who_has_nothing_to_report_is_asked_at_most_eight_questions(name: str) -> None:
    assert len(asked(name, **harmless(name))) <= 8


@pytest.mark.parametrize("name", NAMES)
def test_the_ways_are_what_is_really_asked(name: str) -> None:
    through = screening.ways(INSTRUMENTS[name])
    assert through.most <= 12
    assert through.asked == {one.id for one in INSTRUMENTS[name].questions}
    assert len(asked(name)) <= through.most
    assert "none" in through.levels


def test_a_question_is_asked_only_after_one_of_the_named_answers() -> None:
    assert "debt" not in asked("exploitation", pay="yes", promised="yes", kept="no")
    assert "debt" in asked("exploitation", pay="yes", promised="partly", kept="no")
    assert "means" in asked("living", living="yes", how="some")
    assert "means" not in asked("living", living="yes", how="no")


def test_a_skip_is_not_known_and_never_a_no() -> None:
    skipped = {question.id: SKIP for question in SHORT.questions}
    assert screening.result(SHORT, skipped) == screening.Result("none", ())
    assert "threats" in asked(hurt=SKIP)
    assert "threats" not in asked(hurt="no")
    assert {"weapon", "strangled", "kill"} <= set(asked("home"))


def test_a_child_has_its_own_way_and_so_has_who_worries_about_one() -> None:
    me, other = asked("child", about="me"), asked("child", about="other")
    assert set(me) & set(other) == {"about"}
    assert asked("child", about=SKIP) == me
    assert len(me) == 8
    assert len(other) == 5


# what the answers come to


@pytest.mark.parametrize(
    ("name", "question", "value"),
    [
        *(("short", "safe", "now"), ("short", "leave", "locked"), ("short", "leave", "moved")),
        *(("short", "sexual", "today"), ("short", "living", "plan"), ("short", "age", "child")),
        *(("exploitation", "moved", "now"), ("exploitation", "leave", "locked"), ("home", "children", "hurt")),
        *(("living", "act", "today"), ("living", "how", "plan"), ("living", "soon", "yes")),
        *(("child", "place", "no"), ("child", "touch", "today"), ("child", "away", "now"), ("child", "sad", "now")),
        *(("child", "child_now", "yes"), ("relationship", "safe", "now")),
    ],
)
def test_danger_now_ends_the_questions(name: str, question: str, value: str) -> None:
    before = {"about": "other"} if question.startswith("child_") else {"refuse": "afraid", "living": "yes"}
    assert asked(name, **before | {question: value})[-1] == question
    assert screening.result(INSTRUMENTS[name], {question: value}).level == "immediate"


@pytest.mark.parametrize(
    ("name", "answers", "level"),
    [
        ("short", {}, "none"),
        ("short", {"safe": "yes", "leave": "yes", "kept": "no"}, "none"),
        ("short", {"age": "yes"}, "elevated"),
        ("short", {"kept": "yes"}, "elevated"),
        ("short", {"work": "pay", "hurt": "past", "age": "yes"}, "elevated"),
        ("short", {"kept": "yes", "leave": "sometimes"}, "high"),
        ("short", {"hurt": "yes", "threats": "yes"}, "high"),
        ("short", {"threats": "life"}, "high"),
        ("short", {"kept": "yes", "threats": "life", "living": "plan"}, "immediate"),
        ("exploitation", {"pay": "less", "moved": "before"}, "elevated"),
        ("exploitation", {"pay": "no", "debt": "grows"}, "high"),
        ("exploitation", {"moved": "soon"}, "high"),
        ("home", {"control": "sometimes"}, "elevated"),
        ("home", {"strangled": "yes"}, "high"),
        ("home", {"weapon": "yes"}, "high"),
        ("home", {"kill": "yes"}, "high"),
        ("home", {"hurt": "yes", "worse": "yes"}, "high"),
        ("living", {"living": "yes"}, "elevated"),
        ("living", {"living": "yes", "act": "before"}, "high"),
        ("living", {"how": "some", "means": "yes"}, "high"),
        ("child", {"about": "me", "place": "unsure"}, "elevated"),
        ("child", {"about": "me", "hurt": "yes"}, "high"),
        ("job_offer", {"contract": "later"}, "none"),
        ("job_offer", {"contract": "later", "hurry": "fast"}, "elevated"),
        ("job_offer", {"papers": "theirs", "costs": "owe"}, "high"),
        ("relationship", {"people": "trouble"}, "none"),
        ("relationship", {"people": "no", "refuse": "no"}, "high"),
        ("relationship", {"harm": "life"}, "high"),
    ],
)
def test_levels(name: str, answers: dict[str, str], level: str) -> None:
    assert screening.result(INSTRUMENTS[name], answers).level == level


@pytest.mark.parametrize("name", CHECKLISTS)
def test_a_checklist_is_never_more_than_elevated_without_a_strong_sign(name: str) -> None:
    instrument = INSTRUMENTS[name]
    weak = {
        one.id: next((each.value for each in one.options if each.sign == "weak"), SKIP) for one in instrument.questions
    }
    assert screening.result(instrument, weak).level == "elevated"


def test_reasons_name_the_instrument_and_can_be_read_in_words() -> None:
    result = screening.result(INSTRUMENTS["home"], {"safe": "watched", "strangled": "yes", "weapon": "no"})
    assert result.reasons == ("safe=watched", "home.strangled=yes")
    question, answer = screening.in_words(INSTRUMENTS, "home.strangled", "yes", "en") or ("", None)
    assert (question, answer) == ("Did they ever choke you, or keep you from breathing?", "Yes")
    assert screening.in_words(INSTRUMENTS, "kept", "yes", "sr-Cyrl") == (
        "Да ли неко држи твоја документа, телефон или новац?",
        "Да",
    )
    assert screening.in_words(INSTRUMENTS, "home.strangled", SKIP, "en") == (question, None)
    assert screening.in_words(INSTRUMENTS, "home.of_tomorrow", "yes", "en") is None
    assert screening.in_words(INSTRUMENTS, "kept", "perhaps", "en") is None


# from one to another


def test_who_is_under_18_goes_on_in_the_way_for_children() -> None:
    for name in ("short", "exploitation", "home"):
        assert screening.goes_on_in(INSTRUMENTS, name, {"age": "yes"}) == "child"
        assert screening.goes_on_in(INSTRUMENTS, name, {"age": "no"}) == name
        assert asked(name, safe="yes", age="yes") == ["safe", "age"]
    assert screening.known(INSTRUMENTS, "child", {"age": "yes"}) == {"about": "me"}
    assert screening.known(INSTRUMENTS, "child", {"age": "yes", "child.about": "other"}) == {"about": "other"}


def test_to_be_under_18_is_nothing_that_is_wrong_but_what_was_said_before_counts() -> None:
    assert screening.told(INSTRUMENTS, "child", {"age": "yes"}) == "none"
    assert screening.told(INSTRUMENTS, "child", {"age": "yes", "kept": "yes", "leave": "sometimes"}) == "high"
    assert screening.told(INSTRUMENTS, "home", {"kept": "yes", "leave": "sometimes"}) == "none"


def test_a_borrowed_question_is_not_asked_twice() -> None:
    kept = {"safe": "yes", "age": "no", "leave": "sometimes", "kept": "no"}
    known = screening.known(INSTRUMENTS, "exploitation", kept)
    assert known == {"safe": "yes", "age": "no", "leave": "sometimes", "kept": "no"}
    question = screening.next_question(INSTRUMENTS["exploitation"], known)
    assert question is not None
    assert question.key == "exploitation.promised"


def test_what_the_answers_speak_for_is_offered_until_it_is_done() -> None:
    assert screening.offered(INSTRUMENTS, "short", {"living": "yes", "kept": "yes"}) == ("exploitation", "living")
    assert screening.offered(INSTRUMENTS, "short", {"living": "no", "kept": SKIP}) == ()
    done = {"living": "yes", **{one.key: SKIP for one in INSTRUMENTS["living"].questions if not one.borrowed}}
    assert screening.offered(INSTRUMENTS, "short", done) == ()
    assert screening.offered(INSTRUMENTS, "relationship", {"relationship.afraid": "yes"}) == ("home",)


def test_old_buttons_keep_their_values_and_new_ones_name_the_instrument() -> None:
    kept, weapon = SHORT.question("kept"), INSTRUMENTS["home"].question("weapon")
    assert kept is not None
    assert weapon is not None
    assert SHORT.button(kept, "yes") == "screen:kept:yes"
    assert INSTRUMENTS["home"].button(weapon, "yes") == "screen:home:weapon:yes"


def test_the_menu_and_answers_can_lead_to_each_set_of_questions() -> None:
    content = Content.load()
    actions = tuple(one.action for one in INSTRUMENTS.values())
    thanks = replace(content.answers["thanks"], follow_up=actions)
    changed = replace(
        content, menu_values=tuple(f"do:{one}" for one in actions), answers={**content.answers, "thanks": thanks}
    )
    assert checks.problems(changed) == checks.problems(content)
    for message in (changed.menu("sr-Cyrl"), changed.answer("thanks", "sr-Cyrl", None)):
        shown = {button.value: button.label for row in message.buttons for button in row}
        assert set(shown) == {f"do:{one}" for one in actions}
        assert shown["do:screening:job_offer"] == "Провери понуду за посао"
    unknown = checks.problems(replace(content, menu_values=("do:screening:moon",)))
    assert "menu: unknown entry do:screening:moon" in unknown


# whatever is answered


def choices(instrument: Instrument) -> Mapping[str, st.SearchStrategy[str]]:
    return {
        one.id: st.sampled_from([SKIP, "nonsense", *(each.value for each in one.options)])
        for one in instrument.questions
    }


@MANY
@given(st.data(), st.sampled_from(NAMES))
def test_more_answers_never_lower_the_level(data: st.DataObject, name: str) -> None:
    instrument = INSTRUMENTS[name]
    first = data.draw(st.fixed_dictionaries({}, optional=dict(choices(instrument))))
    more = data.draw(st.fixed_dictionaries({}, optional=dict(choices(instrument))))
    before = screening.result(instrument, first).level
    after = screening.result(instrument, more | first).level
    assert LEVELS.index(after) >= LEVELS.index(before)


def highest(kept: dict[str, str]) -> str:
    """The level that all answers together have led to."""
    results = (screening.result(one, screening.known(INSTRUMENTS, name, kept)) for name, one in INSTRUMENTS.items())
    return max((one.level for one in results), key=LEVELS.index)


@MANY
@given(st.data(), st.sampled_from(NAMES))
def test_any_answers_end_the_questions_at_a_level_that_has_words(data: st.DataObject, name: str) -> None:
    kept: dict[str, str] = {}
    current, count, level = name, 0, "none"
    while True:
        current = screening.goes_on_in(INSTRUMENTS, current, kept)
        instrument = INSTRUMENTS[current]
        known = screening.known(INSTRUMENTS, current, kept)
        question = screening.next_question(instrument, known)
        if question is None:
            break
        assert question.key not in kept
        kept[question.key] = data.draw(choices(instrument)[question.id])
        count += 1
        now = highest(kept)
        assert LEVELS.index(now) >= LEVELS.index(level)
        level = now
    assert count <= screening.ways(INSTRUMENTS[name]).most + screening.ways(INSTRUMENTS["child"]).most
    if current == name:
        assert count <= 12
    for language in ("en", "sq", "sr-Latn", "sr-Cyrl"):
        assert INSTRUMENTS[current].words(screening.told(INSTRUMENTS, current, kept), language)


# the lint


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str, str], list[str]]:
    """Changes one file of a copy and says what the checks find about the questions then."""
    folder = tmp_path / "responses"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def change(file: str, old: str, new: str) -> list[str]:
        path = folder / "screening" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        content = Content.load(folder)
        return [one for one in checks.problems(content) if one.startswith("screening/")]

    return change


def test_nothing_is_wrong_with_the_questions() -> None:
    assert [one for one in checks.problems(Content.load()) if one.startswith("screening/")] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("home.yml", "value: unsure", 'value: "no"', "an answer is there twice"),
        ("home.yml", 'label: {en: "Sometimes"', 'label: {en: "No"', "two answers with the same words"),
        ("home.yml", "offers: [child]", "offers: [moon]", "unknown offer moon"),
        ("home.yml", "follow_up: [ask_protection_order,", "follow_up: [ask_moon,", "unknown follow-up ask_moon"),
        ("home.yml", "  high:\n", "  higher:\n", "no words for a result that is high"),
        ("home.yml", "high: 20,", "high: 0,", "levels that do not rise"),
        ("child.yml", "Mund të telefonosh: {child_line}", "Mund të telefonosh: {moon}", "none of both sides: ['moon']"),
        ("child.yml", "Mund të telefonosh: {child_line}", "Mund të telefonosh", "other placeholders in each language"),
        ("child.yml", "{child_line}", "{atina}", "other placeholders in each language"),
        ("home.yml", "now: 100}", "now: 99}", "danger now is not immediate"),
        ("home.yml", "weak: 1,", "weak: -1,", "less than nothing"),
        ("home.yml", "sources:\n", "sources: []\nunused:\n", "no source is named"),
        ("living.yml", "only: {how: [some, skip]}", "only: {how: [moon]}", "asked after an answer that nobody"),
        ("living.yml", "only: {how: [some, skip]}", "only: {near: [yes]}", "asked after an answer that nobody"),
        ("living.yml", "only: {how: [some, skip]}", "only: {how: [plan]}", "means: nobody is ever asked"),
        ("living.yml", "      sq: A e ke afër atë që do të përdorje?\n", "", "needs ['en', 'sq', 'sr']"),
        ("living.yml", "- id: near", "- id: soon", "a question is there twice"),
        ("short.yml", "{child: {about: me}}", "{moon: {about: me}}", "goes on where there is nothing"),
        ("short.yml", "{child: {about: me}}", "{home: {about: me}}", "or where it goes on once more"),
        ("short.yml", "{child: {about: me}}", "{child: {about: moon}}", "takes along about=moon"),
        ("job_offer.yml", "id: contract", "id: " + "contract" * 7, "is too long"),
        ("job_offer.yml", "They want to keep it", "They want to keep it for as long as they like", "at most 30"),
        (
            "job_offer.yml",
            'results:\n  none:\n    en: "Thank you',
            'results:\n  none:\n    en: "Call 0800',
            "a resource",
        ),
    ],
)
def test_the_lint_sees_a_broken_instrument(
    broken: Callable[[str, str, str], list[str]], file: str, old: str, new: str, found: str
) -> None:
    problems = broken(file, old, new)
    assert any(found in problem for problem in problems), problems


def test_a_question_cannot_be_borrowed_that_is_not_there(broken: Callable[[str, str, str], list[str]]) -> None:
    with pytest.raises(ValueError, match=r"no question short\.moon to borrow"):
        broken("home.yml", "same: short.safe", "same: short.moon")
