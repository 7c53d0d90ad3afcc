"""The parameters of one Bot API call, whichever way they came."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulator import errors

Json = dict[str, Any]

_INT = re.compile(r"[+-]?\d{1,18}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    media_type: str


class Parameters:
    """Named values as a Bot API server sees them: texts, JSON among them, and uploaded files."""

    def __init__(self, values: Mapping[str, object], files: Mapping[str, Upload] | None = None) -> None:
        self._values = {name: _as_text(value) for name, value in values.items() if value is not None}
        self._files = dict(files or {})

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str) -> str:
        """The value, or an empty text."""
        return self._values.get(name, "")

    def flag(self, name: str) -> bool:
        """True for what Telegram takes as true: true, yes, 1."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def integer(self, name: str, default: int = 0, least: int = -(2**31), most: int = 2**31 - 1) -> int:
        """The number, kept between least and most; the default when absent, 0 when it is no number."""
        text = self.text(name)
        if not text:
            return default
        match = _INT.match(text)
        return max(least, min(most, int(match.group()) if match else 0))

    def structure(self, name: str, what: str) -> Any:
        """The JSON value, None when absent; `what` names it in the refusal of broken JSON."""
        text = self.text(name)
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError:
            raise errors.bad_request(f"Can't parse {what}") from None

    def file(self, name: str) -> Upload | str | None:
        """The uploaded file, or the text (file_id or URL) in its place."""
        text = self.text(name)
        if text.startswith("attach://"):
            return self._files.get(text.removeprefix("attach://"))
        return text or self._files.get(name)


def field(value: Json, name: str, kind: type, default: Any = None, *, required: bool = False) -> Any:
    """A field of a JSON object, of kind str, int or bool; raises ValueError in Telegram's words."""
    found = value.get(name)
    if found is None:
        if required:
            raise ValueError(f'Can\'t find field "{name}"')
        return default
    if kind is str:
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return str(found)
        if not isinstance(found, str):
            raise ValueError(f'Field "{name}" must be of type String')
        return found
    if kind is int:
        if isinstance(found, str) and _INT.fullmatch(found):
            return int(found)
        if not isinstance(found, int) or isinstance(found, bool):
            raise ValueError(f'Field "{name}" must be of type Number')
        return found
    if not isinstance(found, bool):
        raise ValueError(f'Field "{name}" must be of type Boolean')
    return found


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
