"""Whether parts of the helpline are well, for who looks after containers: `python -m bot.well NAME …`.

A part that can be asked is asked. The others give a sign of life, a file that they touch whenever a round of their work
succeeded: what hangs, or has no database, soon gives none.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import httpx

from bot import settings
from bot.settings import Settings

SIGNS_WITHIN: Final = 90.0
"""Seconds: the receiver looks after its webhook once a minute."""
_PATIENCE: Final = 5.0
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where one listens, not where one asks


def sign_of(data_dir: Path, name: str) -> Path:
    """The file by which a part shows that it lives."""
    return data_dir / "well" / name


def sign(data_dir: Path, name: str) -> None:
    """A round of this part's work succeeded."""
    path = sign_of(data_dir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def is_well(name: str, chosen: Settings) -> bool:
    """Whether a part does its work now."""
    match name:
        case "console":
            return _said(chosen.console_host, chosen.console_port, "/health") == b"well"
        case "nlu":
            return _serves_a_model(chosen)
        case _:
            path = sign_of(chosen.data_dir, name)
            return path.exists() and time.time() - path.stat().st_mtime < SIGNS_WITHIN


def _serves_a_model(chosen: Settings) -> bool:
    if chosen.nlu_port is None:
        return False
    answer = _asked(chosen.nlu_host, chosen.nlu_port, "/status", token=chosen.nlu_secret)
    try:
        status = None if answer is None else answer.json()
    except ValueError:
        return False
    return isinstance(status, dict) and bool(status.get("model_file"))


def _said(host: str, port: int, path: str) -> bytes:
    answer = _asked(host, port, path)
    return b"" if answer is None else answer.content


def _asked(host: str, port: int, path: str, **parameters: str) -> httpx.Response | None:
    host = _EVERYWHERE.get(host, host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"
    try:
        answer = httpx.get(address, params=parameters, timeout=_PATIENCE, trust_env=False)
    except httpx.HTTPError:
        return None
    return answer if answer.is_success else None


def main(names: Sequence[str]) -> int:
    """0 when all of these parts are well, and at least one was named."""
    chosen = settings.read()
    ill = [name for name in names if not is_well(name, chosen)]
    if ill:
        print(f"not well: {', '.join(ill)}")
    return 0 if names and not ill else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
