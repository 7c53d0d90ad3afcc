"""The chat page in a real browser."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, async_playwright, expect
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import NetworkError, RetryAfter

from bot.simulator import Account, Press, Serving, Telegram, samples

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("HELPLINE_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


async def _open(browser: Browser, server: Serving, width: int = 1280, scheme: str = "light") -> Page:
    page = await browser.new_page(
        viewport={"width": width, "height": 760},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=width < 500,
    )
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.__dict__["problems"] = problems
    await page.goto(server.url)
    await expect(page.locator("#offline")).to_be_hidden()
    return page


async def _choose(page: Page, person: Account) -> None:
    await page.get_by_role("button", name=person.name).click()
    await expect(page.locator("#me")).to_contain_text(person.name)
    if await page.evaluate("matchMedia('(hover: hover)').matches"):
        await expect(page.get_by_label("Message", exact=True)).to_be_focused()


def _fine(page: Page) -> None:
    assert page.__dict__["problems"] == []


async def test_a_conversation_by_keyboard(browser: Browser, server: Serving, bot: Bot) -> None:
    page = await _open(browser, server)
    await page.get_by_role("button", name="New person").click()
    await page.get_by_label("Language of their phone").select_option("sq")
    await page.get_by_role("button", name="Add").click()
    await page.get_by_role("button", name="Start", exact=True).click()
    (person,) = server.telegram.accounts.values()
    await person.until(lambda: person.messages)
    assert (person.messages[0].text, person.language) == ("/start", "sq")

    keys = InlineKeyboardMarkup(
        [[InlineKeyboardButton("Po", callback_data="y"), InlineKeyboardButton("Jo", callback_data="n")]]
    )
    await bot.send_message(person.id, "A je <b>mirë</b>?", parse_mode="HTML", reply_markup=keys)
    await expect(page.locator(".theirs strong")).to_have_text("mirë")
    await expect(page.locator("#told")).to_contain_text("A je mirë?")
    text = page.get_by_label("Message", exact=True)
    await expect(text).to_be_focused()
    await page.keyboard.press("Alt+Digit2")
    press = await person.until(lambda: person.presses_made and person.presses_made[-1])
    assert isinstance(press, Press)
    assert press.data == "n"
    await expect(page.locator(".inline .pending")).to_have_text("Jo")
    await bot.answer_callback_query(press.id, "U regjistrua")
    await expect(page.get_by_role("alert")).to_have_text("U regjistrua")
    await expect(page.locator(".inline .pending")).to_have_count(0)

    await page.keyboard.type("një")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("dy")
    await page.keyboard.press("Enter")
    await person.until(lambda: person.messages[-1].text == "një\ndy")
    await expect(page.locator(".mine")).to_have_count(2)
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#context-title")).to_have_text("Edit message")
    await page.keyboard.type(" tre")
    await page.keyboard.press("Enter")
    await person.until(lambda: person.messages[-1].text == "një\ndy tre")
    await expect(page.locator(".mine").last.locator(".meta")).to_contain_text("edited")

    await expect(page.get_by_role("img", name="received by the bot")).to_have_count(0)
    last = (await bot.get_updates())[-1].update_id
    await bot.get_updates(offset=last + 1)
    await expect(page.get_by_role("img", name="received by the bot")).to_have_count(2)

    await page.locator(".mine").last.hover()
    await page.locator(".mine").last.get_by_label("Message menu").click()
    await page.get_by_role("menuitem", name="Delete for both").click()
    await expect(page.locator(".mine")).to_have_count(1)
    assert person.messages[-1].from_bot
    _fine(page)


async def test_commands_are_offered(browser: Browser, server: Serving, bot: Bot, person: Account) -> None:
    await bot.set_my_commands([("exit", "Leave"), ("help", "Help")])
    page = await _open(browser, server)
    await _choose(page, person)
    await page.keyboard.type("/")
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await person.until(lambda: person.messages[-1].text == "/help")
    await page.get_by_role("button", name="Commands").click()
    await page.get_by_role("option", name="Leave").click()
    await person.until(lambda: person.messages[-1].text == "/exit")
    _fine(page)


async def test_several_people_at_once(browser: Browser, server: Serving, bot: Bot, world: Telegram) -> None:
    people = [world.person(language) for language in ("sr", "sq")]
    for someone in people:
        someone.starts()
    page = await _open(browser, server)
    one, two = people
    await _choose(page, one)
    await bot.send_chat_action(one.id, "typing")
    await expect(page.locator("#status")).to_have_text("typing…")
    await bot.send_message(two.id, "first")
    await bot.send_message(two.id, "second")
    row = page.locator(f"#people [data-id='{two.id}']")
    await expect(row.locator(".badge")).to_have_text("2")
    assert (await page.title()).startswith("(2)")
    await page.keyboard.press("Control+KeyK")
    await page.keyboard.type("sq")
    await page.keyboard.press("Enter")
    await expect(page.locator("#me")).to_contain_text(two.name)
    await two.until(lambda: two.unread == 0)
    await expect(row.locator(".badge")).to_have_count(0)
    await expect(page.locator(".theirs .text")).to_have_text(["first", "second"])
    _fine(page)


async def test_everything_can_be_sent(
    browser: Browser, server: Serving, bot: Bot, person: Account, tmp_path: Path
) -> None:
    page = await _open(browser, server)
    await _choose(page, person)

    async def attach(name: str) -> None:
        await page.get_by_role("button", name="Attach").click()
        await page.get_by_role("menuitem", name=name, exact=True).click()

    async def sent(kind: str) -> None:
        await person.until(lambda: person.messages[-1].kind == kind)
        await expect(page.locator(f".mine.kind-{kind}").last).to_be_visible()

    await attach("Sample photo")
    await sent("photo")
    await attach("Sample voice message")
    await sent("voice")
    await attach("Sample video message")
    await sent("video_note")
    await attach("Own contact")
    await sent("contact")
    await attach("Sticker…")
    await page.get_by_role("button", name="🌼").click()
    await sent("sticker")
    await attach("Position…")
    await page.get_by_role("button", name="Prishtina").click()
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await sent("location")
    assert person.messages[-1].content["location"] == {"latitude": 42.6629, "longitude": 21.1655}
    picture = tmp_path / "hills.jpg"
    picture.write_bytes(samples.photo())
    for name, kind in (("Photo…", "photo"), ("Document…", "document")):
        async with page.expect_file_chooser() as chooser:
            await attach(name)
        await (await chooser.value).set_files(picture)
        await sent(kind)
    image = page.locator(".kind-photo img").last
    await expect(image).to_have_js_property("naturalWidth", 960)

    keys = ReplyKeyboardMarkup([[KeyboardButton("Here", request_location=True)], ["Skip"]])
    await bot.send_message(person.id, "Where are you?", reply_markup=keys)
    await page.get_by_role("group", name="Reply keyboard").get_by_role("button", name="Here").click()
    await page.get_by_role("button", name="Niš").click()
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await person.until(lambda: person.messages[-1].content.get("location", {}).get("latitude") == 43.3209)
    await page.get_by_role("button", name="Skip").click()
    await person.until(lambda: person.messages[-1].text == "Skip")
    _fine(page)


async def test_block_unblock_and_clear(browser: Browser, server: Serving, person: Account) -> None:
    page = await _open(browser, server)
    await _choose(page, person)

    async def choose(name: str, sure: str) -> None:
        await page.get_by_role("button", name="Chat menu").click()
        await page.get_by_role("menuitem", name=name).click()
        await page.get_by_role("button", name=sure, exact=True).click()

    await choose("Block the bot", "Block")
    await person.until(lambda: person.blocked)
    await expect(page.get_by_label("Message", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Unblock and restart the bot").click()
    await person.until(lambda: not person.blocked and len(person.messages) == 2)
    await choose("Clear the chat", "Delete")
    await person.until(lambda: not person.messages)
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    _fine(page)


async def test_telegram_is_made_to_fail(browser: Browser, server: Serving, bot: Bot, person: Account) -> None:
    faults = server.telegram.faults
    server.telegram.person("sq")
    page = await _open(browser, server)
    await _choose(page, person)
    await page.get_by_role("button", name="Chat menu").click()
    await page.get_by_role("menuitem", name="Make Telegram fail…").click()
    dialog = page.get_by_role("dialog", name="Make Telegram fail")
    await expect(dialog).to_contain_text("Nothing: all goes well.")
    await dialog.get_by_label("What happens").select_option("Internal error (500)")
    await expect(dialog.get_by_label("Seconds to wait")).to_be_hidden()
    await dialog.get_by_label("What happens").select_option("Too many requests (429)")
    await dialog.get_by_label("Seconds to wait").fill("7")
    await dialog.get_by_label("How often").fill("2")
    await dialog.get_by_role("button", name="Make it fail").click()
    lines = dialog.get_by_role("listitem")
    told = f"sendMessage to {person.name}: Too many requests (429), try again after 7 s"
    await expect(lines).to_have_text([f"2 × {told}"])
    with pytest.raises(RetryAfter):
        await bot.send_message(person.id, "hello")
    await expect(lines).to_have_text([f"1 × {told}"])

    await dialog.get_by_label("What happens").select_option("No answer at all")
    await dialog.get_by_label("Which calls").select_option("Asking for news (getUpdates)")
    await expect(dialog.get_by_label("To whom")).to_be_hidden()
    await dialog.get_by_label("How often").fill("1")
    await dialog.get_by_role("button", name="Make it fail").click()
    await expect(lines).to_have_count(2)
    assert [(one.kind, one.method, one.chat_id) for one in faults.outstanding] == [
        ("429", "sendMessage", person.id),
        ("hang", "getUpdates", None),
    ]
    await dialog.get_by_role("button", name="Close").click()
    note = page.get_by_role("button", name="Telegram:")
    await expect(note).to_have_text("Telegram: 2 calls will fail")
    poll = asyncio.create_task(bot.get_updates())
    await expect(note).to_have_text("Telegram: 1 call will fail, 1 call without an answer")
    await note.click()
    await dialog.get_by_role("button", name="Clear all").click()
    await expect(dialog).to_contain_text("Nothing: all goes well.")
    with pytest.raises(NetworkError):
        await poll
    await dialog.get_by_role("button", name="Close").click()
    await expect(note).to_be_hidden()
    assert faults.outstanding == ()
    _fine(page)


async def test_it_comes_back_after_a_lost_connection(
    browser: Browser, server: Serving, bot: Bot, person: Account
) -> None:
    page = await _open(browser, server)
    await _choose(page, person)
    await page.keyboard.type("half a thought")
    server.telegram.changes.interrupt()
    await expect(page.locator("#offline")).to_be_visible()
    await bot.send_message(person.id, "said meanwhile")
    await expect(page.locator(".theirs .text")).to_have_text("said meanwhile")
    await expect(page.locator("#offline")).to_be_hidden()
    await expect(page.get_by_label("Message", exact=True)).to_have_value("half a thought")
    await bot.send_message(person.id, "and after")
    await expect(page.locator(".theirs .text")).to_have_count(2)


async def test_old_messages_have_their_day(browser: Browser, server: Serving, bot: Bot, person: Account) -> None:
    server.telegram.clock.advance(timedelta(days=-1))
    await bot.send_message(person.id, "old")
    server.telegram.clock.advance(timedelta(days=1))
    page = await _open(browser, server)
    await _choose(page, person)
    await expect(page.locator(".day")).to_have_text(["Today", "Yesterday"])


async def test_on_a_small_phone(browser: Browser, server: Serving, bot: Bot, person: Account) -> None:
    page = await _open(browser, server, width=360)
    await _choose(page, person)
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("A rather long button " * 3, callback_data="x")]])
    await bot.send_message(person.id, "word" * 60, reply_markup=keys)
    person.sends_photo()
    await expect(page.locator(".kind-photo")).to_be_visible()
    for _ in range(30):
        await bot.send_message(person.id, "more")
    await expect(page.locator(".theirs")).to_have_count(31)
    widths = "[document.documentElement, document.querySelector('#scroll')].map(node => node.scrollWidth)"
    assert await page.evaluate(widths) == [360, 360]
    at_end = "(box => box.scrollHeight - box.scrollTop - box.clientHeight < 5)(document.querySelector('#scroll'))"
    await page.wait_for_function(at_end)
    await page.evaluate("document.querySelector('#scroll').scrollTop = 0")
    await expect(page.locator("#down")).to_be_visible()
    await bot.send_message(person.id, "below")
    await expect(page.locator("#below")).to_have_text("1")
    await page.get_by_role("button", name="To the newest message").click()
    await expect(page.locator("#down")).to_be_hidden()
    await page.get_by_role("button", name="Back to people").click()
    await expect(page.get_by_role("heading", name="People")).to_be_visible()
    await page.get_by_role("button", name="Make Telegram fail…").click()
    dialog = page.get_by_role("dialog", name="Make Telegram fail")
    for _ in range(20):
        server.telegram.faults.order("cut_after", chat_id=person.id)
    await expect(dialog.get_by_role("listitem")).to_have_count(20)
    assert await dialog.evaluate("box => [box.scrollWidth <= box.clientWidth, box.clientWidth <= 336]") == [True, True]
    await dialog.get_by_role("button", name="Make it fail").click()
    await expect(dialog.get_by_role("listitem")).to_have_count(21)
    await dialog.get_by_role("button", name="Close").click()
    await page.go_back()
    await expect(page.locator("#me")).to_contain_text(person.name)
    _fine(page)


@pytest.mark.parametrize("look", [(1280, "light"), (1280, "dark"), (375, "light"), (375, "dark")])
async def test_everybody_can_use_it(
    look: tuple[int, str], browser: Browser, server: Serving, bot: Bot, person: Account
) -> None:
    server.telegram.person("sq")
    keys = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Yes", callback_data="y"),
                InlineKeyboardButton("Site", url="https://atina.org.rs"),
            ]
        ]
    )
    html = "a <a href='https://atina.org.rs'>link</a> <code>code</code> <tg-spoiler>hidden</tg-spoiler>"
    sent = await bot.send_message(person.id, html, parse_mode="HTML", reply_markup=keys)
    person.writes("answer", person.log[sent.message_id])
    for send in (person.sends_photo, person.sends_voice, person.sends_document, person.sends_video_note):
        send()
    person.sends_contact()
    person.sends_sticker()
    person.sends_location(42.66, 21.16)
    await bot.send_message(person.id, "x", reply_markup=ReplyKeyboardMarkup([["Menu", "Person"]]))
    server.telegram.faults.order("429", chat_id=person.id)
    page = await _open(browser, server, *look)

    async def accessible(what: str) -> None:
        await page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
        result = await Axe().run(page)
        assert not result.response["violations"], f"{what}: {result.generate_report()}"

    await accessible("the list")
    await _choose(page, person)
    await expect(page.locator(".kind-location")).to_be_visible()
    await accessible("the chat")
    for dialog in ("new-person", "switcher", "place", "stickers", "faults", "shortcuts"):
        await page.evaluate(f"document.getElementById('{dialog}').showModal()")
        await accessible(dialog)
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Attach").click()
    await accessible("the menu")
    await page.keyboard.press("Escape")
    await page.reload()
    _fine(page)
