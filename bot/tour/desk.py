"""A counsellor of the tour: logs in and answers through the console's own pages and forms."""

from __future__ import annotations

import asyncio
import html
import re
import time
from dataclasses import dataclass
from typing import Final

import httpx

from bot.commands.rehearsal import Member
from bot.tour.chat import Broken

_FIELD: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_TAG: Final = re.compile(r"<[^>]+>")
_LOOKS_EVERY: Final = 0.3


@dataclass(slots=True)
class Counsellor:
    """Somebody of an organisation at the console."""

    member: Member
    _client: httpx.AsyncClient
    conversation: str = ""

    @classmethod
    def at(cls, url: str, member: Member) -> Counsellor:
        return cls(member, httpx.AsyncClient(base_url=url, timeout=20))

    @property
    def name(self) -> str:
        return self.member.name

    async def logs_in(self) -> None:
        page = await self._get("/login")
        form = {"login": self.member.login, "password": self.member.password}
        answer = await self._send("/login", page, form)
        if answer.status_code != 303:
            raise Broken(f"{self.name} could not log in")

    async def takes_next(self, within: float = 20) -> str:
        """Takes the next who waits, as soon as somebody does; the conversation's id."""
        last = time.monotonic() + within
        while time.monotonic() < last:
            page = await self._get("/")
            if 'action="/take-next"' in page:
                answer = await self._send("/take-next", page, {})
                place = answer.headers.get("location", "")
                if place.startswith("/conversations/"):
                    self.conversation = place.removeprefix("/conversations/").partition("?")[0]
                    return self.conversation
            await asyncio.sleep(_LOOKS_EVERY)
        raise Broken(f"{self.name} found nobody waiting")

    async def reads(self, text: str, within: float = 20) -> None:
        """Waits until this stands in the conversation."""
        last = time.monotonic() + within
        while time.monotonic() < last:
            if text in _plain(await self._get(f"/conversations/{self.conversation}")):
                return
            await asyncio.sleep(_LOOKS_EVERY)
        raise Broken(f"{self.name} doesn't see what was written: {text}")

    async def replies(self, text: str) -> None:
        await self._act("reply", {"text": text})

    async def closes(self) -> None:
        await self._act("close", {})

    async def sees_nothing_of(self, conversation: str) -> None:
        """The other organisation's conversation is not there for this one."""
        answer = await self._client.get(f"/conversations/{conversation}")
        if answer.status_code != 404:
            raise Broken(f"{self.name} got {answer.status_code} for a conversation of the other organisation, not 404")

    async def leaves(self) -> None:
        await self._client.aclose()

    async def _act(self, act: str, form: dict[str, str]) -> None:
        where = f"/conversations/{self.conversation}"
        answer = await self._send(f"{where}/{act}", await self._get(where), form)
        if answer.status_code != 303:
            raise Broken(f"{self.name} could not do this: {act} ({answer.status_code})")

    async def _get(self, path: str) -> str:
        answer = await self._client.get(path)
        if not answer.is_success:
            raise Broken(f"{self.name}: the console answered {answer.status_code} to {path}")
        return answer.text

    async def _send(self, path: str, page: str, form: dict[str, str]) -> httpx.Response:
        """Sends a form as the page has it, with what is hidden in it."""
        hidden = {name: html.unescape(value) for name, value in _FIELD.findall(page) if name != "back"}
        return await self._client.post(path, data={**hidden, **form})


def _plain(page: str) -> str:
    """The words of a page."""
    return html.unescape(_TAG.sub("", page))
