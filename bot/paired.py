"""A test line on the real Telegram: only accounts that gave the code from the terminal are answered.

Everybody else is told, in every language, that nobody reads here; nothing that they wrote is stored.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from telegram.error import TelegramError

from bot.receive import Receiving
from handoff.vault import ServerKeys
from responses.languages import LANGUAGES

_LOG: Final = structlog.get_logger(__name__)
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_TELLS_EVERY: Final = 3600.0
_REMEMBERS: Final = 10_000
Update = Mapping[str, Any]


@dataclass(slots=True)
class Pairing:
    """Which accounts may use a test line: by the same keyed hash by which persons are known, and by nothing else."""

    path: Path
    code: str
    handles: set[str]

    @classmethod
    def renewed(cls, path: Path) -> Pairing:
        """With a new code; who was paired stays so."""
        known = cls.read(path).handles if path.exists() else set()
        pairing = cls(path, "".join(secrets.choice(_LETTERS) for _ in range(8)), known)
        pairing.keep()
        return pairing

    @classmethod
    def read(cls, path: Path) -> Pairing:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return cls(path, str(kept["code"]), set(kept["handles"]))

    def keep(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps({"code": self.code, "handles": sorted(self.handles)}), encoding="utf-8")
        os.replace(new, self.path)

    def knows(self, keys: ServerKeys, bot_id: int, chat_id: int) -> bool:
        return keys.handle(bot_id, chat_id).hex() in self.handles

    def fits(self, text: str) -> bool:
        """Whether a message is the code, alone or as the argument of /start."""
        said = text.removeprefix("/start").strip().lower()
        return hmac.compare_digest(said.encode(), self.code.encode())

    def add(self, keys: ServerKeys, bot_id: int, chat_id: int) -> None:
        self.handles.add(keys.handle(bot_id, chat_id).hex())
        self.keep()


@dataclass(slots=True, kw_only=True)
class ReceivingPaired(Receiving):
    """Receives from paired accounts; of the others nothing is stored."""

    pairing: Pairing
    _told: dict[int, float] = field(default_factory=dict)

    async def store(self, updates: Sequence[dict[str, Any]]) -> None:
        """Stores what paired accounts sent; an update of anybody else is confirmed and forgotten."""
        # not super(): a dataclass with slots is another class than the one that was written here
        await Receiving.store(self, [await self._sifted(one) for one in updates])

    async def _sifted(self, update: dict[str, Any]) -> dict[str, Any]:
        chat_id = _private_chat(update)
        if chat_id is None or self.pairing.knows(self.keys, self._bot_id, chat_id):
            return update
        message = update.get("message") or {}
        if self.pairing.fits(str(message.get("text") or "")):
            self.pairing.add(self.keys, self._bot_id, chat_id)
            await self._say(chat_id, "pairing.done")
            return {**update, "message": {**message, "text": "/start"}}
        if "my_chat_member" not in update:
            await self._tell(chat_id)
        return {"update_id": update.get("update_id")}

    async def _tell(self, chat_id: int) -> None:
        """That nobody reads here: once an hour, so that a test line can't be made to talk."""
        now = time.monotonic()
        if now - self._told.get(chat_id, -_TELLS_EVERY) < _TELLS_EVERY:
            return
        if len(self._told) >= _REMEMBERS:
            self._told.clear()
        self._told[chat_id] = now
        await self._say(chat_id, "pairing.test_line")

    async def _say(self, chat_id: int, key: str) -> None:
        text = "\n\n".join(self.content.text(key, language) for language in LANGUAGES)
        try:
            await self.bot.send_message(chat_id, text)
        except TelegramError as failure:
            _LOG.info("passed_over", call="sendMessage", failure=type(failure).__name__)


def _private_chat(update: Update) -> int | None:
    """The private chat that an update comes from; None for a group, which the bot leaves, and for what is no update."""
    query = update.get("callback_query")
    if query is not None:
        where = (query.get("message") or {}).get("chat") or {"id": query["from"]["id"]}
    else:
        kinds = ("message", "edited_message", "my_chat_member")
        where = next((update[kind]["chat"] for kind in kinds if update.get(kind)), {"type": "none"})
    return int(where["id"]) if where.get("type", "private") == "private" else None
