"""The file with the server's keys: made once, read by every part, backed up apart from the database."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from handoff.vault import ServerKeys


class NoKeys(Exception):
    """There are no server keys."""


class KeysExist(Exception):
    """There are keys already, and new ones would make all that is stored unreadable."""


def create(path: Path) -> ServerKeys:
    """Makes new keys in a file that only its owner can read; raises KeysExist."""
    keys = ServerKeys.new()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeysExist(
            f"{path} has keys already. New ones would make all that is stored unreadable; move the file away if you "
            "want exactly that."
        ) from None
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(keys.to_text())
        opened.flush()
        os.fsync(opened.fileno())
    return keys


def read(path: Path) -> ServerKeys:
    """The keys; raises NoKeys with what to do."""
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise NoKeys(f"There are no server keys in {path}. Make them once: helpline keys create") from None
    except (OSError, UnicodeDecodeError) as failure:
        raise NoKeys(f"{path} can't be read ({type(failure).__name__}).") from None
    try:
        return ServerKeys.from_text(text)
    except ValueError as wrong:
        raise NoKeys(f"{path}: {wrong}. Take the file from its backup.") from None


def open_to_others(path: Path) -> bool:
    """Whether somebody else on this machine may read the keys."""
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
