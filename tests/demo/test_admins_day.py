"""An admin's whole day in a real browser, on a real demo: taught wrong, refused, corrected, published, taken back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.async_api import Page, async_playwright, expect

from bot import processes
from bot.setup import chromium_path
from bot.tour.chat import Chat, Person
from nlu_data.client import NLU, NLUDown
from responses.content import Content
from tests.console.conftest import FLAGS
from tests.demo.test_whole import Demo, demo, trained  # noqa: F401 - a fixture

pytestmark = [pytest.mark.rasa, pytest.mark.browser, pytest.mark.slow]
CONTENT = Content.load()
# Words that nobody understands until they were taught.
NEW_WORDS = "bez kinte fercera zundara"
HIDDEN = "he has locked me in"
TRAINS_WITHIN = 400_000.0  # milliseconds
TAKEN_OVER_WITHIN = 30_000.0


@dataclass
class Pulse:
    """Asks the NLU server five times a second; seconds until each answer came, and how often none came."""

    nlu: NLU
    seconds: list[float] = field(default_factory=list)
    unanswered: int = 0

    @contextlib.asynccontextmanager
    async def felt(self) -> AsyncIterator[None]:
        feeling = asyncio.create_task(self._feel())
        try:
            yield
        finally:
            feeling.cancel()
            await asyncio.gather(feeling, return_exceptions=True)

    async def _feel(self) -> None:
        while True:
            began = time.perf_counter()
            try:
                await self.nlu.parse("ne smem da izadjem iz kuce bez njega")
                self.seconds.append(time.perf_counter() - began)
            except NLUDown:
                self.unanswered += 1
            await asyncio.sleep(0.2)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(0.95 * len(self.seconds))]


@dataclass
class Admin:
    """Dragana at her computer."""

    page: Page

    async def logs_in(self, console: str, password: str) -> None:
        await self.page.goto(console)
        await self.page.get_by_label("Login name").fill("dragana")
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.page.get_by_role("heading", name="How the bot understands")).to_be_visible()

    async def opens(self, name: str) -> None:
        await self.page.get_by_role("navigation").get_by_role("link", name=name).click()

    async def opens_topic(self, intent: str) -> None:
        await self.opens("How the bot understands")
        await self.page.locator(f"a[href^='/intents/{intent}']").first.click()

    async def adds(self, intent: str, language: str, text: str) -> None:
        await self.opens_topic(intent)
        await self.page.get_by_label("New examples, one a line").fill(text)
        await self.page.get_by_label("They are written in").select_option(language)
        await self.page.get_by_role("button", name="Check").click()
        await expect(self.page.get_by_role("heading", name="Check before saving")).to_be_visible()

    async def saves(self) -> None:
        await self.page.get_by_role("button", name="Save these changes").click()
        await expect(self.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()

    async def trains(self) -> None:
        await self.opens("Train and publish")
        await self.page.get_by_role("button", name="Train a new model").click()
        await expect(self.page.get_by_role("button", name="Cancel")).to_be_visible()

    async def until_trained(self) -> None:
        """By itself, without a reload."""
        await expect(self.page.get_by_role("heading", name="The new model")).to_be_visible(timeout=TRAINS_WITHIN)

    async def until_in_service(self) -> None:
        await expect(self.page.get_by_text("Published and in service.")).to_be_visible(timeout=TAKEN_OVER_WITHIN)

    async def model(self) -> str:
        return await self.page.locator("section:has(#live) dd code").first.inner_text()


async def reply_to(person: Person, text: str) -> str:
    mark = await person.writes(text)
    found = await person.until("is answered", lambda: person.after(mark) or None, 30)
    return str(found[0]["text"])


async def until_rasa(nlu: NLU) -> None:
    async with asyncio.timeout(120):
        while True:
            with contextlib.suppress(NLUDown):
                await nlu.status()
                return
            await asyncio.sleep(0.3)


def rasa(port: int) -> psutil.Process:
    """The serving Rasa of this demo."""
    found = (one for one in psutil.process_iter(["cmdline"]) if "rasa" in (one.info["cmdline"] or []))
    return next(one for one in found if str(port) in one.info["cmdline"] and one.info["cmdline"][0].endswith("python"))


async def test_an_admins_day(
    tmp_path: Path,
    trained: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port, token = processes.free_port(), secrets.token_urlsafe(16)
    monkeypatch.setenv("HELPLINE_NLU_PORT", str(port))
    monkeypatch.setenv("HELPLINE_NLU_TOKEN", token)
    nlu = NLU(f"http://127.0.0.1:{port}", token)
    with demo(tmp_path, trained) as running:
        await until_rasa(nlu)
        async with _browser() as page:
            chat = Chat(running.address("Chat"), lambda *_: None)
            async with chat.listening():
                await _day(Admin(page), running, chat, Pulse(nlu), port)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(40) == 0
    await nlu.aclose()


@contextlib.asynccontextmanager
async def _browser() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield await browser.new_page(viewport={"width": 1100, "height": 900})
        await browser.close()


async def _day(admin: Admin, running: Demo, chat: Chat, pulse: Pulse, port: int) -> None:
    cost = CONTENT.answer("ask_cost", "sr-Latn", None).text
    person = await chat.person("sr", "sr-Latn", "Mira")
    await person.writes("/start")
    await person.until("is asked for the language", lambda: person.offered("lang:sr-Latn"))
    await person.presses("lang:sr-Latn")
    assert await reply_to(person, NEW_WORDS) != cost

    found = re.search(r"dragana +(\S+)", running.said)
    assert found is not None, running.said
    await admin.logs_in(running.address("Console"), found[1])

    # taught: one sentence that helps, and one that would hide danger
    await admin.adds("ask_cost", "sr", NEW_WORDS)
    await admin.saves()
    await admin.adds("thanks", "en", HIDDEN)
    await expect(admin.page.get_by_text("The rules of danger see danger in it")).to_be_visible()
    await admin.saves()
    await admin.opens("Train and publish")
    shipped = await admin.model()

    # begun, and given up
    await admin.trains()
    await admin.page.get_by_role("button", name="Cancel").click()
    await expect(admin.page.get_by_text("The training was cancelled.").first).to_be_visible()

    # trained while the bot goes on answering, and refused
    await admin.trains()
    async with pulse.felt():
        assert await reply_to(person, "koliko ovo kosta?") == cost
        await admin.until_trained()
    print(f"parse p95 while training {1000 * pulse.p95:.0f} ms of {len(pulse.seconds)} texts")
    assert pulse.unanswered == 0
    assert pulse.p95 < 0.3
    await expect(admin.page.get_by_role("heading", name="This model cannot be published")).to_be_visible()
    await expect(admin.page.get_by_role("button", name="Publish")).to_have_count(0)
    assert await admin.model() == shipped

    # corrected, trained again, published
    hidden = admin.page.locator(".refused li").filter(has_text=HIDDEN)
    await hidden.get_by_role("link").first.click()
    await admin.page.get_by_role("checkbox", name=f"Take away: {HIDDEN}").check()
    await admin.page.get_by_role("button", name="Check").click()
    await admin.saves()
    await admin.trains()
    await admin.until_trained()
    await admin.page.get_by_role("button", name="Publish").click()
    await admin.until_in_service()
    taught = await admin.model()
    assert taught != shipped
    assert (await pulse.nlu.status()).startswith(taught)
    assert await reply_to(person, NEW_WORDS) == cost

    # Rasa dies in the middle of a conversation: the person is answered, and understood again when it is back
    process = rasa(port)
    process.kill()
    process.wait(10)
    assert CONTENT.text("understanding.down", "sr-Latn") in await reply_to(person, "a moze li i nocu da se pise?")
    await until_rasa(pulse.nlu)
    assert (await pulse.nlu.status()).startswith(taught)
    assert await reply_to(person, NEW_WORDS) == cost

    # taken back with one click
    await admin.page.get_by_text("Go back to the model before").click()
    await admin.page.get_by_role("button", name="Go back now").click()
    await admin.until_in_service()
    assert await admin.model() == shipped
    assert await reply_to(person, NEW_WORDS) != cost

    await admin.opens("History")
    await expect(admin.page.get_by_text(NEW_WORDS).first).to_be_visible()
    await expect(admin.page.get_by_role("heading", name="Model published")).to_have_count(2)
    assert os.environ["HELPLINE_NLU_TOKEN"] not in await admin.page.content()
