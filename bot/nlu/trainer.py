"""The trainer makes models of what admins changed, at the lowest priority, while the NLU server goes on answering."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from bot import outermost, settings
from bot.processes import Part, Processes
from handoff import models, trainings, wording
from handoff.store import database
from handoff.store.tables import Training
from nlu_data import figures, model
from nlu_data.figures import Figures

_LOG: Final = structlog.get_logger(__name__)
_LOOKS_EVERY: Final = 1.0
_NOTES_EVERY: Final = 0.5
_ALONE: Final = 0x54524E52
_NICE: Final = 19
_THREADS: Final = 1  # the other core is for the people who write meanwhile


class Cancelled(Exception):
    """An admin ended the training."""


class Failed(Exception):
    """Rasa could not train or load the model."""


@dataclass(frozen=True, slots=True)
class Trainer:
    """Does the trainings that are asked for, one after the other; of several trainers one works."""

    engine: AsyncEngine
    processes: Processes
    data_dir: Path
    clock: Callable[[], datetime]

    @property
    def sessions(self) -> async_sessionmaker[AsyncSession]:
        return database.sessions(self.engine)

    async def run(self, stop: asyncio.Event) -> None:
        """Trains until told to stop."""
        await self._ask_again()
        await outermost.keep_going("train", lambda: self._while_alone(stop), stop, longest_pause=5.0)

    async def _ask_again(self) -> None:
        """After an upgrade: what admins changed before is trained anew on top of what was shipped."""
        async with self.sessions.begin() as session:
            revision = await models.outdated(session)
            if revision is not None:
                await trainings.ask_again(session, revision)

    async def _while_alone(self, stop: asyncio.Event) -> None:
        async with self.engine.connect() as connection:
            # it goes with the connection: who dies lets another trainer in
            held = await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _ALONE})
            await connection.commit()
            while held and not stop.is_set():
                await connection.execute(text("SELECT 1"))
                await connection.commit()
                if not await outermost.unless_stopped(stop, self._one()):
                    await outermost.rest(stop, _LOOKS_EVERY)
            if not held:
                await outermost.rest(stop, 5 * _LOOKS_EVERY)

    async def _one(self) -> bool:
        """Does one training; False when there was none to do."""
        async with self.sessions.begin() as session:
            training = await trainings.claim(session, self.clock())
        if training is None:
            return False
        status, made = "failed", None
        with _workplace(self.data_dir) as place:
            try:
                made = await _Run(self, training, place).make()
                status = "ready"
            except Cancelled:
                status = "cancelled"
            except (Failed, model.NotInstalled) as failure:
                _LOG.warning("training_failed", training=training.id, failure=type(failure).__name__)
        async with self.sessions.begin() as session:
            await trainings.end(session, training.id, status, self.clock(), made)
        if made is not None and training.asked_by is None:
            await self._publish(made)
        return True

    async def _publish(self, fingerprint: str) -> None:
        """Nobody asked for this model but the upgrade, so nobody has to publish it, if it is as good."""
        try:
            async with self.sessions.begin() as session:
                await models.publish(session, None, fingerprint)
        except models.Refused:
            _LOG.warning("not_published", model=fingerprint)


@contextlib.contextmanager
def _workplace(data_dir: Path) -> Iterator[Path]:
    data_dir.joinpath("nlu").mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="training-", dir=data_dir / "nlu"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


class _Run:
    """One training in its workplace."""

    def __init__(self, trainer: Trainer, training: Training, place: Path) -> None:
        self._trainer, self._training, self._place = trainer, training, place
        self._step = "reading"
        self._unsaid: list[str] = []

    async def make(self) -> str:
        """Trains and measures; the fingerprint of what was made. Raises Cancelled, Failed or NotInstalled."""
        model.need_rasa()
        async with self._trainer.sessions() as session:
            wanted = await wording.current(session, self._training.revision_id or 0)
            compared = dict.fromkeys((await models.live(session), wording.base()))
            unmeasured = [name for name in compared if await models.measured(session, name) is None]
        changes = wanted.since(wording.shipped())
        fingerprint = model.fingerprint(changes)
        archive = await self._learn(wanted.write, fingerprint) if changes else await self._fetched(fingerprint)
        for name in unmeasured:
            if name != fingerprint:
                await self._keep(name, None, None, await self._measure(await self._fetched(name)))
        revision = self._training.revision_id if changes else None
        await self._keep(fingerprint, revision, archive if changes else None, await self._measure(archive))
        return fingerprint

    async def _learn(self, write: Callable[[Path], Sequence[Path]], fingerprint: str) -> Path:
        made = self._place / f"{fingerprint}.tar.gz"
        async with self._trainer.sessions() as session:
            there = await models.archive(session, fingerprint)
        if there is not None:
            made.write_bytes(there)
            return made
        examples = self._place / "nlu"
        await asyncio.to_thread(write, examples)
        await self._do("learning", model.train_command(examples, made, _NICE))
        if not made.exists():
            raise Failed
        return made

    async def _fetched(self, fingerprint: str) -> Path:
        """The file of a model that serves, or served."""
        async with self._trainer.sessions() as session:
            content = await models.archive(session, fingerprint)
        if content is None:
            return model.path(self._trainer.data_dir)
        path = self._place / f"{fingerprint}.tar.gz"
        path.write_bytes(content)
        return path

    async def _measure(self, archive: Path) -> Figures:
        texts, rankings = self._place / "texts.json", self._place / "rankings.json"
        texts.write_text(json.dumps([case.text for case in models.cases()]), encoding="utf-8")
        await self._do("measuring", model.measure_command(archive, texts, rankings, _NICE))
        if not rankings.exists():
            raise Failed
        guesses = [ranking for ranking, _ in model.rankings(rankings)]
        rankings.unlink()
        groups = wording.shipped().groups
        return await asyncio.to_thread(figures.measure, models.cases(), guesses, models.lexicon(), groups)

    async def _keep(self, fingerprint: str, revision: int | None, archive: Path | None, rated: Figures) -> None:
        content = None if archive is None else await asyncio.to_thread(archive.read_bytes)
        async with self._trainer.sessions.begin() as session:
            await models.keep(session, fingerprint, revision, content, rated)

    async def _do(self, step: str, command: list[str]) -> None:
        """Runs one program to its end, noting what it says; raises Cancelled when an admin doesn't want it any more."""
        self._step = step
        environment = model.environment(self._trainer.data_dir, _THREADS)
        part = Part("training", command, environment, dies_by=signal.SIGKILL, folder=settings.ROOT)
        running = asyncio.create_task(self._trainer.processes.finish(part, self._heard))
        try:
            while not running.done():
                await asyncio.wait({running}, timeout=_NOTES_EVERY)
                await self._note()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        if running.result() != 0:
            await self._note()
            raise Failed

    def _heard(self, _: str, line: str) -> None:
        if words := model.told(line):
            self._unsaid.append(f"{words}\n")

    async def _note(self) -> None:
        said, self._unsaid = "".join(self._unsaid), []
        async with self._trainer.sessions.begin() as session:
            if not await trainings.go_on(session, self._training.id, self._step, said):
                raise Cancelled
