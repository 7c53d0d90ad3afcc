"""PostgreSQL goes and comes back in the middle of conversations: nothing is lost, everybody is answered."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bot.simulator import Telegram
from bot.telegram.connection import Connection
from handoff.store import database, embedded
from handoff.vault import ServerKeys
from nlu_data.lexicon import Lexicon
from responses.content import Content
from tests.bot.clock import Clock
from tests.bot.parts import put_together
from tests.bot.words import Counsellor, Person, asks_for_a_counsellor
from tests.conftest import Templates

pytestmark = pytest.mark.slow
BEFORE, MEANWHILE, AFTER = "before it went", "while it was gone", "when it was back"


@pytest.fixture
def own_postgres() -> Iterator[embedded.EmbeddedPostgres]:
    """A PostgreSQL that no other test uses, with all its safety on."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - the server runs as a user of its own when the tests run as root
        server = embedded.EmbeddedPostgres.start(Path(folder) / "data")
        yield server
        server.stop()


async def restarted(server: embedded.EmbeddedPostgres, meanwhile: asyncio.Event) -> None:
    """Stops it, waits until it was missed, and starts it again in the same place."""
    await asyncio.to_thread(server.stop)
    with pytest.raises(psycopg.OperationalError):
        await psycopg.AsyncConnection.connect(f"host={server.folder} user=postgres")
    await asyncio.wait_for(meanwhile.wait(), 10)
    await asyncio.to_thread(embedded.EmbeddedPostgres.start, server.folder)


async def test_a_database_that_restarts_costs_no_word(
    own_postgres: embedded.EmbeddedPostgres,
    server_keys: ServerKeys,
    bot: Connection,
    world: Telegram,
    clock: Clock,
    content: Content,
    lexicon: Lexicon,
    nlu_url: str,
) -> None:
    name, teams = Templates(own_postgres).with_teams(("atina",))
    url = own_postgres.url(name)
    stop = asyncio.Event()
    async with put_together(url, server_keys, bot, clock, content, lexicon, nlu_url) as parts:
        running = asyncio.create_task(parts.run(stop))
        asking, talking = Person(world.person("en")), Person(world.person("en"))
        for person in (asking, talking):
            person.starts()
            await person.sees_button("English")
            person.presses("English")
            await person.is_heard()
        counsellor = Counsellor(parts.sessions, url, server_keys, teams["atina"].counsellor, clock)
        await asks_for_a_counsellor(talking, content)
        await counsellor.takes_next()
        talking.writes(BEFORE)
        await counsellor.until_reads(BEFORE)

        meanwhile = asyncio.Event()
        going = asyncio.create_task(restarted(own_postgres, meanwhile))
        while not going.done() and _is_there(own_postgres, name):  # noqa: ASYNC110 - what is looked at is a server
            await asyncio.sleep(0.02)
        talking.writes(MEANWHILE)
        asking.writes("/privacy")
        meanwhile.set()
        await going

        await asking.is_heard()
        await counsellor.until_reads(MEANWHILE)
        talking.writes(AFTER)
        await counsellor.until_reads(AFTER)
        await counsellor.replies("I am still here")
        await talking.sees("I am still here")
        said = [words.get("text") for direction, words in await counsellor.reads() if direction == "person"]
        assert said[-3:] == [BEFORE, MEANWHILE, AFTER]
        assert len(asking.answers) == len(set(asking.answers))
        stop.set()
        await running


def _is_there(server: embedded.EmbeddedPostgres, name: str) -> bool:
    try:
        psycopg.connect(database.conninfo(server.url(name))).close()
    except (psycopg.OperationalError, AttributeError):
        return False
    return True
