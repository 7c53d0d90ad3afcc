"""The shipped model understands the evaluation set no worse than is recorded: `make figures` records."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.commands import nlu
from bot.settings import Settings
from nlu_data import evaluation, model
from nlu_data.evaluate import Evaluation
from tests.nlu.conftest import DATA_DIR

RECORDED = json.loads((evaluation.FOLDER / "figures.json").read_text(encoding="utf-8"))
FALLING = ("top1", "top3", "risk_recall", "risk_recall_high")


@pytest.fixture(scope="module")
def measured() -> Evaluation:
    model.train(print, DATA_DIR)
    return nlu.evaluated(Settings(data_dir=DATA_DIR), sorted(evaluation.FOLDER.glob("*.tsv")), again=True)


def shares(figures: Mapping[str, Any]) -> Iterator[tuple[str, str, float, bool]]:
    """Each share by name and language, and whether more is better."""
    for name in FALLING:
        for language, share in figures[name].items():
            yield name, language, share, True
    for kind, levels in figures["alarms"].items():
        for level, by_language in levels.items():
            for language, share in by_language.items():
                yield f"alarms/{kind}/{level}", language, share, False


def half_width(share: float, number: int) -> float:
    """Of the 95 % confidence interval of a share, at least one message wide."""
    return max(1.96 * math.sqrt(share * (1 - share) / number), 1 / number)


def number_of(found: Evaluation, name: str, language: str) -> int:
    own = [one for one in found.heard if one.case.language == language]
    if name.startswith("risk_"):
        return sum(one.case.kind == "message" and one.case.intent.startswith("risk_") for one in own)
    if name.startswith("alarms/"):
        return sum(map(found.harmless(name.split("/")[1]), own))
    return sum(one.case.kind == "message" for one in own)


@pytest.mark.rasa
def test_no_figure_is_worse_than_recorded(measured: Evaluation) -> None:
    now = {(name, language): share for name, language, share, _ in shares(measured.to_json())}
    worse = []
    for name, language, before, more_is_better in shares(RECORDED):
        margin = half_width(before, number_of(measured, name, language))
        change = now[name, language] - before
        if (-change if more_is_better else change) > margin:
            worse.append(f"{name} {language}: {before:.3f} -> {now[name, language]:.3f} (may differ by {margin:.3f})")
    assert worse == []


@pytest.mark.rasa
def test_what_is_recorded_is_of_the_set_of_now(measured: Evaluation) -> None:
    assert set(RECORDED["top1"]) == set(measured.languages)
    keys = {"macro_f1", "lexicon_only", "nlu_only", "calibration_error", "did_you_mean", "worst_confusions", "parse_ms"}
    assert keys <= set(RECORDED)


def test_a_fall_beyond_the_interval_would_be_seen() -> None:
    assert half_width(0.9, 100) == pytest.approx(0.0588, abs=1e-4)
    assert half_width(1.0, 50) == 0.02


def test_the_figures_are_recorded_beside_the_set() -> None:
    assert Path(evaluation.FOLDER / "figures.json").exists()
