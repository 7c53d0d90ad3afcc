"""Environments are laid once, and again only when something changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.setup import ROOT, environment, failure
from tests.setup.conftest import Machine


def synced(machine: Machine) -> int:
    return sum(line.startswith("sync --frozen") for line in machine.uv_was_asked)


def test_laid_once_then_left_alone(machine: Machine) -> None:
    machine.has_uv()
    first = machine.sets_up("app")
    assert first.code == 0, first.said
    assert "app: installing the helpline's packages" in first.said
    assert "(usually " in first.said
    assert "Installed 2 packages" in first.said
    assert "app: done after" in first.said
    assert machine.sets_up("app").said == "app: up to date (.venv/)\n"
    assert synced(machine) == 1


def test_when_nothing_changed_not_even_uv_is_needed(machine: Machine) -> None:
    here = machine.has_uv()
    machine.sets_up("app")
    here.unlink()
    assert machine.sets_up("app").code == 0


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock"])
def test_a_changed_lock_lays_it_again(machine: Machine, name: str) -> None:
    machine.has_uv()
    machine.sets_up("app")
    (machine.project / name).write_text("two\n")
    machine.sets_up("app")
    assert synced(machine) == 2


def test_an_environment_that_was_removed_or_no_longer_runs_is_laid_again(machine: Machine) -> None:
    machine.has_uv()
    machine.sets_up("app")
    shutil.rmtree(machine.project / ".venv")
    machine.sets_up("app")
    assert synced(machine) == 2
    python = machine.project / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    machine.sets_up("app")
    assert synced(machine) == 3


def test_a_project_that_was_moved_is_laid_again(machine: Machine) -> None:
    machine.has_uv()
    machine.sets_up("app")
    moved = machine.folder / "moved"
    machine.project.rename(moved)
    shutil.copytree(moved, machine.project, symlinks=True)
    assert machine.sets_up("app").said == "app: up to date (.venv/)\n"
    assert machine.sets_up("app", project=moved).code == 0
    assert synced(machine) == 2


def test_an_active_environment_of_somebody_else_is_not_used(machine: Machine) -> None:
    machine.has_uv()
    machine.sets_up("app", VIRTUAL_ENV="/somewhere/else")
    assert machine.uv_was_asked[-1].endswith(" False")


def test_a_full_disk_is_told_with_the_room_that_is_left(machine: Machine) -> None:
    machine.has(
        "uv",
        "import sys\n"
        "if 'sync' in sys.argv: sys.exit('error: No space left on device (os error 28)')\n"
        f"print('uv 0.13.9' if '--version' in sys.argv else {str(machine.folder)!r})",
    )
    ended = machine.sets_up("app", TMPDIR=str(machine.home))
    assert ended.code == 1
    assert "A disk is full" in ended.said
    assert str(machine.home) in ended.said
    assert "app: stopped after" in ended.said
    assert "Traceback" not in ended.said


def test_too_little_room_is_told_before_anything_is_fetched(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = machine.has_uv()
    wanted = environment.nlu(machine.project)
    monkeypatch.setattr(failure, "free_gib", lambda place: 1.2)
    with pytest.raises(failure.SetupFailed, match=r"has 1\.2 GB free, and this step needs 3\.0 GB"):
        environment.need_room(wanted, uv)


def test_the_room_asked_for_is_what_the_environments_take() -> None:
    wanted = environment.app(ROOT)
    taken = sum(path.lstat().st_size for path in wanted.folder.rglob("*") if path.is_file())
    assert 0 < taken < wanted.gib * failure.GIB


def test_the_two_steps_need_different_pythons() -> None:
    assert environment.app(Path("/p")).old == (3, 11)
    assert (environment.nlu(Path("/p")).old, environment.nlu(Path("/p")).new) == ((3, 10), (3, 11))
