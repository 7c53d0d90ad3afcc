"""The images are made of files that exist, of nothing else, and run as nobody in particular."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT, Settings, variable
from bot.setup import uv
from nlu_data import model
from tests.compose import images

NOT_OURS = {"PATH", "HOME", "PYTHONUNBUFFERED"}
each_image = pytest.mark.parametrize("dockerfile", images.DOCKERFILES, ids=lambda path: path.parent.name)


@each_image
def test_what_is_copied_exists_and_is_not_ignored(dockerfile: Path) -> None:
    copied = images.sources(dockerfile)
    assert len(copied) >= 8
    assert [source for source in copied if not (ROOT / source).exists() or images.is_ignored(source)] == []


@each_image
def test_what_is_not_ignored_is_copied(dockerfile: Path) -> None:
    copied = [Path(source) for source in images.sources(dockerfile)]
    left = [path for path in images.context() if not any(Path(path).is_relative_to(source) for source in copied)]
    assert left == []


@pytest.mark.parametrize(
    "path",
    [
        *("secrets/database_url", "var/keys", ".git/config", ".env", "docker-compose.yml", "tests/conftest.py"),
        *(".venv/bin/python", "nlu_data/.venv/bin/python", "bot/__pycache__/cli.cpython-311.pyc", "bot/Dockerfile"),
    ],
)
def test_what_must_not_get_in_is_ignored(path: str) -> None:
    assert images.is_ignored(path)


@pytest.mark.parametrize(
    "path",
    [
        *("pyproject.toml", "bot/cli.py", "bot/simulator/static/chat.js", "responses/locale/en/LC_MESSAGES/bot.po"),
        *("nlu_data/uv.lock", "nlu_data/vectors/shipped.npz", "handoff/store/migrations/env.py"),
    ],
)
def test_what_is_needed_is_not_ignored(path: str) -> None:
    assert (ROOT / path).exists()
    assert not images.is_ignored(path)


@each_image
def test_it_runs_as_nobody_in_particular(dockerfile: Path) -> None:
    *_, user, _ = images.steps(dockerfile)
    assert (user.name, user.text) == ("USER", "10001:10001")


@each_image
def test_its_last_stage_builds_nothing_and_its_bases_need_no_address(dockerfile: Path) -> None:
    steps = images.steps(dockerfile)
    last = [step for step in steps if step.stage == steps[-1].stage]
    assert not re.search(r"\b(pip|uv|apt-get|gcc|make) ", "\n".join(step.text for step in last if step.name == "RUN"))
    assert all("--from=" in step.text for step in last if step.name == "COPY")
    bases = {step.words[0] for step in steps if step.name == "FROM"}
    assert bases <= {"python:3.11-slim-bookworm", "python:3.10-slim-bookworm"}


@each_image
def test_what_it_sets_is_a_setting(dockerfile: Path) -> None:
    known = {variable(field) for field in Settings.model_fields} | NOT_OURS
    assert set(images.environment(dockerfile)) <= known


@each_image
def test_its_environments_hold_what_the_lock_files_say_and_nothing_for_developers(dockerfile: Path) -> None:
    laid = [step.text for step in images.steps(dockerfile) if "uv sync" in step.text]
    assert laid
    assert all("uv sync --frozen --no-dev" in text for text in laid)
    installed = re.findall(r"uv==(\S+)", dockerfile.read_text())
    assert set(installed) == {uv.PINNED}


def test_both_images_hold_the_same_helpline() -> None:
    """They may disagree about nothing: the name of the model is made of the files of nlu_data."""
    bot, nlu = (
        [step.text for step in images.steps(dockerfile) if step.stage == stage]
        for dockerfile, stage in zip(images.DOCKERFILES, (0, 1), strict=True)
    )
    assert bot == nlu


def test_rasa_lies_where_the_helpline_looks_for_it() -> None:
    texts = [step.text for step in images.steps(images.DOCKERFILES[1])]
    assert model.PYTHON.relative_to(ROOT) == Path("nlu_data/.venv/bin/python")
    assert "--from=rasa /app/nlu_data/.venv /app/nlu_data/.venv" in texts
    assert "/app/nlu_data" in [step.text for step in images.steps(images.DOCKERFILES[1]) if step.stage == 0]
