"""What Telegram brings is stored, encrypted and once, before it is confirmed.

A batch of updates is one transaction: persons, inbox rows and the jobs that will answer. Only when it is
committed are the next updates asked for, and that is what tells Telegram to forget these.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from telegram import BotCommand
from telegram.error import Conflict, InvalidToken, TelegramError

from bot import outermost, persons, web, webhook
from bot.pace import Pace
from bot.telegram import connection, events
from bot.webhook import Webhook
from handoff.store import jobs
from handoff.store.tables import Inbox
from handoff.vault import ServerKeys
from responses.content import Content

_LOG: Final = structlog.get_logger(__name__)
_LANGUAGE_CODES: Final = {"": "en", "sq": "sq", "sr": "sr-Latn"}


_LOOKS_EVERY: Final = 60.0


class TokenRefused(Exception):
    """Telegram doesn't know this bot's token: check HELPLINE_TELEGRAM_TOKEN."""


@dataclass(slots=True)
class Receiving:
    """Receives by long polling, or by a webhook.

    `ready` is set as soon as Telegram has said who the bot is; `alive` is called after each round that succeeded.
    """

    bot: connection.Connection
    sessions: async_sessionmaker[AsyncSession]
    keys: ServerKeys
    content: Content
    webhook: Webhook | None = None
    alive: Callable[[], None] | None = None
    pace: Pace = field(default_factory=Pace)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _bot_id: int = 0
    _offset: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Receives until told to stop; raises TokenRefused, and web.PortTaken where a webhook can't be waited for."""
        if self.webhook is None:
            await outermost.keep_going("receive", lambda: self._poll(stop), stop, ends=(TokenRefused,))
            return
        app = webhook.create_app(self.webhook.path, webhook.secret(self.keys), self._take)
        async with web.serving(app, self.webhook.host, self.webhook.port):
            await outermost.keep_going("receive", lambda: self._register(stop), stop, ends=(TokenRefused,))

    async def _poll(self, stop: asyncio.Event) -> None:
        if not self.ready.is_set():
            await self._introduce()
            await _passing_over("deleteWebhook", self.bot.delete_webhook())
            self.ready.set()
            self._sign()
        asked = self.bot.updates(self._offset, events.ALLOWED_UPDATES, connection.POLL_SECONDS)
        try:
            updates = await outermost.unless_stopped(stop, asked)
        except (InvalidToken, Conflict):
            # what isn't there answers like a wrong token, which only getMe judges; a webhook may still be set
            self.ready.clear()
            raise
        if updates:
            await self.store(updates)
        self._sign()

    async def _register(self, stop: asyncio.Event) -> None:
        """Tells Telegram where to bring updates, and looks once a minute whether it still knows."""
        assert self.webhook is not None
        if not self.ready.is_set():
            await self._introduce()
        if (await self.bot.get_webhook_info()).url != self.webhook.url:
            await self.bot.set_webhook(
                self.webhook.url,
                secret_token=webhook.secret(self.keys),
                allowed_updates=list(events.ALLOWED_UPDATES),
                max_connections=webhook.AT_ONCE,
            )
        self.ready.set()
        self._sign()
        await outermost.rest(stop, _LOOKS_EVERY)

    def _sign(self) -> None:
        if self.alive is not None:
            self.alive()

    async def _take(self, update: dict[str, Any]) -> None:
        await self.ready.wait()  # until it is known whose updates these are
        await self.store([update])

    async def _introduce(self) -> None:
        try:
            self._bot_id = (await self.bot.get_me()).id
        except InvalidToken:
            raise TokenRefused from None
        await _passing_over("setMyCommands", self._name_commands())

    async def _name_commands(self) -> None:
        further = {one: one for one in self.content.offered if self.content.is_core(one)}
        for code, language in {**_LANGUAGE_CODES, **further}.items():
            commands = [BotCommand(name, self.content.text(f"command.{name}", language)) for name in events.MENU]
            await self.bot.set_my_commands(commands, language_code=code or None)

    async def store(self, updates: Sequence[dict[str, Any]]) -> None:
        """Stores a batch, then moves the offset on; leaves the groups in which the bot was met."""
        known = [update for update in updates if isinstance(update.get("update_id"), int)]
        if not known:
            raise ValueError("not one of these updates has an id")
        found = [(update["update_id"], self._translated(update)) for update in known]
        async with self.sessions.begin() as session:
            waiting: dict[uuid.UUID, None] = {}
            for update_id, what in sorted(found, key=lambda one: one[0]):
                if isinstance(what, events.Received):
                    person = await persons.of_chat(session, self.keys, self._bot_id, what.chat_id)
                    if await self._store(session, update_id, person, what):
                        waiting[person] = None
            for person in waiting:
                await jobs.defer(session, "answer", f"answer:{person}", "answer", person_id=str(person))
        self._offset = max(update_id for update_id, _ in found) + 1
        for chat_id in {what.chat_id for _, what in found if isinstance(what, events.Elsewhere)}:
            await _passing_over("leaveChat", self.bot.leave_chat(chat_id))

    def _translated(self, update: dict[str, Any]) -> events.Received | events.Elsewhere | None:
        try:
            return events.translate(update, self._nearest)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as failure:
            _LOG.warning("not_an_update", update=update["update_id"], failure=type(failure).__name__)
            return events.unreadable(update)

    def _nearest(self, latitude: float, longitude: float) -> events.Municipalities:
        found = self.content.places.nearest(latitude, longitude)
        return events.Municipalities(tuple(place.id for place in found.places), found.near_line)

    async def _store(self, session: AsyncSession, update_id: int, person: uuid.UUID, what: events.Received) -> bool:
        """Stores one; False if it came before."""
        event = {**what.event, **self.pace.marks(update_id, what)}
        row = await session.scalar(
            insert(Inbox)
            .values(
                person_id=person,
                kind="telegram",
                bot_id=self._bot_id,
                update_id=update_id,
                message_id=what.message_id,
                payload_locked=self.keys.lock(json.dumps(event).encode(), "inbox"),
            )
            .on_conflict_do_nothing(index_elements=[Inbox.bot_id, Inbox.update_id])
            .returning(Inbox.id)
        )
        return row is not None


async def _passing_over(what: str, call: Coroutine[Any, Any, object]) -> None:
    """Does what is good to have and no more: it fails where only the essential methods are known."""
    try:
        await call
    except TelegramError as failure:
        _LOG.info("passed_over", call=what, failure=type(failure).__name__)
