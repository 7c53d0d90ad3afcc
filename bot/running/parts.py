"""The helpline's own parts, each put together and run in this process: receive, answer, send, console, nlu.

`python -m bot.running.parts NAME` is how a supervisor starts one; `helpline run --only NAME` is the same by hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot import keyfile, logs, processes, settings, web, well
from bot.answer import Answering
from bot.nlu import part
from bot.paired import Pairing, ReceivingPaired
from bot.processes import PartFailed
from bot.receive import Receiving, TokenRefused
from bot.send import Sending
from bot.settings import Settings
from bot.sweep import Sweeping
from bot.telegram import connection
from bot.webhook import Webhook
from bot.worker import Drain, Working
from handoff.console.app import create_app
from handoff.store import database
from handoff.vault import ServerKeys
from nlu_data import model
from nlu_data.client import NLU
from nlu_data.lexicon import Lexicon
from responses.content import Content

_LOG: Final = structlog.get_logger("bot.running.parts")  # not __name__: this module is run
_ENDED: Final = "{name} ERROR {why}"  # as Rasa writes what must be shown
SERVING: Final = ("receive", "answer", "send", "console")
NAMES: Final = (*SERVING, "nlu")


class NotSet(Exception):
    """A setting that this part needs is not set."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every part is made of."""

    settings: Settings
    url: str
    keys: ServerKeys
    content: Content
    engine: AsyncEngine

    @property
    def sessions(self) -> async_sessionmaker[AsyncSession]:
        return database.sessions(self.engine)

    def sign(self, name: str) -> Callable[[], None]:
        """What a part calls after each round of its work that succeeded."""
        return lambda: well.sign(self.settings.data_dir, name)

    def connect(self) -> connection.Connection:
        if self.settings.telegram_token is None:
            raise NotSet("HELPLINE_TELEGRAM_TOKEN is not set: there is no Telegram to talk to.")
        return connection.connect(self.settings.telegram_token.get_secret_value(), self.settings.telegram_api_url)


@contextlib.asynccontextmanager
async def workshop(chosen: Settings, url: str) -> AsyncIterator[Workshop]:
    """Keys, texts and database; raises keyfile.NoKeys and the database's own errors at once."""
    engine = database.create_engine(url)
    content = Content.load(unreviewed=not chosen.on_real_telegram)
    try:
        async with engine.connect():
            yield Workshop(chosen, url, keyfile.read(chosen.keys_path), content, engine)
    finally:
        await engine.dispose()


async def run(name: str, chosen: Settings, url: str, stop: asyncio.Event, pairing: Path | None = None) -> None:
    """Runs one part until told to stop; raises NotSet, web.PortTaken or TokenRefused when it can't run here."""
    if name == "nlu":  # neither keys nor texts are its business
        await _understand(chosen, url, stop)
        return
    async with workshop(chosen, url) as made:
        match name:
            case "receive":
                await _receive(made, stop, pairing)
            case "console":
                await _console(made, stop)
            case _:
                await _work(made, stop, name)


async def _receive(made: Workshop, stop: asyncio.Event, pairing: Path | None) -> None:
    bot = made.connect()
    chosen = made.settings
    brought = None
    if chosen.webhook_url is not None:
        brought = Webhook(chosen.webhook_url, chosen.webhook_host, chosen.webhook_port)
    given = (bot, made.sessions, made.keys, made.content, brought, made.sign("receive"))
    receiving = Receiving(*given) if pairing is None else ReceivingPaired(*given, pairing=Pairing.read(pairing))
    introduced = asyncio.create_task(receiving.ready.wait())
    introduced.add_done_callback(lambda task: None if task.cancelled() else _ready("receive"))
    try:
        await receiving.run(stop)
    finally:
        introduced.cancel()
        await bot.close_connections()


async def _work(made: Workshop, stop: asyncio.Event, name: str) -> None:
    async with contextlib.AsyncExitStack() as stack:
        hand = _answering(made, stack) if name == "answer" else _sending(made, stack)
        _ready(name)
        await Working(made.url, {name: hand}, Sweeping(made.sessions, made.keys, _now, alive=made.sign(name))).run(stop)


def _answering(made: Workshop, stack: contextlib.AsyncExitStack) -> Drain:
    asked = _nlu(made.settings, stack)
    if asked is None:
        raise NotSet("HELPLINE_NLU_URL is not set: nobody says where the NLU server is.")
    return Answering(made.sessions, made.keys, made.content, Lexicon.load(), asked, _now).drain


def _sending(made: Workshop, stack: contextlib.AsyncExitStack) -> Drain:
    bot = made.connect()
    stack.push_async_callback(bot.close_connections)
    return Sending(made.engine, made.keys, bot, _now).drain


async def _console(made: Workshop, stop: asyncio.Event) -> None:
    async with contextlib.AsyncExitStack() as stack:
        app = create_app(made.sessions, made.keys, made.content, made.url, _nlu(made.settings, stack))
        await stack.enter_async_context(web.serving(app, made.settings.console_host, made.settings.console_port))
        _ready("console")
        await stop.wait()


async def _understand(chosen: Settings, url: str, stop: asyncio.Event) -> None:
    if chosen.nlu_port is None or chosen.nlu_token is None:
        raise NotSet(
            "HELPLINE_NLU_PORT and HELPLINE_NLU_TOKEN are not set: where is the NLU server to answer, and whom?"
        )
    address = chosen.nlu_host, chosen.nlu_port
    engine = database.create_engine(url)
    try:
        await part.run(engine, chosen.data_dir, address, chosen.nlu_secret, _now, lambda: _ready("nlu"), stop)
    finally:
        await engine.dispose()


def _nlu(chosen: Settings, stack: contextlib.AsyncExitStack) -> NLU | None:
    if chosen.nlu_address is None:
        return None
    asked = NLU(chosen.nlu_address, chosen.nlu_secret)
    stack.push_async_callback(asked.aclose)
    return asked


def _ready(name: str) -> None:
    _LOG.info("ready", is_well=name)


def _now() -> datetime:
    return datetime.now(UTC)


async def main(name: str, pairing: Path | None = None) -> int:
    """A part as a supervisor starts it: with DATABASE_URL set, and a log that the supervisor reads."""
    try:
        chosen = settings.read()
        logs.configure("json", chosen.log_level if chosen.log_level == "debug" else "info", name)
        if chosen.database_url is None:
            raise NotSet("DATABASE_URL is not set.")
        async with processes.until_told() as stop:
            await run(name, chosen, chosen.database_url.get_secret_value(), stop, pairing)
    except (settings.WrongSettings, keyfile.NoKeys, NotSet, web.PortTaken, PartFailed) as failure:
        print(_ENDED.format(name=name, why=failure), file=sys.stderr)
        return 1
    except (TokenRefused, model.NotInstalled) as failure:
        print(_ENDED.format(name=name, why=failure.__doc__), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], Path(sys.argv[2]) if sys.argv[2:] else None)))
