"""Another Bot API emulator, which knows the six essential methods and answers everything else with 404."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.simulator import Telegram
from responses.content import Content
from tests.bot.wire import Answer, Wire
from tests.bot.words import Counsellor, Person, asks_for_a_counsellor

ESSENTIAL = frozenset({"getMe", "getUpdates", "sendMessage", "editMessageText", "deleteMessage", "answerCallbackQuery"})
NOT_FOUND = json.dumps({"ok": False, "error_code": 404, "description": "Not Found"}).encode()


class Foreign(Wire):
    """The wire to such an emulator."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()

    async def do_request(self, *args: Any, **kwargs: Any) -> Answer:
        method = str(kwargs.get("url") or args[0]).rsplit("/", 1)[-1]
        if method in ESSENTIAL:
            return await super().do_request(*args, **kwargs)
        self.refused.add(method)
        return 404, NOT_FOUND


@pytest.fixture
def wire() -> Foreign:
    return Foreign()


async def test_the_whole_conversation_works_there(
    person: Person, counsellor: Counsellor, content: Content, wire: Foreign, world: Telegram
) -> None:
    world.group("A group").adds_bot(person.account)
    person.starts()
    await person.sees(content.text("welcome.ask", "en"))
    await asks_for_a_counsellor(person, content)
    await counsellor.takes_next()
    await person.sees(content.text("talking.started", "en"))
    await counsellor.replies("I am here")
    await person.sees("I am here")
    person.writes("thank you")
    await counsellor.until_reads("thank you")
    person.writes("/exit")
    await person.sees(content.text("leaving.line", "en"))
    assert person.screen == [content.text("leaving.line", "en")]
    assert {"deleteWebhook", "setMyCommands", "leaveChat"} <= wire.refused
