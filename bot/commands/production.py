"""`helpline run`: the helpline that people write to."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot import processes
from bot.commands import check
from bot.processes import PartFailed, Processes
from bot.running import line, parts
from bot.settings import Settings
from handoff.store import database

Say = Callable[[str], None]
DATABASE: Final = "helpline"
# These meet people; console and NLU server also serve who makes it ready for them.
_MEETS_PEOPLE: Final = frozenset({"receive", "answer", "send"})


class NotFit(Exception):
    """On the real Telegram the helpline doesn't start while something is wrong; see the list above."""


@asynccontextmanager
async def reached(chosen: Settings, say: Say) -> AsyncIterator[tuple[Processes, str]]:
    """The database, started if it is the embedded one, and migrated; with the processes that hold it."""
    async with Processes(_shown, say) as running:
        yield running, await line.start_database(running, chosen, DATABASE)


@asynccontextmanager
async def transaction(chosen: Settings) -> AsyncIterator[AsyncSession]:
    """One transaction on the helpline's database, for a command."""
    async with reached(chosen, print) as (_, url):
        engine = database.create_engine(url)
        try:
            async with database.sessions(engine).begin() as session:
                yield session
        finally:
            await engine.dispose()


async def run(chosen: Settings, say: Say) -> None:
    """All parts under one supervisor, after `check`."""
    with line.alone(chosen.data_dir):
        own = ("nlu",) if chosen.nlu_url is None else ()
        chosen = line.with_own_nlu(chosen) if own else chosen
        await processes.until_stopped(_serve(chosen, (*own, *parts.SERVING), say), say)


async def run_only(chosen: Settings, names: Sequence[str], say: Say) -> None:
    """Some parts, so that others can have a machine of their own. Raises parts.NotSet for an unknown part and
    without a database for all."""
    if unknown := set(names) - set(parts.NAMES):
        raise parts.NotSet(f"There is no part {', '.join(sorted(unknown))}. Parts are: {', '.join(parts.NAMES)}.")
    if chosen.database_url is None:
        raise parts.NotSet("DATABASE_URL is not set: parts that run apart meet in one database.")
    await processes.until_stopped(_serve(chosen, tuple(dict.fromkeys(names)), say), say)


async def migrate(chosen: Settings, say: Say) -> None:
    """Brings the database up to date and ends."""
    async with reached(chosen, say):
        say("The database is up to date.")


async def _serve(chosen: Settings, names: tuple[str, ...], say: Say) -> None:
    async with reached(chosen, say) as (running, url):
        if "nlu" in names:
            try:
                await line.train(running, chosen)
            except PartFailed as failure:
                say(f"{failure}\nThe helpline goes on with menus, rules of danger and people.")
        if _MEETS_PEOPLE & set(names):
            await _require(chosen, url, say)
        started = await line.start_own(running, chosen, url, names)
        await running.wait_for(*(one for one in started if one.part.vital))
        say(f"Running: {', '.join(names)}.")
        if "console" in names:
            say(f"The console is at http://{chosen.console_host}:{chosen.console_port}")
        await running.go_on()


async def _require(chosen: Settings, url: str, say: Say) -> None:
    """Refuses to serve people while something is wrong; on any other Telegram it only warns."""
    if check.report(await check.examine(chosen, url), say):
        return
    if chosen.telegram_token is None or chosen.on_real_telegram:
        raise NotFit
    say("!" * 78)
    say("SOMETHING IS WRONG, see above. It starts all the same, since this is not the real Telegram:")
    say(chosen.telegram_api_url)
    say("!" * 78)


def _shown(part: str, text: str) -> None:
    """A log line of a part, as it is: it is JSON and names its part. Of Rasa's own only what went wrong."""
    if part != "nlu" or line.worth_showing(text):
        print(text, file=sys.stderr, flush=True)


async def examine(chosen: Settings, say: Say) -> bool:
    """`helpline check`: says what is well and what is not."""
    async with reached(chosen, say) as (_, url):
        return check.report(await check.examine(chosen, url), say)
