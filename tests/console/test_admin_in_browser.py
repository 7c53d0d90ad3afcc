"""The admin's pages in a real browser: live, usable by everybody, on a phone, in every language."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import models, trainings, wording
from handoff.access import Reader
from nlu_data.examples import Example
from responses.languages import LANGUAGES
from tests.conftest import PASSWORD
from tests.console.nlu import Understanding
from tests.console.trained import NEW, NOW, SEEN, figures, saves, trains

pytestmark = pytest.mark.browser
Sessions = async_sessionmaker[AsyncSession]
PICTURES = os.environ.get("HELPLINE_PICTURES")


@pytest.fixture
def nlu_url(nlu: Understanding) -> str:
    return nlu.url


async def logs_in(
    browser: Browser, console: str, width: int = 1100, colours: Literal["light", "dark"] = "light"
) -> Page:
    context = await browser.new_context(viewport={"width": width, "height": 820}, color_scheme=colours)
    page = await context.new_page()
    await page.goto(console)
    await page.get_by_label("Login name").fill("atina-admin")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", name="How the bot understands")).to_be_visible()
    return page


async def accessible(page: Page, picture: str) -> None:
    """axe finds nothing, and nothing is wider than the screen."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{picture}.png")
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(
    ("language", "width", "colours"),
    [*((language, 360, "light") for language in LANGUAGES), ("en", 360, "dark"), ("sr-Cyrl", 1100, "dark")],
)
async def test_the_pages_can_be_used_by_everybody(
    browser: Browser,
    console: str,
    sessions: Sessions,
    admin: Reader,
    measured: None,
    language: str,
    width: int,
    colours: Literal["light", "dark"],
) -> None:
    await saves(sessions, admin, NEW, Example("sq", "thanks", "me ka mbyll mbrena"))
    name = f"{language}-{width}-{colours}"
    page = await logs_in(browser, console, width, colours)
    await page.locator("#language").select_option(language)
    await expect(page.locator(f"html[lang='{language}']")).to_have_count(1)
    await page.locator("#q").fill("pasos")
    await page.keyboard.press("Enter")
    await expect(page.locator("#found")).to_be_visible()
    await accessible(page, f"topics-{name}")
    await page.goto(f"{console}/intents/thanks?language=sr#sr-3")
    await accessible(page, f"topic-{name}")
    await page.locator("#lines").fill("he has locked me in\nthanks a lot!\n[bad]\nthank you so very much indeed")
    await page.locator("#en-2 input").check()
    await page.locator(".bar .primary").click()
    await expect(page.locator(".looked .card")).to_have_count(5)
    await accessible(page, f"check-{name}")
    await page.goto(f"{console}/training")
    await page.locator("form[action='/training/train'] button").click()
    await expect(page.locator(".steps")).to_be_visible()
    await accessible(page, f"training-{name}")
    await trains(sessions, figures({**SEEN, "sq": 7}))
    await expect(page.locator(".refused")).to_be_visible()
    await accessible(page, f"refused-{name}")
    await page.goto(f"{console}/history")
    await accessible(page, f"history-{name}")
    await page.goto(f"{console}/desk/now")
    await accessible(page, f"closed-{name}")


async def test_a_training_is_watched_as_it_goes_on(
    browser: Browser, console: str, sessions: Sessions, admin: Reader, measured: None
) -> None:
    await saves(sessions, admin, NEW)
    page = await logs_in(browser, console)
    await page.get_by_role("link", name="Train and publish").click()
    await page.get_by_role("button", name="Train a new model").click()
    step = page.locator("[aria-current=step]")
    await expect(step).to_contain_text("Waiting to begin")
    async with sessions.begin() as session:
        training = await trainings.claim(session, NOW)
        assert training is not None
    async with sessions.begin() as session:
        await trainings.go_on(session, training.id, "learning", "one line\n")
    await expect(step).to_contain_text("Learning from them")  # by itself, without a reload
    await expect(page.get_by_role("status").filter(has_text="Learning from them")).to_have_count(1)
    await page.get_by_text("What the training said").click()
    await expect(page.get_by_text("one line")).to_be_visible()
    async with sessions.begin() as session:
        await trainings.go_on(session, training.id, "measuring", "another line\n")
    await expect(page.get_by_text("another line")).to_be_visible()  # what was unfolded stays so
    async with sessions.begin() as session:
        await trainings.end(session, training.id, "failed", NOW, None)
    await expect(page.locator("#train + p")).to_contain_text("The training failed.")


async def test_it_is_said_by_itself_that_a_model_came_into_service(
    browser: Browser, console: str, sessions: Sessions, admin: Reader, measured: None, nlu: Understanding
) -> None:
    await saves(sessions, admin, NEW)
    async with sessions.begin() as session:
        await trainings.ask(session, admin)
    name = await trains(sessions, figures(SEEN))
    page = await logs_in(browser, console)
    await page.get_by_role("link", name="Train and publish").click()
    await expect(page.get_by_text("Published and in service.")).to_be_visible()
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.get_by_text("Published. The bot takes it over within a minute")).to_be_visible()
    for _ in range(3):  # the page looks once when it is open, once when it hears, and then by itself
        async with page.expect_response("**/training/now", timeout=10_000):
            pass
    nlu.model = name
    await expect(page.get_by_text("Published and in service.")).to_be_visible()
    async with sessions() as session:
        assert await models.live(session) == name
    nlu.model = wording.base()
    await page.get_by_text("Go back to the model before").click()
    await page.get_by_role("button", name="Go back now").click()
    await expect(page.locator("dd code")).to_have_text(wording.base()[:8])
    await expect(page.get_by_text("Published and in service.")).to_be_visible()
    async with sessions() as session:
        assert await models.live(session) == wording.base()
