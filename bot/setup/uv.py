"""uv, the tool that lays the environments: found, or installed into the project's own folder .tools/."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from bot.setup import apt, command, failure, interpreter
from bot.setup.failure import SetupFailed
from bot.setup.progress import Progress

PINNED = "0.13.9"
OLDEST = (0, 8, 0)
"""The oldest uv that the lock files were read with."""


def found(root: Path) -> Path | None:
    """A uv that answers and is new enough: the project's own, else one on the PATH."""
    for candidate in (root / ".tools" / "bin" / "uv", *interpreter.on_path("uv")):
        version = re.match(r"uv (\d+)\.(\d+)\.(\d+)", command.answer([candidate, "--version"]) or "")
        if version and tuple(map(int, version.groups())) >= OLDEST:
            return candidate
    return None


def ready(root: Path, progress: Progress) -> Path:
    """The uv to use, installed into .tools/ if there is none."""
    here = found(root)
    if here:
        return here
    with progress.step("uv", "installing uv, which lays the environments, into .tools/", "5-15 s"):
        _install(root, progress)
    here = found(root)
    if here is None:
        raise SetupFailed(f"uv was installed, but {root / '.tools/bin/uv'} does not run on this machine.")
    return here


def _install(root: Path, progress: Progress) -> None:
    tools, wanted = root / ".tools", f"uv=={PINNED}"
    tried: list[str] = []

    def attempt(*argv: str | Path, **env: str) -> bool:
        outcome = command.run(argv, progress, cwd=root, env=command.environment(**env))
        if outcome.code != 0:
            words = " ".join(str(word) for word in argv)
            tried.append(f"  {words}\n{outcome.last(6)}")
            hint = failure.explain(outcome.output, (root,))
            if hint:
                # No other way of installing would find a connection or room on the disk.
                raise SetupFailed("uv could not be installed:\n" + "\n".join(tried) + f"\n{hint}")
        return outcome.code == 0

    def by_venv() -> bool:
        shutil.rmtree(tools, ignore_errors=True)
        return attempt(sys.executable, "-m", "venv", tools)

    def by_pip_in_venv() -> bool:
        return attempt(tools / "bin" / "python", "-m", "pip", "install", "--quiet", wanted)

    made = by_venv()
    if made and by_pip_in_venv():
        return
    if not made:
        # Debian without python3-venv: the half-made folder would be in the way of what follows.
        shutil.rmtree(tools, ignore_errors=True)
        if attempt(sys.executable, "-m", "pip", "install", "--quiet", "--target", tools, wanted):
            return
        if shutil.which("pipx"):
            places = {"PIPX_HOME": str(tools / "pipx"), "PIPX_BIN_DIR": str(tools / "bin")}
            if attempt("pipx", "install", wanted, **places):
                return
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if apt.allowed():
            outcome = apt.install([package], progress, cwd=root)
            if outcome.code == 0 and by_venv() and by_pip_in_venv():
                return
            tried.append(f"  apt-get install {package}\n{outcome.last(6)}")
    shutil.rmtree(tools, ignore_errors=True)
    raise SetupFailed(_no_way_left(tried, made))


def _no_way_left(tried: list[str], made: bool) -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    way = (
        "Either put uv on the PATH yourself, or let this Python fetch packages: does this work?\n"
        f"    {sys.executable} -m pip download uv=={PINNED}"
        if made
        else f"This Python ({sys.executable}) cannot make environments. On Debian or Ubuntu type\n"
        f"    sudo apt-get update && sudo apt-get install python{version}-venv\n"
        "elsewhere put uv on the PATH, for example with\n"
        "    pipx install uv"
    )
    return (
        "uv is not here and could not be installed. Tried:\n" + "\n".join(tried) + f"\n{way}\nThen repeat the command."
    )
