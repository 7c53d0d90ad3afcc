"""Another language is data alone: a folder of examples, a file of rules, an evaluation file. Here it is Esperanto."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from nlu_data import evaluate, evaluation, model
from nlu_data.examples import FOLDER, Change, Example, Examples
from nlu_data.lexicon import Lexicon
from tests.nlu.conftest import DATA_DIR

pytestmark = [pytest.mark.rasa, pytest.mark.slow]
# Enough of the other languages that there is something to be mistaken for.
FEW = 6
LEARNT = {
    "risk_held_captive": [
        "li ŝlosis min en la ĉambro",
        "mi ne povas eliri, la pordo estas ŝlosita",
        "ili gardas nin en la kelo",
        "li forprenis la ŝlosilon kaj mi restas ene",
        "neniu lasas min eliri el la domo",
        "mi sidas ŝlosita jam tri tagojn",
    ],
    "withheld_wages": [
        "la mastro ne pagas mian salajron",
        "mi laboris tri monatojn sen mono",
        "li diras ke la salajro venos morgaŭ, sed neniam",
        "ili ŝuldas al mi la tutan someron",
        "mi ricevis nenion por mia laboro",
        "kie estas mia pago",
    ],
    "thanks": [
        "dankon",
        "mi dankas vin kore",
        "multan dankon al vi",
        "dankegon, vi helpis",
        "koran dankon",
        "dankon bone",
    ],
}
ASKED = """lang\tintent\tkind\ttext
eo\trisk_held_captive\tmessage\tli ŝlosis la pordon kaj mi ne povas eliri el la domo
eo\twithheld_wages\tmessage\tla mastro ne pagas al mi la monon por la laboro
eo\tthanks\tmessage\tmi dankas vin, vi multe helpis
"""
RULES = """
language: eo
version: 1
topics:
  captivity:
    intent: risk_held_captive
    rules:
      locked-in:
        level: immediate
        phrases: ["(ŝlosis|enŝlosis) min"]
        yes: ["li ŝlosis min en la ĉambro"]
        no: ["mi ŝlosis mian biciklon"]
"""


def written(folder: Path) -> Path:
    """A folder of examples as somebody who adds a language leaves it."""
    shipped = Examples.read()
    too_many = [
        Change("remove", Example(language, intent, text))
        for (language, intent), texts in shipped.texts.items()
        for text in texts[FEW:]
    ]
    shipped.changed(too_many).write(folder, FOLDER)
    blocks = (
        "\n".join([f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)])
        for intent, texts in LEARNT.items()
    )
    (folder / "eo").mkdir()
    (folder / "eo" / "all.yml").write_text('version: "3.1"\nnlu:\n' + "\n\n".join(blocks) + "\n", encoding="utf-8")
    return folder


def run(command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=model.ROOT, env=model.environment(DATA_DIR), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_language_is_added_without_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path / "nlu")
    assert Examples.read(folder).languages == ("en", "eo", "sq", "sr")
    made, asked = tmp_path / "model.tar.gz", tmp_path / "eo.tsv"
    run(model.train_command(folder, made, nice=0))
    asked.write_text(ASKED, encoding="utf-8")
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "eo.yml").write_text(RULES, encoding="utf-8")
    lexicon = Lexicon.load(tmp_path / "lexicon")

    monkeypatch.setattr(evaluation, "EXAMPLES", folder)
    evaluation.languages.cache_clear()
    cases = evaluation.read([asked])
    evaluation.languages.cache_clear()
    texts, rankings = tmp_path / "texts.json", tmp_path / "rankings.json"
    texts.write_text(json.dumps([case.text for case in cases]), encoding="utf-8")
    run([str(model.PYTHON), "-m", "nlu_data.measuring", str(made), str(texts), str(rankings), "timed"])
    found = evaluate.evaluation(cases, model.rankings(rankings), lexicon.alarms, Examples.read().groups)
    assert [one.first for one in found.heard] == [case.intent for case in cases]
    assert found.to_json()["top1"] == {"eo": 1.0}
    (alarm,) = lexicon.alarms("helpu, li ŝlosis min!")
    assert alarm.rule == "eo/captivity/locked-in@1"
    assert lexicon.alarms("mi ŝlosis mian biciklon") == ()
