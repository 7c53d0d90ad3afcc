"""What is counted of an evaluation, and when one model may not follow another."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu_data import evaluation, figures, judgement
from nlu_data.evaluation import Case, WrongFile
from nlu_data.figures import LENIENCE, Figures, Share
from nlu_data.judgement import ELEVATED_FROM, Guess
from nlu_data.lexicon import Lexicon

LEXICON = Lexicon.load()
GROUPS = {"risk_self_harm": "risk", "thanks": "talk", "partner_violence": "violence", "ask_cost": "talk"}
QUIET = "the tea is on the table"  # no rule sees anything in it


def ranking(risk: float, *others: Guess) -> list[Guess]:
    return sorted([("risk_self_harm", risk), *others], key=lambda guess: -guess[1])


def measured(*pairs: tuple[Case, list[Guess]]) -> Figures:
    cases, rankings = [case for case, _ in pairs], [guesses for _, guesses in pairs]
    return figures.measure(cases, rankings, LEXICON, GROUPS)


DANGER = Case("en", "risk_self_harm", "message", QUIET)


def test_each_measure_counts_what_it_says() -> None:
    found = measured(
        (DANGER, ranking(0.6, ("thanks", 0.3))),
        (DANGER, ranking(0.25, ("thanks", 0.6))),
        (DANGER, ranking(0.1, ("thanks", 0.5), ("ask_cost", 0.3), ("partner_violence", 0.2))),
        (Case("en", "thanks", "message", QUIET), ranking(0.26, ("thanks", 0.6))),
        (Case("en", "thanks", "message", QUIET), ranking(0.2, ("partner_violence", 0.5))),
        (Case("en", "out_of_scope", "idiom", QUIET), ranking(0.1, ("thanks", 0.6))),
        (Case("en", "out_of_scope", "off_topic", "he has locked me in the room"), ranking(0.1, ("thanks", 0.9))),
    )
    assert found.by_language["en"] == {
        "risk_recall": Share(2, 3),
        "risk_recall_high": Share(1, 3),
        "top1": Share(2, 5),
        "top3": Share(3, 5),
        "idiom": Share(0, 1),
        "off_topic": Share(1, 1),
        "talk": Share(2, 2),
    }
    assert (found.unseen, found.lost) == ((2,), (2,))
    assert Figures.from_json(found.to_json()) == found


def test_a_message_that_falls_just_below_the_threshold_is_not_lost() -> None:
    cases = [DANGER, DANGER]
    before = measured(*((case, ranking(ELEVATED_FROM + 0.01)) for case in cases))
    flickering = measured((DANGER, ranking(ELEVATED_FROM - LENIENCE / 2)), (DANGER, ranking(0.4)))
    lost = measured((DANGER, ranking(ELEVATED_FROM - 2 * LENIENCE)), (DANGER, ranking(0.4)))
    assert flickering.by_language["en"]["risk_recall"].hits == 1
    assert figures.falls(cases, before, flickering) == ()
    (fall,) = figures.falls(cases, before, lost)
    assert (fall.language, fall.before, fall.after, fall.lost) == ("en", Share(2, 2), Share(1, 2), (QUIET,))


def test_one_language_does_not_pay_for_another() -> None:
    other = Case("sq", "risk_self_harm", "message", QUIET)
    before = measured((DANGER, ranking(0.9)), (other, ranking(0.01)))
    after = measured((DANGER, ranking(0.01)), (other, ranking(0.9)))
    assert [fall.language for fall in figures.falls([DANGER, other], before, after)] == ["en"]


def test_lenience_lowers_every_figure() -> None:
    guesses = [("partner_violence", judgement.SIGN_FROM - 0.01)]
    assert judgement.of_text(GROUPS, guesses, ()).level == "none"
    assert judgement.of_text(GROUPS, guesses, (), 0.02).level == "elevated"


CASES = evaluation.read()


@pytest.mark.parametrize("language", ["en", "sr-Latn", "sr-Cyrl", "sq"])
def test_the_shipped_set_has_every_intent_and_many_dangers(language: str) -> None:
    own = [case for case in CASES if case.language == language]
    intents = [case.intent for case in own if case.kind == "message"]
    assert len(set(intents)) == 65
    least, of_risk = (3, 12) if language == "sr-Cyrl" else (6, 25)
    for intent in set(intents):
        assert intents.count(intent) >= (of_risk if judgement.is_risk(intent) else least), intent
    for kind in ("idiom", "off_topic"):
        assert sum(case.kind == kind for case in own) >= (30 if language == "sr-Cyrl" else 60)


def test_the_fingerprint_is_of_the_whole_set() -> None:
    assert evaluation.fingerprint(CASES) == evaluation.fingerprint(evaluation.read())
    assert evaluation.fingerprint(CASES[1:]) != evaluation.fingerprint(CASES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("lang\tintent\ttext\n", "first line must be"),
        ("lang\tintent\tkind\ttext\nen\tthanks\tmessage\n", "line 2: 3 columns"),
        ("lang\tintent\tkind\ttext\nde\tthanks\tmessage\tdanke\n", "line 2: lang is"),
        ("lang\tintent\tkind\ttext\nen\tthanks\tjoke\tha\n", "line 2: lang is"),
    ],
)
def test_what_is_no_evaluation_set_is_named(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "set.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WrongFile, match=words):
        evaluation.read([path])
