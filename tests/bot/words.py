"""The words of the field for tests: a person who writes, a counsellor who answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.simulator import Account, Message
from handoff import desk
from handoff.access import Reader
from handoff.store import database
from handoff.vault import ServerKeys
from responses.content import Content
from tests.bot.clock import Clock

T = TypeVar("T")
PATIENCE = 10.0


@dataclass
class Person:
    """Somebody with a phone. What they see is looked for in what came since they last did something."""

    account: Account
    _since: int = 0

    def writes(self, text: str) -> Message:
        message = self.account.writes(text)
        self._since = message.id
        return message

    def looks(self) -> None:
        """Reads all that is there: from now on only new answers count."""
        self._since = max((message.id for message in self.account.messages), default=0)

    def starts(self) -> None:
        self.writes("/start")

    def presses(self, label: str) -> None:
        self.looks()
        self.account.presses(label)

    def does(self, what: str, *args: Any, **more: Any) -> Any:
        """Anything else that an account can do: sends_photo, sends_location, blocks …"""
        self.looks()
        return getattr(self.account, what)(*args, **more)

    @property
    def answers(self) -> list[str]:
        """What the bot said since the person last did something."""
        return [m.text for m in self.account.messages if m.from_bot and m.id > self._since]

    @property
    def last_reply(self) -> str:
        return self.account.last_reply

    @property
    def screen(self) -> list[str]:
        """All texts that the person sees, own ones too."""
        return [message.text for message in self.account.messages]

    async def sees(self, text: str) -> str:
        """Waits for an answer with this in it, and gives the whole answer."""
        return await self.account.until(lambda: next((one for one in self.answers if text in one), ""), PATIENCE)

    async def sees_button(self, label: str) -> None:
        await self.account.until(lambda: label in self.account.buttons, PATIENCE)

    async def is_heard(self) -> None:
        """Waits for any answer."""
        await self.account.until(lambda: self.answers, PATIENCE)


@dataclass
class Counsellor:
    """A member of an organisation at the desk."""

    sessions: async_sessionmaker[AsyncSession]
    url: str
    keys: ServerKeys
    reader: Reader
    clock: Clock
    conversation: UUID | None = field(default=None)

    async def waiting(self) -> tuple[desk.Listed, ...]:
        async with self.sessions.begin() as session:
            return await desk.queue(session, self.reader)

    async def takes_next(self) -> UUID | None:
        async with self.sessions.begin() as session:
            self.conversation = await desk.take_next(session, self.keys, self.reader, self.clock())
        return self.conversation

    async def replies(self, text: str) -> None:
        async with self.sessions.begin() as session:
            await desk.reply(session, self.keys, self.reader, self._taken(), text)

    async def reads(self) -> list[tuple[str, Any]]:
        """Who said what: (direction, content)."""
        return [(line.direction, line.content) for line in await self.lines()]

    async def lines(self) -> tuple[desk.Line, ...]:
        async with self.sessions.begin() as session:
            return await desk.transcript(session, self.keys, self.reader, self._taken())

    async def about(self) -> desk.About:
        async with self.sessions.begin() as session:
            return await desk.about(session, self.reader, self._taken())

    async def until_reads(self, text: str) -> None:
        """Waits until the person's words are on the screen."""

        async def read() -> bool | None:
            return ("person", {"text": text}) in await self.reads()

        await self.until(read)

    async def until_delivery(self, text: str, delivery: str) -> desk.Line:
        """Waits until this line got so far."""

        async def line() -> desk.Line | None:
            own = [line for line in await self.lines() if line.content == {"text": text}]
            return next((line for line in own if line.delivery == delivery), None)

        return await self.until(line)

    async def until(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """Looks again whenever the database says that something changed, as the console does."""
        async with database.Listener(self.url) as listener, asyncio.timeout(PATIENCE):
            async for _ in listener.subscribe():
                if found := await look():
                    return found
        raise AssertionError("a listener does not end")

    async def sends_again(self, outbox_id: int) -> None:
        async with self.sessions.begin() as session:
            await desk.send_again(session, self.reader, outbox_id)

    async def puts_back(self) -> None:
        async with self.sessions.begin() as session:
            await desk.put_back(session, self.keys, self.reader, self._taken(), self.clock())

    async def closes(self) -> None:
        async with self.sessions.begin() as session:
            await desk.close(session, self.keys, self.reader, self._taken(), self.clock())

    def _taken(self) -> UUID:
        assert self.conversation is not None, "nothing was taken"
        return self.conversation


async def asks_for_a_counsellor(person: Person, content: Content, yes: str = "button.share") -> None:
    """The person is somebody whose language is English and who skips the place."""
    person.writes("/person")
    await person.sees_button(content.text("button.skip", "en"))
    person.presses(content.text("button.skip", "en"))
    await person.sees_button(content.text(yes, "en"))
    person.presses(content.text(yes, "en"))
    await person.is_heard()
