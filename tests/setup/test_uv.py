"""uv is found, or installed, or it is said what to type."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys

import pytest

from bot.setup import uv
from tests.setup.conftest import Machine, program, wheel_of_uv

DEBIAN = "The virtual environment was not created successfully because ensurepip is not available."


def test_a_uv_on_the_path_is_used(machine: Machine) -> None:
    here = machine.has_uv()
    ended = machine.sets_up("uv")
    assert (ended.code, ended.said) == (0, f"uv: using {here}\n")


def test_a_uv_that_fails_and_one_that_is_too_old_are_passed_over(machine: Machine) -> None:
    machine.has("uv", "raise SystemExit('uv: command not found')")
    old = program(machine.folder / "old" / "uv", "print('uv 0.4.1 (abc 2024-08-30)')")
    good = program(machine.folder / "good" / "uv", "print('uv 0.9.30')")
    path = os.pathsep.join(str(folder) for folder in (machine.commands, old.parent, good.parent))
    assert machine.sets_up("uv", PATH=path).said == f"uv: using {good}\n"


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ensurepip") is None, reason="this Python makes no environments")
def test_without_uv_pip_installs_it_into_the_projects_own_folder(machine: Machine) -> None:
    wheel_of_uv(machine.folder / "wheels", uv.PINNED)
    ended = machine.sets_up("uv", PIP_FIND_LINKS=str(machine.folder / "wheels"))
    assert ended.code == 0, ended.said
    assert f"uv: using {machine.project / '.tools/bin/uv'}" in ended.said
    assert "uv: done after" in ended.said
    assert "installing" not in machine.sets_up("uv").said


def test_where_python_makes_no_environments_pip_alone_installs_it(machine: Machine) -> None:
    machine.lacks_module("venv", DEBIAN)
    (machine.modules / "pip.py").write_text(
        "import pathlib, sys\n"
        "target = pathlib.Path(sys.argv[sys.argv.index('--target') + 1], 'bin')\n"
        "target.mkdir(parents=True)\n"
        f"(target / 'uv').write_text('#!{sys.executable}\\nprint(\"uv {uv.PINNED}\")')\n"
        "(target / 'uv').chmod(0o755)\n"
    )
    ended = machine.sets_up("uv")
    assert ended.code == 0, ended.said
    assert f"uv: using {machine.project / '.tools/bin/uv'}" in ended.said


def test_where_nothing_else_is_left_apt_brings_what_python_lacks(machine: Machine) -> None:
    machine.lacks_module("venv", DEBIAN)
    machine.lacks_module("pip", "No module named pip")
    asked = machine.folder / "apt.log"
    # This apt-get brings a venv whose Python "installs" a uv when pip is asked to.
    venv = (
        "import pathlib, sys\n"
        "folder = pathlib.Path(sys.argv[1], 'bin')\n"
        "folder.mkdir(parents=True)\n"
        f"(folder / 'uv').write_text('#!{sys.executable}\\nprint(\"uv {uv.PINNED}\")')\n"
        "(folder / 'uv').chmod(0o755)\n"
        "(folder / 'python').write_text('#!/bin/sh\\nexit 0')\n"
        "(folder / 'python').chmod(0o755)\n"
    )
    machine.has(
        "apt-get",
        "import os, pathlib, sys\n"
        f"with open({str(asked)!r}, 'a') as log:\n"
        "    print(os.environ['DEBIAN_FRONTEND'], *sys.argv[1:], file=log)\n"
        "if 'install' in sys.argv:\n"
        f"    pathlib.Path({str(machine.modules / 'venv.py')!r}).write_text({venv!r})\n",
    )
    machine.has("sudo", "import os, sys\nos.execvp(sys.argv[2], sys.argv[2:])")
    for name in ("env", "true"):
        found = shutil.which(name)
        assert found
        (machine.commands / name).symlink_to(found)
    ended = machine.sets_up("uv")
    assert ended.code == 0, ended.said
    update, install = asked.read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith(f"python3.{sys.version_info[1]}-venv")
    assert install.startswith("noninteractive ")


def test_where_no_way_is_left_it_says_what_to_type(machine: Machine) -> None:
    machine.lacks_module("venv", DEBIAN)
    machine.lacks_module("pip", "No module named pip")
    ended = machine.sets_up("uv")
    assert ended.code == 1
    assert DEBIAN in ended.said
    assert "No module named pip" in ended.said
    assert f"sudo apt-get update && sudo apt-get install python3.{sys.version_info[1]}-venv" in ended.said
    assert "pipx install uv" in ended.said
    assert "Traceback" not in ended.said
    assert not (machine.project / ".tools").exists()


def test_a_lost_connection_is_told_as_such_and_no_other_way_is_tried(machine: Machine) -> None:
    (machine.modules / "venv.py").write_text(
        "import pathlib, sys\n"
        "folder = pathlib.Path(sys.argv[1], 'bin')\n"
        "folder.mkdir(parents=True)\n"
        "(folder / 'python').write_text('#!/bin/sh\\necho Temporary failure in name resolution; exit 1')\n"
        "(folder / 'python').chmod(0o755)\n"
    )
    machine.has("pipx", "raise SystemExit('pipx was asked')")
    ended = machine.sets_up("uv")
    assert ended.code == 1
    assert "is there a connection" in ended.said
    assert "pipx was asked" not in ended.said


def test_where_a_uv_is_there_nothing_is_installed(machine: Machine) -> None:
    machine.has_uv()
    machine.sets_up("uv")
    assert machine.uv_was_asked == []
    assert not (machine.project / ".tools").exists()
