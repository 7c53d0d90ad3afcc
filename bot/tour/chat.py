"""The simulated Telegram as the people of the tour use it: over HTTP, as its chat page does."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

T = TypeVar("T")
Json = dict[str, Any]
Shown = Callable[["Person", Json], None]


class Broken(Exception):
    """Something that the tour promises did not happen."""


@dataclass(slots=True)
class Person:
    """Somebody with a phone: what is on its screen, and what they do."""

    id: int
    name: str
    language: str
    _chat: Chat
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def replies(self) -> list[Json]:
        """What the bot or a counsellor said and is still on the screen, the oldest first."""
        return [message for _, message in sorted(self.messages.items()) if message["bot"]]

    def mark(self) -> int:
        """The newest message now: what comes after it is an answer to what is done next."""
        return max(self.messages, default=0)

    def after(self, mark: int) -> list[Json]:
        return [message for message in self.replies if message["id"] > mark]

    async def writes(self, text: str) -> int:
        """Writes, and gives the mark of before."""
        mark = self.mark()
        await self._chat.act(self, "text", {"text": text})
        return mark

    async def presses(self, value: str) -> int:
        """Presses the newest button with this value, and gives the mark of before."""
        mark = self.mark()
        for message in reversed(self.replies):
            for row, keys in enumerate(message["buttons"]):
                for column, key in enumerate(keys):
                    if key.get("callback_data") == value:
                        where = {"message_id": message["id"], "row": row, "column": column}
                        await self._chat.act(self, "press", where)
                        return mark
        raise Broken(f"{self.name} has no button {value}")

    def offered(self, start: str) -> str | None:
        """The value of the newest button that begins so."""
        for message in reversed(self.replies):
            for keys in message["buttons"]:
                for key in keys:
                    value = str(key.get("callback_data", ""))
                    if value.startswith(start):
                        return value
        return None

    async def until(self, what: str, look: Callable[[], T | None], within: float = 20) -> T:
        """What `look` finds, as soon as it finds it; raises Broken."""
        return await self._chat.until(f"{self.name}: {what}", look, within)

    async def reads(self, what: str, text: str, mark: int, within: float = 20) -> Json:
        """Waits for a new message that holds this text."""
        return await self.until(
            what, lambda: next((one for one in self.after(mark) if text in one["text"]), None), within
        )


class Chat:
    """The chat page's own interface: acts go in, everything that changes comes out."""

    def __init__(self, url: str, shown: Shown) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=10)
        self._shown = shown
        self._changed = asyncio.Condition()
        self.persons: dict[int, Person] = {}

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Hears every change as long as the context lasts."""
        task = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._client.aclose()

    async def person(self, app_language: str, language: str, name: str) -> Person:
        """Somebody new, whose app speaks one language and who wants to be spoken to in another, perhaps the same."""
        answer = await self._client.post("/chat/persons", json={"language": app_language, "name": name})
        found = Person(int(answer.raise_for_status().json()["id"]), name, language, self)
        self.persons[found.id] = found
        return found

    async def act(self, person: Person, act: str, data: Json) -> None:
        answer = await self._client.post(f"/chat/persons/{person.id}/{act}", json=data)
        if not answer.is_success:
            raise Broken(f"{person.name} could not do this: {act}")

    async def until(self, what: str, look: Callable[[], T | None], within: float) -> T:
        try:
            async with asyncio.timeout(within):
                async with self._changed:
                    while (found := look()) is None:
                        await self._changed.wait()
                return found
        except TimeoutError:
            raise Broken(f"{what} (waited {within:.0f} s)") from None

    async def _listen(self) -> None:
        async with self._client.stream("GET", "/chat/events", timeout=httpx.Timeout(10, read=60)) as stream:
            name = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: ") and name == "message":
                    await self._hear(json.loads(line.removeprefix("data: ")))

    async def _hear(self, told: Json) -> None:
        person = self.persons.get(told["account"])
        if person is None:
            return
        message = told["message"]
        async with self._changed:
            if message.get("gone"):
                person.messages.pop(message["id"], None)
            else:
                new = message["id"] not in person.messages
                person.messages[message["id"]] = message
                if new:
                    self._shown(person, message)
            self._changed.notify_all()
