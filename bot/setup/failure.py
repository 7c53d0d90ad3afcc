"""Why set-up could not go on, in words that say what to do."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

GIB = 1024**3

_DISK = ("no space left on device", "os error 28", "disk quota exceeded")
_NETWORK = (
    "error sending request",
    "failed to fetch",
    "dns error",
    "name resolution",
    "name or service not known",
    "network is unreachable",
    "connection refused",
    "connection reset",
    "operation timed out",
    "connect timeout",
    "temporary failure resolving",
    "could not resolve",
    "enotfound",
    "etimedout",
    "econnre",
)


class SetupFailed(Exception):
    """Set-up cannot go on. The message says what is missing and what to type."""


def explain(output: str, places: tuple[Path, ...] = ()) -> str:
    """What a failed tool's output means for the person who reads it; empty when it speaks for itself.

    places: the folders that the tool wrote to, whose free space is told when a disk was full.
    """
    low = output.lower()
    if any(sign in low for sign in _DISK):
        return (
            "A disk is full. Free space now:\n"
            + "\n".join(f"    {free_gib(place):6.1f} GB  {place}" for place in (*places, temporary()))
            + "\nMake room, or set TMPDIR and UV_CACHE_DIR to folders on a larger disk; then repeat."
        )
    if any(sign in low for sign in _NETWORK):
        return (
            "Nothing could be fetched: is there a connection, and does it need a proxy (HTTPS_PROXY)?\n"
            "Repeat the command when there is: what has been fetched is kept."
        )
    return ""


def free_gib(place: Path) -> float:
    """Free space, in GiB, on the disk that holds a folder, which need not exist yet."""
    return shutil.disk_usage(_existing(place)).free / GIB


def same_disk(one: Path, other: Path) -> bool:
    """Whether two folders, which need not exist yet, lie on one disk."""
    return _existing(one).stat().st_dev == _existing(other).stat().st_dev


def temporary() -> Path:
    """The folder where tools put what they need for a moment."""
    return Path(os.environ.get("TMPDIR") or tempfile.gettempdir())


def _existing(place: Path) -> Path:
    place = place.absolute()
    while not place.exists():
        place = place.parent
    return place
