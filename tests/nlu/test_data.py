"""The training data is whole: every intent, in every language, often enough, and no sentence twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

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
