"""`helpline run`: the helpline that people write to."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot import check, line, parts, processes
from bot.processes import PartFailed, Processes
from bot.settings import Settings

Say = Callable[[str], None]
DATABASE: Final = "helpline"


class NotFit(Exception):
    """On the real Telegram the helpline doesn't start while something is wrong; see the list above."""


@asynccontextmanager
async def reached(chosen: Settings, say: Say) -> AsyncIterator[tuple[Processes, str]]:
    """The database, started if it is the embedded one, and migrated; with the processes that hold it."""
    async with Processes(_shown, say) as running:
        yield running, await line.start_database(running, chosen, DATABASE)


async def run(chosen: Settings, say: Say) -> None:
    """All parts under one supervisor, after `check`."""
    with line.alone(chosen.data_dir):
        await processes.until_stopped(_serve(chosen, say), say)


async def run_only(chosen: Settings, name: str, say: Say) -> None:
    """One part in this process, so that each can have a machine of its own."""
    async with reached(chosen, say) as (_, url):
        await _require(chosen, url, say)
        async with processes.until_told() as stop:
            await parts.run(name, chosen, url, stop)


async def _serve(chosen: Settings, say: Say) -> None:
    async with reached(chosen, say) as (running, url):
        if chosen.nlu_url is None:
            try:
                await line.train(running, chosen)
            except PartFailed as failure:
                say(f"{failure}\nThe helpline goes on with menus, rules of danger and people.")
        await _require(chosen, url, say)
        if chosen.nlu_url is None:
            chosen = line.with_own_nlu(chosen)
            await line.start_nlu(running, chosen, vital=False)
        started = await line.start_own(running, chosen, url, parts.NAMES)
        await running.wait_for(*started)
        say(f"The helpline is running; its console is at http://{chosen.console_host}:{chosen.console_port}")
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
