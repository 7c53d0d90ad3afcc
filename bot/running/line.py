"""A whole helpline on this machine: its parts, in which order they start, and how one tells that they are well."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx
import psycopg
from alembic.util import CommandError
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from bot import processes, settings
from bot.processes import HOST, Part, PartFailed, Processes, Running
from bot.settings import Settings
from bot.setup.progress import Progress
from handoff.store import database
from nlu_data import model

_LOG_BYTES: Final = 10_000_000
_RASA_WITHIN: Final = 200.0
_WITHIN: Final = 60.0
_STILL_STARTING: Final = "No agent loaded"  # Rasa's word for "not yet" to whoever asks how it is
_USUALLY: Final = "1 to 3 minutes"


class AlreadyRunning(Exception):
    """Another helpline runs in this data directory."""


class WrongDatabase(Exception):
    """The database does not fit this version of the helpline."""


@contextlib.contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """One helpline a data directory; raises AlreadyRunning."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"A helpline already runs in {data_dir}. End that one first, or give this one another folder: "
                "HELPLINE_DATA_DIR."
            ) from None
        yield


class Logbook:
    """What the parts say: kept in a file a part; what is worth knowing at once is also shown."""

    def __init__(self, folder: Path, show: Callable[[str], None]) -> None:
        self._folder, self._show = folder, show
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, part: str, line: str) -> None:
        path = self._folder / f"{part}.log"
        if path.exists() and path.stat().st_size > _LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        if shown := worth_showing(line):
            self._show(f"{part}: {shown}")


def worth_showing(line: str) -> str | None:
    """A log line as somebody at the terminal should see it; None for one that can wait."""
    try:
        told = json.loads(line)
    except ValueError:
        bad = " ERROR " in line or " CRITICAL " in line
        return line if bad and _STILL_STARTING not in line else None
    if not isinstance(told, dict) or told.get("level") not in {"warning", "error", "critical"}:
        return None
    details = {name: value for name, value in told.items() if name not in {"part", "level", "timestamp", "logger"}}
    return " ".join(str(value) if name == "event" else f"{name}={value}" for name, value in details.items())


async def start_database(running: Processes, chosen: Settings, name: str) -> str:
    """The database's address, migrated: the one of DATABASE_URL, else an embedded PostgreSQL in the data directory."""
    if chosen.database_url is not None:
        url = chosen.database_url.get_secret_value()
    else:
        command = processes.own("bot.running.postgres", chosen.data_dir / "postgres", name)
        part = await running.start(Part("database", command, within=90, ends_last=True))
        await running.wait_for(part)
        url = str(part.said["url"])
    await migrate(url)
    return url


async def migrate(url: str) -> None:
    """Brings the database up to date; raises WrongDatabase with what to do."""
    try:
        await asyncio.to_thread(_require_utf8, url)
        await asyncio.to_thread(database.migrate, url)
    except (OperationalError, psycopg.OperationalError) as failure:
        # the driver's words name host, port, user and database, and no password
        said = str(getattr(failure, "orig", failure)).strip().partition("\n")[0]
        raise WrongDatabase(f"The database of DATABASE_URL can't be reached: {said}") from None
    except CommandError:
        raise WrongDatabase(
            "This database was made by a newer version of the helpline. Update the helpline, or use another database."
        ) from None


def _require_utf8(url: str) -> None:
    with psycopg.connect(database.conninfo(url)) as connection:
        encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise WrongDatabase(f"The database is in {encoding}, so not every text fits. Make it with ENCODING 'UTF8'.")


async def train(running: Processes, chosen: Settings) -> None:
    """Trains the model if the data changed; raises PartFailed."""
    progress = Progress(sys.stdout, terminal=sys.stdout.isatty())
    if model.is_trained(chosen.data_dir):
        progress.skipped("model", "up to date")
        return
    last: list[str] = []

    def heard(_: str, line: str) -> None:
        last.append(line)
        progress.line(line)

    with progress.step("model", "training Rasa: the data changed or this is the first time", _USUALLY):
        ticking = asyncio.create_task(_tick(progress))
        try:
            first = Part("training", processes.own("bot.nlu.first_training", chosen.data_dir))
            code = await running.finish(first, heard)
        finally:
            ticking.cancel()
    if code != 0:
        words = "\n".join(f"    {line}" for line in last[-15:])
        raise PartFailed(f"The model could not be trained (exit status {code}). Rasa's last words:\n{words}")


async def _tick(progress: Progress) -> None:
    while True:
        await asyncio.sleep(1)
        progress.tick()


def with_own_nlu(chosen: Settings) -> Settings:
    """The settings for an NLU server of our own: a free port, a token that nobody else knows."""
    token = chosen.nlu_token or SecretStr(secrets.token_urlsafe(24))
    return chosen.model_copy(update={"nlu_port": processes.free_port(chosen.nlu_port), "nlu_token": token})


async def start_simulator(running: Processes, port: int, persons: tuple[str, ...] = ()) -> Running:
    """The simulated Telegram with its chat page."""
    command = processes.own("bot.simulator", "--port", str(port))
    for language in persons:
        command += ["--person", language]
    return await running.start(Part("simulator", command, probe=lambda: _answers(f"http://{HOST}:{port}/")))


async def start_own(
    running: Processes, chosen: Settings, url: str, names: tuple[str, ...], pairing: Path | None = None
) -> list[Running]:
    """Parts of our own, which know their settings by their environment."""
    exported = settings.exported(chosen.model_copy(update={"database_url": SecretStr(url)}))
    environment = {**os.environ, **exported}
    started = []
    for name in names:
        command = processes.own("bot.running.parts", name)
        if name == "receive" and pairing is not None:
            command.append(pairing)
        understands = name == "nlu"  # Rasa takes half a minute; without it the others are still of use
        within = _RASA_WITHIN if understands else _WITHIN
        started.append(await running.start(Part(name, command, environment, within=within, vital=not understands)))
    return started


async def _answers(address: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=2) as asking:
            return (await asking.get(address)).is_success
    except httpx.HTTPError:
        return False
