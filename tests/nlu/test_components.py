"""Rasa's components of ours do what in_rasa.py says, in Rasa's own Python."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from nlu_data import model

pytestmark = pytest.mark.rasa

CHECKS = re.findall(r"^def (check_\w+)", Path(__file__).with_name("in_rasa.py").read_text(encoding="utf-8"), re.M)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    folder = tmp_path_factory.mktemp("components")
    done = subprocess.run(
        [str(model.PYTHON), "-m", "tests.nlu.in_rasa", str(folder)],
        cwd=model.ROOT,
        env=dict(model.environment(folder)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return answers


@pytest.mark.parametrize("check", CHECKS)
def test_component(said: dict[str, str | None], check: str) -> None:
    assert said[check] is None, said[check]
