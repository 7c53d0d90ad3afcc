"""A person goes the whole way in Arabic, through Telegram and the database, to a counsellor who sees the language.

The numbers and names that run from left to right are looked at in a real browser, where they could be read backwards.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from pydantic import SecretStr

from bot import keyfile
from bot.running import parts
from bot.settings import Settings
from bot.simulator import Serving, Telegram
from responses.content import Content
from responses.direction import END, LEFT_TO_RIGHT, isolated
from tests.bot.parts import Parts
from tests.bot.test_in_browser import at_desk
from tests.bot.words import Counsellor, Person
from tests.conftest import Team
from tests.console.conftest import browser, console  # noqa: F401 - fixtures

NUMBER = "+381 11 785 0000"
# where each character of a stretch of text stands on the screen, from the left, in the order of reading aloud
PLACES = """([node, stretch]) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let whole = "";
  const spots = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode())
    for (let at = 0; at < text.data.length; at += 1) { whole += text.data[at]; spots.push([text, at]); }
  const first = whole.indexOf(stretch);
  return spots.slice(first, first + stretch.length).map(([text, at]) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  });
}"""


@pytest.fixture(scope="module")
def content() -> Content:
    return Content.load(unreviewed=True)


@pytest.fixture
def person(helpline: Parts, world: Telegram) -> Person:
    """Somebody whose phone speaks Arabic."""
    return Person(world.person("ar"))


def say(content: Content, key: str, **values: str) -> str:
    return content.text(key, "ar", **values)


async def test_from_start_to_a_counsellor_who_answers(person: Person, counsellor: Counsellor, content: Content) -> None:
    person.starts()
    await person.sees(say(content, "welcome.about"))  # to the last character: nothing is lost or added on the way
    await person.sees(say(content, "welcome.ask"))
    shown = {button.text for message in person.account.messages for row in message.buttons for button in row}
    assert {"العربية", "Türkçe", "English"} <= shown
    person.writes("زوجي أخذ جواز سفري ولا أستطيع الخروج")
    await person.sees(say(content, "further.free_text"))
    person.presses(say(content, "button.counsellor"))
    await person.sees(say(content, "place.ask"))
    person.presses(say(content, "side.serbia"))
    await person.sees_button(say(content, "button.share"))
    person.presses(say(content, "button.share"))
    await person.sees(say(content, "waiting.promise", organisation="#", when="#").split("#")[0].rstrip(LEFT_TO_RIGHT))

    (waiting,) = await counsellor.waiting()
    assert waiting.language == "ar"
    await counsellor.takes_next()
    await person.sees(say(content, "talking.started"))
    assert ("person", {"text": "زوجي أخذ جواز سفري ولا أستطيع الخروج"}) in await counsellor.reads()
    await counsellor.replies("مرحبًا، أنا هنا. هل أنت في أمان؟")
    await person.sees("مرحبًا، أنا هنا. هل أنت في أمان؟")


async def test_danger_in_another_language_brings_the_numbers_in_arabic(
    person: Person, atina: Team, content: Content
) -> None:
    person.starts()
    await person.sees(say(content, "welcome.ask"))
    person.writes("please help, he has a knife and wants to kill me right now")
    assert (await person.sees(content.emergency("ar", None))).startswith(content.emergency("ar", None))


async def test_every_arabic_and_turkish_text_arrives_as_it_was_sent(
    bot: Any, world: Telegram, content: Content
) -> None:
    person = Person(world.person("ar"))
    person.starts()
    chat = person.account.user["id"]
    for language in ("ar", "tr"):
        for key, text in content.texts[language].items():
            said = isolated(text) if language == "ar" else text
            sent = await bot.send_message(chat, said)
            assert sent.text == person.last_reply == said, key


async def test_the_commands_have_harmless_names_in_the_persons_language(
    person: Person, world: Telegram, content: Content
) -> None:
    person.starts()
    await person.is_heard()
    shown = {
        one["command"]: one["description"] for one in world.profile.commands_shown(person.account.user["id"], "ar")
    }
    assert shown["exit"] == say(content, "command.exit")
    assert len(shown) == 9


@pytest.mark.parametrize(("address", "offered"), [("https://api.telegram.org", False), ("http://127.0.0.1:8081", True)])
async def test_on_the_real_telegram_it_is_not_offered_before_somebody_has_read_it(
    tmp_path: Path, database_url: str, address: str, offered: bool
) -> None:
    chosen = Settings(telegram_token=SecretStr("1:token"), telegram_api_url=address, keys_file=tmp_path / "keys")
    keyfile.create(chosen.keys_path)
    async with parts.workshop(chosen, database_url) as made:
        assert ("ar" in made.content.offered) == offered


@pytest.mark.browser
async def test_numbers_and_names_are_read_in_their_order(
    person: Person,
    atina: Team,
    pvpt: Team,
    content: Content,
    server: Serving,
    browser: Browser,  # noqa: F811
) -> None:
    person.starts()
    await person.sees(say(content, "welcome.ask"))
    person.writes("/person")
    await person.sees_button(say(content, "button.skip"))
    person.presses(say(content, "side.serbia"))
    await person.sees_button(say(content, "button.share"))
    lines = content.lines("ar", "serbia")
    meanwhile = say(content, "waiting.meanwhile", lines=lines)
    chat = await browser.new_page(viewport={"width": 390, "height": 820})
    await chat.goto(server.url)
    await chat.get_by_role("button", name=person.account.name).click()
    about = chat.locator(".theirs .text").filter(has_text="1244/1999")
    await expect(about).to_be_visible()
    for stretch in ("1244/1999", "/forget", "Atina", "PVPT"):
        await reads_from_left_to_right(chat, about, stretch)
    other = chat.locator(".inline button").filter(has_text="PVPT")
    await reads_from_left_to_right(chat, other, "PVPT")
    share = chat.get_by_role("button", name=say(content, "button.share"))
    assert await share.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert await about.evaluate("node => getComputedStyle(node).direction") == "rtl"

    await shows(chat, meanwhile)
    shown = chat.locator("#shown")
    for stretch in (NUMBER, "0800 222 003", "116 111", "ASTRA", "/exit", "/start"):
        await reads_from_left_to_right(chat, shown, stretch)
    await shows(chat, meanwhile.replace(LEFT_TO_RIGHT, "").replace(END, ""))
    left = await chat.evaluate(PLACES, [await shown.element_handle(), NUMBER])
    assert left != sorted(left), "without the marks the number is read backwards: this test can fail"


async def shows(page: Page, text: str) -> None:
    """A paragraph of a page's own, as the chat makes them."""
    await page.evaluate(
        """text => {
          document.getElementById("shown")?.remove();
          const node = document.createElement("p");
          Object.assign(node, { id: "shown", dir: "auto", textContent: text });
          node.style.whiteSpace = "pre-wrap";
          document.body.append(node);
        }""",
        text,
    )


async def reads_from_left_to_right(page: Page, where: Any, stretch: str) -> None:
    left = await page.evaluate(PLACES, [await where.element_handle(), stretch])
    assert len(left) == len(stretch), stretch
    assert left == sorted(left), f"{stretch} is not read in its order: {left}"


@pytest.mark.browser
async def test_the_desk_says_which_language_the_person_reads(
    person: Person,
    atina: Team,
    content: Content,
    browser: Browser,  # noqa: F811
    console: str,  # noqa: F811
) -> None:
    person.starts()
    await person.sees(say(content, "welcome.ask"))
    person.writes("/person")
    await person.sees_button(say(content, "button.skip"))
    person.presses(say(content, "side.serbia"))
    await person.sees_button(say(content, "button.share"))
    person.presses(say(content, "button.share"))
    await person.is_heard()
    desk = await at_desk(browser, console, "atina-counsellor")
    await expect(desk.get_by_text("Arabic (العربية)").first).to_be_visible()
    await desk.get_by_role("button", name="Take the next").click()
    await expect(desk.get_by_text("Arabic (العربية)").first).to_be_visible()
    assert await desk.locator("#text").get_attribute("dir") == "auto"
