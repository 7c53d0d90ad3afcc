"""The training data is whole: every intent, in every language, often enough, no sentence twice. The README is true."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlu_data.lexicon import Lexicon
from nlu_data.normalise import fold

FOLDER = Path(__file__).parents[2] / "nlu_data"
INTENTS = frozenset(yaml.safe_load((FOLDER / "domain.yml").read_text())["intents"])


def examples(language: str) -> list[tuple[str, str]]:
    return [
        (block["intent"], line[2:].strip())
        for path in sorted((FOLDER / "nlu" / language).glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


@pytest.mark.parametrize("language", ["en", "sr", "sq"])
def test_every_intent_has_enough_examples(language: str) -> None:
    counts = Counter(intent for intent, _ in examples(language))
    assert set(counts) == INTENTS
    assert len(INTENTS) == 65
    assert min(counts.values()) >= 8
    assert min(counts[intent] for intent in INTENTS if intent.startswith("risk_")) >= 40


@pytest.mark.parametrize("language", ["en", "sr", "sq"])
def test_no_example_stands_twice(language: str) -> None:
    twice = [text for text, times in Counter(fold(text) for _, text in examples(language)).items() if times > 1]
    assert twice == []


README = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_readme_says_what_each_intent_means() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \|$", README.split("## The 65 intents")[1], re.M)) == INTENTS


def test_the_rule_in_the_readme_works(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", README, re.S)
    assert example
    (tmp_path / "en.yml").write_text(example[1], encoding="utf-8")
    lexicon = Lexicon.load(tmp_path)
    (rule,) = lexicon.rules
    assert all(lexicon.alarms(text) for text in rule.yes)
    assert not any(lexicon.alarms(text) for text in rule.no)
    assert lexicon.alarms("I can't get out of bed, he locked me inside")
