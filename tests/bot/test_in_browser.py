"""A person and a counsellor talk to each other in two real browser windows, the whole way through."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.simulator import Serving
from responses.content import Content
from responses.languages import LANGUAGES
from tests.bot.parts import Parts
from tests.bot.words import Person, asks_for_a_counsellor
from tests.conftest import PASSWORD, Team
from tests.console.conftest import browser, console  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
Sessions = async_sessionmaker[AsyncSession]
PICTURES = os.environ.get("HELPLINE_PICTURES")


async def keep_picture(page: Page, name: str) -> None:
    """The README's pictures, when somebody asks for them: HELPLINE_PICTURES=docs/pictures."""
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def at_desk(browser: Browser, console: str, login: str, width: int = 1100) -> Page:  # noqa: F811
    context = await browser.new_context(viewport={"width": width, "height": 820})
    page = await context.new_page()
    await page.goto(console)
    await page.get_by_label("Login name").fill(login)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    return page


async def test_both_talk_and_a_lost_database_connection_loses_nothing(
    helpline: Parts,
    server: Serving,
    browser: Browser,  # noqa: F811
    console: str,  # noqa: F811
    atina: Team,
    content: Content,
    person: Person,
    sessions: Sessions,
) -> None:
    person.writes("my boss keeps my passport and says I owe him money")
    await person.is_heard()
    desk = await at_desk(browser, console, "atina-counsellor")
    await expect(desk.get_by_text("Nobody is waiting.")).to_be_visible()
    await asks_for_a_counsellor(person, content)
    await expect(desk.get_by_role("button", name="Take the next")).to_be_visible()  # by itself, without a reload
    await desk.get_by_role("button", name="Take the next").click()
    await expect(desk.get_by_text("my boss keeps my passport")).to_be_visible()

    chat = await browser.new_page(viewport={"width": 390, "height": 820})
    await chat.goto(server.url)
    await chat.get_by_role("button", name=person.account.name).click()
    reply = desk.get_by_label(re.compile("Your reply"))
    await reply.fill("I am Mira, a counsellor. You are not alone with this.")
    await reply.press("Control+Enter")
    await expect(chat.locator(".theirs").get_by_text("You are not alone with this.")).to_be_visible()
    await expect(desk.locator(".line.counsellor .delivery")).to_have_text(re.compile("^sent"))
    await expect(reply).to_have_value("")

    await chat.get_by_label("Message", exact=True).fill("thank you. can he do that?")
    await chat.keyboard.press("Enter")
    await expect(desk.get_by_text("thank you. can he do that?")).to_be_visible()
    await keep_picture(chat, "chat")
    await keep_picture(desk, "console")

    async with sessions() as session, session.begin():
        ended = await session.scalar(
            sa.text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
            )
        )
    assert ended
    person.writes("are you still there?")
    await expect(desk.get_by_text("are you still there?")).to_be_visible(timeout=15_000)

    await desk.get_by_text("Close the conversation").click()
    await desk.get_by_role("button", name="Close now").click()
    await person.sees(content.text("talking.closed", "en")[:20])
    await expect(desk.get_by_text("You are not talking to anybody now.")).to_be_visible()


async def test_the_second_counsellor_is_told_in_the_page(
    helpline: Parts,
    browser: Browser,  # noqa: F811
    console: str,  # noqa: F811
    atina: Team,
    content: Content,
    person: Person,
) -> None:
    person.writes("hello")
    await person.is_heard()
    await asks_for_a_counsellor(person, content)
    first = await at_desk(browser, console, "atina-counsellor")
    second = await at_desk(browser, console, "atina-lead")
    await second.route("**/desk/now", lambda route: route.abort())  # a page that has not heard of it yet
    await first.get_by_role("button", name="Take the next").click()
    await expect(first.get_by_label(re.compile("Your reply"))).to_be_visible()
    await second.get_by_role("button", name="Take the next").click()
    await expect(second.get_by_role("alert")).to_contain_text("Somebody else has just taken")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_pages_can_be_used_by_everybody_and_on_a_phone(
    helpline: Parts,
    browser: Browser,  # noqa: F811
    console: str,  # noqa: F811
    atina: Team,
    content: Content,
    person: Person,
    language: str,
) -> None:
    person.writes("he hit me again yesterday and my phone is watched")
    await person.is_heard()
    await asks_for_a_counsellor(person, content)
    page = await at_desk(browser, console, "atina-counsellor", width=360)
    await page.locator("#language").select_option(language)
    await expect(page.locator(f"html[lang='{language}']")).to_have_count(1)
    await keep_picture(page, f"desk-phone-{language}")
    await accessible(page)
    await page.locator("form[action='/take-next'] button").click()
    await expect(page.locator("textarea")).to_be_visible()
    await keep_picture(page, f"conversation-phone-{language}")
    await accessible(page)
    await page.goto(f"{console}/nowhere")
    await accessible(page)


async def accessible(page: Page) -> None:
    """axe finds nothing, and nothing is wider than the screen."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
