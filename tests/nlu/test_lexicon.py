"""The lexicon of danger: every rule keeps its own promises, whatever script it is written in, and fast."""

import re
import time
from itertools import cycle, islice

import pytest

from nlu_data.lexicon import FOLDER, LEVELS, Lexicon, LexiconError, Rule
from nlu_data.normalise import fold

INTENTS = {
    "risk_danger_now",
    "risk_held_captive",
    "risk_being_moved",
    "risk_self_harm",
    "risk_threat_to_life",
    "risk_sexual_violence_now",
    "risk_child_in_danger",
}
LANGUAGES = sorted(file.stem for file in FOLDER.glob("*.yml"))
LEXICON = Lexicon.load()
# What a message costs at most on average; whoever waits for an answer must not feel the lexicon.
SECONDS_A_MESSAGE = 0.002


def language(rule: Rule) -> str:
    return rule.alarm.rule.partition("/")[0]


def rules_of(name: str) -> list[Rule]:
    return [rule for rule in LEXICON.rules if language(rule) == name]


def seen(text: str) -> set[str]:
    return {alarm.rule for alarm in LEXICON.alarms(text)}


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_yes_alarms_with_its_rule(name: str) -> None:
    missed = [(r.alarm.rule, text) for r in rules_of(name) for text in r.yes if r.alarm.rule not in seen(text)]
    assert not missed


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_no_alarms_with_its_rule(name: str) -> None:
    false = [(r.alarm.rule, text) for r in rules_of(name) for text in r.no if r.alarm.rule in seen(text)]
    assert not false


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_rule_has_both_kinds_of_sentences(name: str) -> None:
    assert not [rule.alarm.rule for rule in rules_of(name) if not rule.yes or not rule.no]


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_knows_the_seven_risks(name: str) -> None:
    assert {rule.alarm.intent for rule in rules_of(name)} == INTENTS


@pytest.mark.parametrize("name", LANGUAGES)
def test_capitals_and_missing_marks_change_nothing(name: str) -> None:
    for rule in rules_of(name):
        for text in rule.yes:
            assert rule.alarm.rule in seen(text.upper()), text
            assert rule.alarm.rule in seen(fold(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "ubiće me",
        "ubice me",
        "UBICE ME",
        "убиће ме",
        "УБИЋЕ МЕ",
        "rekao je da će me ubiti",
        "рекао је да ће ме убити",
    ],
)
def test_serbian_is_one_in_both_scripts(text: str) -> None:
    assert {alarm.intent for alarm in LEXICON.alarms(text)} >= {"risk_threat_to_life"}


@pytest.mark.parametrize(
    "text",
    [
        "ubi me posao ove nedelje",
        "ubiću se od dosade",
        "умрех од смеха",
        "crko sam od vrucine",
        "zakljucao sam auto pa cekam majstora",
        "zaglavljena sam u liftu",
        "vise me ne bije",
        "pre dve godine me je tukao muz",
    ],
)
def test_serbian_idioms_and_the_past_are_no_danger(text: str) -> None:
    assert not LEXICON.alarms(text)


def test_rules_of_all_languages_look_at_every_message() -> None:
    text = ". ".join(next(rule.yes[0] for rule in rules_of(name)) for name in LANGUAGES)
    assert {rule.partition("/")[0] for rule in seen(text)} == set(LANGUAGES)


def test_the_most_urgent_comes_first() -> None:
    mixed = 0
    for text in (text for rule in LEXICON.rules for text in rule.yes):
        ranks = [LEVELS.index(alarm.level) for alarm in LEXICON.alarms(text)]
        assert ranks == sorted(ranks, reverse=True), text
        mixed += len(set(ranks)) > 1
    assert mixed


def test_an_alarm_names_language_topic_rule_and_version() -> None:
    for rule in LEXICON.rules:
        assert re.fullmatch(r"[a-z]{2}/[a-z-]+/[a-z-]+@\d+", rule.alarm.rule)
    assert len({rule.alarm.rule for rule in LEXICON.rules}) == len(LEXICON.rules)


def test_the_version_names_every_language() -> None:
    names, _, digest = LEXICON.version.partition("-")
    assert [re.sub(r"\d+$", "", name) for name in names.split(".")] == LANGUAGES
    assert re.fullmatch(r"[0-9a-f]{8}", digest)


def test_nothing_said_is_no_danger() -> None:
    assert not LEXICON.alarms("")
    assert not LEXICON.alarms(" … 🙂 ?!")


def test_a_folder_without_languages_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(LexiconError):
        Lexicon.load(tmp_path_factory.mktemp("lexicon"))


def test_a_message_takes_less_than_two_milliseconds() -> None:
    # Dangerous and harmless sentences in turn: the dangerous ones are the dear ones, as they meet most rules.
    texts = [text for rule in LEXICON.rules for pair in zip(rule.yes, rule.no, strict=False) for text in pair]
    messages = list(islice(cycle(texts[:: max(1, len(texts) // 300)]), 300))
    # Processor time: what else the machine does is no fault of the lexicon.
    start = time.process_time()
    for message in messages:
        LEXICON.alarms(message)
    assert (time.process_time() - start) / len(messages) < SECONDS_A_MESSAGE
