"""Debian's package manager, where this user may use it without being asked for a password."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bot.setup import command
from bot.setup.progress import Progress


def allowed() -> bool:
    """Whether apt-get is here and this user may install with it, as root or by sudo without a password."""
    return shutil.which("apt-get") is not None and _as_root() is not None


def install(packages: list[str], progress: Progress, *, cwd: Path) -> command.Outcome:
    """Fetch the lists anew (a fresh machine has none) and install the packages with no question."""
    prefix = _as_root()
    if prefix is None:
        return command.Outcome(command.NOT_STARTED, "apt-get needs root, or sudo without a password")
    apt = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    updated = command.run([*apt, "update"], progress, cwd=cwd)
    installed = command.run([*apt, "install", "-y", "--no-install-recommends", *packages], progress, cwd=cwd)
    return command.Outcome(installed.code, updated.output + installed.output)


def distribution() -> str:
    """The distribution's ID, such as debian or ubuntu; empty where it isn't told."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = [line.removeprefix("ID=").strip().strip('"') for line in lines if line.startswith("ID=")]
    return found[0] if found else ""


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and command.answer(["sudo", "-n", "true"]) is not None:
        return ["sudo", "-n"]
    return None
