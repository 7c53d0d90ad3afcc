"""The part that understands: the NLU server, the shelf its models come from, and the trainer beside it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from bot import outermost, web
from bot.nlu import shelf
from bot.nlu.trainer import Trainer
from bot.processes import HOST, Part, Processes
from handoff.store import database
from nlu_data import client, model

_RASA_WITHIN: Final = 180.0


async def run(
    engine: AsyncEngine,
    data_dir: Path,
    address: tuple[str, int],
    token: str,
    clock: Callable[[], datetime],
    ready: Callable[[], None],
    stop: asyncio.Event,
) -> None:
    """Runs until told to stop; raises model.NotInstalled, web.PortTaken, or PartFailed when Rasa can't start."""
    host, port = address
    async with (
        web.serving(shelf.create_app(database.sessions(engine), data_dir), HOST) as shelf_port,
        Processes(lambda _, line: print(line, flush=True), lambda words: print(words, flush=True)) as processes,
    ):
        command, environment = model.serve_command(host, port, token, data_dir, f"http://{HOST}:{shelf_port}")
        serving = Part(
            *("nlu", command, environment, lambda: _answers(port, token), _RASA_WITHIN),
            dies_by=signal.SIGKILL,
            folder=data_dir,  # it makes a folder "models" where it runs
        )
        rasa = await processes.start(serving)
        training = asyncio.create_task(Trainer(engine, processes, data_dir, clock).run(stop))
        try:
            await outermost.unless_stopped(stop, processes.wait_for(rasa))
            if not stop.is_set():
                ready()
                await outermost.unless_stopped(stop, processes.go_on())
        finally:
            training.cancel()
            await asyncio.gather(training, return_exceptions=True)


async def _answers(port: int, token: str) -> bool:
    nlu = client.NLU(f"http://{HOST}:{port}", token)
    try:
        return bool(await nlu.status())
    except client.NLUDown:
        return False
    finally:
        await nlu.aclose()
