"""The NLU server over HTTP: asks what a text means, and which model answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

from nlu_data.normalise import fold

TIME_LIMIT = 1.5


class NLUDown(Exception):
    """The NLU server did not answer in time or not in its way; lexicon and menus go on without it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a text may mean, and how sure the model is: 0 to 1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that a text may mean, the likeliest first, and the model that says so."""

    intents: tuple[Guess, ...]
    model: str


class NLU:
    """The server at an address. Texts go in the body of a request, so they are in no log of addresses."""

    def __init__(self, url: str, token: str, timeout: float = TIME_LIMIT) -> None:
        self._token = token
        self._timeout = timeout
        # No proxy, whatever the environment says: what a person writes goes to this server and nowhere else.
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout, trust_env=False)

    async def parse(self, text: str) -> Understanding:
        """What a text means; nothing for one without a letter. Raises NLUDown after `timeout` seconds at the latest."""
        if not any(letter.isalpha() for letter in fold(text)):
            return Understanding((), "")
        answer = await self._ask("POST", "/model/parse", json={"text": text})
        try:
            guesses = tuple(Guess(str(one["name"]), float(one["confidence"])) for one in answer["intent_ranking"])
            model = str(answer.get("model_id", ""))
        except (KeyError, TypeError, ValueError):
            raise NLUDown from None
        if not guesses:
            raise NLUDown
        return Understanding(tuple(sorted(guesses, key=lambda one: -one.confidence)), model)

    async def status(self) -> str:
        """The file name of the model that answers now: its fingerprint."""
        answer = await self._ask("GET", "/status")
        name = str(answer.get("model_file", "")).rsplit("/", 1)[-1].removesuffix(".tar.gz")
        if not name:
            raise NLUDown
        return name

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, json: Any = None) -> dict[str, Any]:
        try:
            # httpx's own limit holds for each step alone: a server that trickles would never be given up.
            async with asyncio.timeout(self._timeout):
                answer = await self._client.request(method, path, params={"token": self._token}, json=json)
            answer.raise_for_status()
            content = answer.json()
        except (TimeoutError, httpx.HTTPError, ValueError):
            raise NLUDown from None
        if not isinstance(content, dict):
            raise NLUDown
        return content
