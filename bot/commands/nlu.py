"""What `helpline nlu` does: looks through the training data, and measures how well people are understood."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bot.settings import ROOT, Settings
from nlu_data import evaluate, evaluation, inspection, model
from nlu_data.evaluate import Evaluation
from nlu_data.evaluation import Case
from nlu_data.examples import Examples
from nlu_data.inspection import Problem
from nlu_data.lexicon import Lexicon
from nlu_data.model import FOLDER

_FALLBACK: Final = "nlu_fallback"


class NotMeasured(Exception):
    """Rasa could not be asked; its last words are in the message."""


def evaluated(chosen: Settings, files: Sequence[Path], peer: Path | None = None, *, again: bool = False) -> Evaluation:
    """What the shipped model, trained if need be, or another one (`peer`) makes of the messages in these files.

    `again`: the messages are those of the shipped set, whose vectors are kept; the times then mean nothing.
    Raises evaluation.WrongFile, model.NotInstalled, model.TrainingFailed or NotMeasured.
    """
    cases = evaluation.read(files)
    trained = peer or model.train(lambda _: None, chosen.data_dir)
    groups = Examples.read().groups
    return evaluate.evaluation(cases, _rankings(trained, cases, chosen.data_dir, again), Lexicon.load().alarms, groups)


def by_default(chosen: Settings, files: Sequence[Path], say: Callable[[str], None]) -> Evaluation:
    """What Rasa's own default pipeline, trained on the same examples, makes of these messages.

    It ends in a fallback, which is no intent: what it would have guessed instead counts.
    """
    trained = model.folder(chosen.data_dir).with_name("default") / f"{model.fingerprint()}.tar.gz"
    if not trained.exists():
        model.need_rasa()
        say("Training Rasa's default pipeline; this takes long, once for these examples.")
        with tempfile.TemporaryDirectory(prefix="default") as folder:
            config = Path(folder) / "config.yml"  # Rasa writes into it what it takes by default
            config.write_text("recipe: default.v1\nassistant_id: default\nlanguage: en\n", encoding="utf-8")
            trained.parent.mkdir(parents=True, exist_ok=True)
            made = trained.with_name(f"new-{trained.name}")
            _ask(model.train_command(FOLDER / "nlu", made, config=config), chosen.data_dir, made)
            made.replace(trained)
    found = evaluated(chosen, files, trained)
    guesses = (tuple(guess for guess in one.ranking if guess[0] != _FALLBACK) for one in found.heard)
    return replace(found, heard=tuple(replace(one, ranking=own) for one, own in zip(found.heard, guesses, strict=True)))


def in_words(figures: Mapping[str, Any]) -> str:
    """The main figures as a table for a terminal."""
    rows = {
        "first guess right": figures["top1"],
        "among three": figures["top3"],
        "danger: elevated or more": figures["risk_recall"],
        "danger: high or more": figures["risk_recall_high"],
    }
    for kind, levels in figures["alarms"].items():
        rows |= {f"{kind}: {level} or more": shares for level, shares in levels.items()}
    languages = tuple(figures["top1"])
    lines = [f"{'':<28}" + "".join(f"{language:>9}" for language in languages)]
    for name, shares in rows.items():
        cells = (f"{100 * shares[one]:8.1f}%" if one in shares else f"{'–':>9}" for one in languages)
        lines.append(f"{name:<28}" + "".join(cells))
    times = figures["parse_ms"]
    return "\n".join([*lines, f"An answer takes {times['p50']} ms; 95 of 100 take less than {times['p95']} ms."])


def inspected(chosen: Settings) -> tuple[Problem, ...]:
    """What is wrong with the training data and with the evaluation set. Raises model.NotInstalled or NotMeasured."""
    model.need_rasa()
    known, cases = Examples.read(), evaluation.read()
    with tempfile.TemporaryDirectory(prefix="inspect") as folder:
        listed, others, to = (Path(folder) / name for name in ("examples.json", "cases.json", "near.json"))
        listed.write_text(json.dumps([one.text for one in known]), encoding="utf-8")
        others.write_text(json.dumps([case.text for case in cases]), encoding="utf-8")
        least = str(min(inspection.NEAR, inspection.NEAR_OTHER, inspection.NEAR_TEST))
        _ask(
            [str(model.PYTHON), "-m", "nlu_data.nearness", str(listed), str(others), least, str(to)],
            chosen.data_dir,
            to,
        )
        near = json.loads(to.read_text(encoding="utf-8"))
    return inspection.problems(known, cases, near)


def _rankings(
    trained: Path, cases: Sequence[Case], data_dir: Path, again: bool
) -> list[tuple[tuple[tuple[str, float], ...], float]]:
    with tempfile.TemporaryDirectory(prefix="evaluate") as folder:
        texts, to = Path(folder) / "texts.json", Path(folder) / "rankings.json"
        texts.write_text(json.dumps([case.text for case in cases]), encoding="utf-8")
        _ask(model.measure_command(trained, texts, to, nice=0, timed=not again), data_dir, to)
        return model.rankings(to)


def _ask(command: list[str], data_dir: Path, to: Path) -> None:
    """Runs a program that writes a file. Raises NotMeasured."""
    environment = model.environment(data_dir)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not to.exists():
        raise NotMeasured("\n".join(done.stderr.splitlines()[-10:]))
