"""The worker and the receiver go on, whatever happens around them."""

from __future__ import annotations

import asyncio
import logging

import psycopg
import pytest

from bot import outermost
from handoff.store import database
from responses.content import Content
from tests.bot.parts import Parts
from tests.bot.words import Counsellor, Person


async def test_a_lost_database_is_waited_for(person: Person, content: Content, database_url: str) -> None:
    person.writes("one")
    await person.is_heard()
    async with await psycopg.AsyncConnection.connect(database.conninfo(database_url)) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    person.writes("two")
    await person.sees(content.text("understanding.down", "en"))
    person.writes("/privacy")
    await person.sees(content.text("privacy.text", "en"))


async def test_the_log_holds_nothing_that_was_written(
    person: Person,
    counsellor: Counsellor,
    content: Content,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    person.writes("zinnia")
    await person.sees(content.text("understanding.down", "en"))
    person.writes("/person")
    await person.sees_button(content.text("button.skip", "en"))
    person.presses(content.text("button.skip", "en"))
    await person.sees_button(content.text("button.share", "en"))
    person.presses(content.text("button.share", "en"))
    await person.is_heard()
    await counsellor.takes_next()
    await counsellor.replies("marigold")
    await person.sees("marigold")
    person.does("blocks")
    await counsellor.replies("foxglove")
    await counsellor.until_delivery("foxglove", "failed")
    printed = (caplog.text + "".join(capsys.readouterr())).lower()
    for secret in ("zinnia", "marigold", "foxglove", person.account.user["username"], str(person.account.id)):
        assert secret.lower() not in printed


async def test_told_to_stop_it_ends(helpline: Parts) -> None:
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(helpline.working.run(stop), 5)


async def test_a_loop_that_fails_goes_on_and_says_no_more_than_the_class(
    capsys: pytest.CaptureFixture[str],
) -> None:
    stop = asyncio.Event()
    tries = []

    async def turn() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("a secret word")
        stop.set()

    await outermost.keep_going("test", turn, stop)
    printed = capsys.readouterr().out
    assert len(tries) == 2
    assert "RuntimeError" in printed
    assert "secret" not in printed
