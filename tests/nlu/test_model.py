"""A model has the name of what it is made of, and Rasa is run without telemetry, debug logs or our secrets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nlu_data import model


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what a model is made of, beside an empty data folder."""
    folder = tmp_path / "nlu_data"
    for pattern in ("config.yml", "domain.yml", "uv.lock", "normalise.py", "components/*.py", "nlu/*/*.yml"):
        for path in model.FOLDER.glob(pattern):
            copy = folder / path.relative_to(model.FOLDER)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    monkeypatch.setattr(model, "FOLDER", folder)
    return folder


def test_the_same_project_has_the_same_fingerprint(project: Path) -> None:
    copied = model.fingerprint()
    assert len(copied) == 16
    assert copied == model.fingerprint()


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "normalise.py", "components/meaning.py", "nlu/sq/risk.yml"]
)
def test_whatever_changes_makes_another_model(project: Path, changed: str) -> None:
    before = model.fingerprint()
    path = project / changed
    path.write_bytes(path.read_bytes() + b"\n")
    assert model.fingerprint() != before


def test_a_new_language_makes_another_model(project: Path) -> None:
    before = model.fingerprint()
    (project / "nlu" / "rom").mkdir()
    (project / "nlu" / "rom" / "talk.yml").write_text('version: "3.1"\n')
    assert model.fingerprint() != before


def test_a_model_that_is_there_is_not_trained_again(tmp_path: Path) -> None:
    there = model.path(tmp_path)
    there.parent.mkdir(parents=True)
    there.write_bytes(b"a model")
    said: list[str] = []
    assert model.is_trained(tmp_path)
    assert model.train(said.append, tmp_path) == there
    assert there.read_bytes() == b"a model"
    assert len(said) == 1


def test_without_rasa_it_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PYTHON", tmp_path / "none")
    with pytest.raises(model.NotInstalled):
        model.train(print, tmp_path)
    with pytest.raises(model.NotInstalled):
        model.serve_command("127.0.0.1", 5005, "token", tmp_path, "http://127.0.0.1:1")
    assert "make setup" in str(model.NotInstalled.__doc__)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of Rasa's Python: what becomes of its output and its end is what counts here."""
    program = tmp_path / "python"
    monkeypatch.setattr(model, "PYTHON", program)
    return program


def _program(path: Path, *lines: str) -> None:
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)


_MAKES_A_MODEL = 'while [ $# -gt 0 ]; do case "$1" in --out) out=$2;; --fixed-model-name) name=$2;; esac; shift; done'


def test_older_models_go_only_after_success(stand_in: Path, tmp_path: Path) -> None:
    folder = model.folder(tmp_path)
    folder.mkdir(parents=True)
    old, others = folder / "old.tar.gz", folder / "new-1-other.tar.gz"
    old.write_bytes(b"old")
    others.write_bytes(b"half of another training's model")
    _program(stand_in, "echo first words", "echo last words", "exit 1")
    with pytest.raises(model.TrainingFailed, match="last words"):
        model.train(lambda _: None, tmp_path)
    assert old.exists()
    said: list[str] = []
    _program(
        stand_in,
        _MAKES_A_MODEL,
        'echo "2026-01-01 00:00:00 INFO     rasa.engine  - Starting to train."',
        "echo encoded 64 of 128 sentences",
        'echo model > "$out/$name.tar.gz"',
    )
    assert model.train(said.append, tmp_path) == model.path(tmp_path)
    assert said == ["Starting to train.", "encoded 64 of 128 sentences"]
    assert {path.name for path in folder.iterdir()} == {model.path(tmp_path).name, others.name}


def test_rasa_gets_no_telemetry_no_debug_and_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HELPLINE_TELEGRAM_TOKEN", "HELPLINE_NLU_TOKEN", "DATABASE_URL"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("LOG_LEVEL_LIBRARIES", "DEBUG")
    monkeypatch.setenv("RASA_TELEMETRY_ENABLED", "true")
    environment = model.environment(tmp_path)
    assert "secret" not in environment.values()
    assert environment["LOG_LEVEL"] == "INFO"
    assert environment["LOG_LEVEL_LIBRARIES"] == "ERROR"
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert environment["RASA_MAX_CACHE_SIZE"] == "0"
    assert environment["HELPLINE_DATA_DIR"] == str(tmp_path)


@pytest.mark.rasa
def test_it_is_served_where_it_was_told(tmp_path: Path) -> None:
    command, environment = model.serve_command("127.0.0.1", 5006, "-a token", tmp_path, "http://127.0.0.1:1/")
    assert environment["MODELS_URL"] == "http://127.0.0.1:1/"
    assert command[command.index("--interface") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "5006"
    # In one piece: a token of its own that begins with a dash would be read as an option.
    assert "--auth-token=-a token" in command
    assert Path(command[command.index("--endpoints") + 1]).exists()
