"""What every answer owes to the person who reads it: their place, plain words, and who has looked at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

import responses
from responses import answers, checks
from responses.answers import Answer, Look, Review
from responses.content import Content
from responses.languages import LANGUAGES, WRITTEN
from tests.responses.readability import Reading

SHIPPED = Path(str(responses.__file__)).parent
CONTENT = Content.load()
MAX_GRADE = 7
BY_PLACE = tuple(one for one in CONTENT.answers.values() if one.group in {"legal", "services"})
OTHER_SIDE_HELPS = {"serbia": "PVPT", "kosovo": "Atin"}
# What people between the two systems ask; each must lead to the organisation of the other side too.
ACROSS = ("ask_documents_recognised", "ask_social_work_centre", "ask_court", "ask_return_home", "ask_residence_status")


def _english() -> Mapping[str, str]:
    """Each English text as a person reads it, by intent and place."""
    return {
        f"{intent}/{place or 'text'}": CONTENT.answer(intent, "en", place).text
        for intent, answer in CONTENT.answers.items()
        for place in (None, *answer.where)
    }


def test_no_english_answer_is_harder_than_seven_years_of_school() -> None:
    readings = {where: Reading.of(text) for where, text in _english().items()}
    hardest = sorted(readings, key=lambda where: readings[where].grade, reverse=True)
    for where in hardest[:5]:
        print(f"{readings[where].grade:.1f}  {where}")
    whole = sum(readings.values(), Reading(0, 0, 0))
    print(f"{whole.grade:.1f}  all {len(readings)} texts, {whole.words} words")
    assert whole.words > 10_000
    assert readings[hardest[0]].grade <= MAX_GRADE
    assert whole.grade <= MAX_GRADE


def test_no_other_english_text_is_harder_either() -> None:
    """Labels, names and commands are no sentences; `words.` is what people write to us."""
    labels = ("button.", "side.", "command.", "words.")
    texts = {key: text for key, text in CONTENT.texts["en"].items() if not key.startswith(labels)}
    hard = {key: round(Reading.of(text).grade, 1) for key, text in texts.items() if len(text.split()) > 5}
    assert len(hard) > 50
    assert {key: grade for key, grade in hard.items() if grade > MAX_GRADE} == {}


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("", 0),
        ("The cat sat on the mat.", -1.4),  # six words of one syllable: 0.39 * 6 + 11.8 - 15.59
        ("Call: police 192.", 2.9),  # two words, three syllables: a number is no word
        ("One line\nAnother line", 2.9),  # a line is a sentence
    ],
)
def test_the_measure_counts_words_sentences_and_syllables(text: str, grade: float) -> None:
    assert Reading.of(text).grade == pytest.approx(grade, abs=0.1)


def test_an_officials_sentence_is_found_to_be_hard() -> None:
    hard = "The competent administrative authority determines eligibility in accordance with applicable regulations."
    assert Reading.of(hard).grade > 2 * MAX_GRADE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", BY_PLACE, ids=lambda answer: answer.intent)
def test_whoever_asks_for_a_right_or_a_service_reads_what_counts_where_they_are(answer: Answer, language: str) -> None:
    said = [answer.text(language, place) for place in (None, *checks.PLACES)]
    assert len(set(said)) == 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("answer", BY_PLACE, ids=lambda answer: answer.intent)
def test_across_the_line_names_both_organisations(answer: Answer, language: str) -> None:
    text = CONTENT.answer(answer.intent, language, "across").text
    assert ("Атин" if language == "sr-Cyrl" else "Atin") in text
    assert "PVPT" in text or "ПВПТ" in text


@pytest.mark.parametrize("intent", ACROSS)
@pytest.mark.parametrize("side", OTHER_SIDE_HELPS)
def test_what_hangs_on_both_systems_leads_to_the_other_organisation_too(intent: str, side: str) -> None:
    assert all(OTHER_SIDE_HELPS[side] in CONTENT.answers[intent].text(language, side) for language in WRITTEN)


@pytest.mark.parametrize("intent", sorted(CONTENT.intents))
def test_every_answer_offers_a_way_on(intent: str) -> None:
    assert CONTENT.answer(intent, "en", None).buttons


@pytest.mark.parametrize("intent", sorted(one for one, group in CONTENT.groups.items() if group in {"legal", "risk"}))
def test_a_person_is_one_tap_away_from_rights_and_from_danger(intent: str) -> None:
    assert CONTENT.answers[intent].follow_up[0] == "counsellor"


def test_nobody_has_reviewed_or_checked_an_answer_yet() -> None:
    """Fails on the day on which somebody has: then this helpline's documents say less than is true."""
    assert {one.reviewed.missing for one in CONTENT.answers.values()} == {("en", "sq", "sr", "lawyer")}
    assert {one.checked for one in CONTENT.answers.values()} == {None}


def test_a_review_says_whose_reading_is_missing() -> None:
    look = Look("native speaker of Albanian, PVPT", date(2026, 11, 25))
    assert Review({"en": None, "sq": look, "sr": None}, None).missing == ("en", "sr", "lawyer")
    assert Review(dict.fromkeys(WRITTEN, look), look).missing == ()


def test_a_source_with_a_passage_has_a_page() -> None:
    sources = {source for one in CONTENT.answers.values() for source in one.sources}
    assert all(source.page for source in sources if source.passage)
    assert sum(source.passage is not None for source in sources) >= 10


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the texts with one file changed."""
    folder = tmp_path / "responses"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))

    def change(file: str, old: str, new: str) -> Path:
        path = folder / "answers" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


NATIVE = "native: {en: null, sq: null, sr: null}"


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("legal.yml", "    abroad:\n", "    elsewhere:\n", "ask_report: no text for abroad"),
        ("services.yml", "    across:\n", "    abroad_too:\n", "ask_shelter: no text for across"),
        ("violence.yml", "Call: {police}", "Call: {police", "unknown resource a broken placeholder"),
        ("violence.yml", "Call: {police}", "Call: {}", "unknown resource a broken placeholder"),
        ("risk.yml", "[COMMON-KNOWLEDGE]", "[]", "risk_danger_now: names no source"),
        ("legal.yml", NATIVE, "native: {en: null, sq: null}", "ask_report/reviewed: has ['en', 'sq']"),
        ("legal.yml", "lawyer: null", "lawyer: {by: ana@atina.example, when: 2026-11-25}", "needs a role"),
    ],
)
def test_a_problem_of_an_answer_is_found(
    changed: Callable[[str, str, str], Path], file: str, old: str, new: str, found: str
) -> None:
    problems = checks.problems(Content.load(changed(file, old, new)))
    assert any(found in problem for problem in problems), problems


def test_a_text_that_says_the_same_in_one_language_does_not_differ_by_place(
    changed: Callable[[str, str, str], Path],
) -> None:
    answer = CONTENT.answers["risk_danger_now"]
    abroad, anywhere = (
        "\n".join(f"{' ' * indent}{line}" if line else "" for line in text.splitlines())
        for text, indent in ((answer.where["abroad"]["sq"], 8), (answer.texts["sq"], 8))
    )
    problems = checks.problems(Content.load(changed("risk.yml", abroad, anywhere)))
    assert "risk_danger_now/sq: claims to differ by place and does not" in problems


def test_a_source_that_is_not_in_the_list_stops_the_loading(changed: Callable[[str, str, str], Path]) -> None:
    folder = changed("risk.yml", "[COMMON-KNOWLEDGE]", "[HEARSAY]")
    with pytest.raises(ValueError, match="risk_danger_now names HEARSAY"):
        answers.load(folder / "answers")
