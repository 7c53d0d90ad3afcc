"""Somebody who uses the console in a browser without scripts."""

from __future__ import annotations

import html
import re

import httpx

from tests.conftest import PASSWORD

Fields = str | list[str]


class Visitor:
    """A browser without scripts: follows redirects, keeps cookies, fills in forms."""

    def __init__(self, address: str) -> None:
        self.http = httpx.AsyncClient(base_url=address, follow_redirects=True)
        self.page = ""

    async def opens(self, path: str) -> httpx.Response:
        answer = await self.http.get(path)
        self.page = answer.text
        return answer

    async def submits(self, path: str, **fields: Fields) -> httpx.Response:
        token = re.search(r'name="_csrf_token" value="([^"]+)"', self.page)
        data = {"_csrf_token": token[1] if token else "", **fields}
        answer = await self.http.post(path, data=data)
        self.page = answer.text
        return answer

    async def logs_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        await self.opens("/login")
        return await self.submits("/login", login=login, password=password)

    @property
    def text(self) -> str:
        """What can be read on the page, in one line."""
        main = self.page[self.page.find("<main") :] if "<main" in self.page else self.page
        words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())
        return re.sub(r" ([.,:;])", r"\1", words)

    def hidden(self, action: str) -> dict[str, Fields]:
        """The hidden fields of the form that goes to this address, except its token."""
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', self.page, re.DOTALL)
        assert form, action
        found: dict[str, Fields] = {}
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]):
            if name == "away":
                found["away"] = [*found.get("away", []), html.unescape(value)]
            elif name != "_csrf_token":
                found[name] = html.unescape(value)
        return found
