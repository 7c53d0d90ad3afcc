"""The demo and the tour as a newcomer runs them, with Rasa and everything else real."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.dialogue import flood
from bot.settings import ROOT
from bot.tour.chat import Chat, Person
from nlu_data import model
from responses.content import Content
from tests.demo.test_processes import gone

pytestmark = [pytest.mark.rasa, pytest.mark.slow]
HELPLINE = ROOT / ".venv" / "bin" / "helpline"
SHARED = ROOT / "var"
FIRST_ANSWER_WITHIN = 60.0
# Whoever asks the same again faster than this is answered once: bot/dialogue/flood.py.
PAUSE = flood.SECONDS / flood.MOST + 0.5


@pytest.fixture(scope="module")
def trained() -> Path:
    """The model of now, trained if the data changed."""
    model.train(print, SHARED)
    return model.path(SHARED)


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs in a process of its own; `said` is what it printed until it was running."""

    process: subprocess.Popen[str]
    began: float
    said: str

    def address(self, of: str) -> str:
        found = re.search(rf"{of} +(http://\S+)", self.said)
        assert found is not None, self.said
        return found[1]

    def children(self) -> list[int]:
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in told.split()]


@contextlib.contextmanager
def demo(folder: Path, trained: Path) -> Iterator[Demo]:
    model.folder(folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(trained, model.folder(folder))
    if (vectors := SHARED / "nlu" / "vectors").exists():
        shutil.copytree(vectors, folder / "nlu" / "vectors", dirs_exist_ok=True)
    folder.chmod(0o755)
    environment = {**os.environ, "HELPLINE_DATA_DIR": str(folder), "HELPLINE_TELEGRAM_TOKEN": "", "DATABASE_URL": ""}
    began = time.monotonic()
    with subprocess.Popen([HELPLINE, "demo"], env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if line.startswith("  Rasa takes"):
                    break
            yield Demo(process, began, said)
        finally:
            process.kill()


def _said_after(person: Person, mark: int) -> object | None:
    return person.after(mark) or None


def postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def test_the_tour_happens(trained: Path) -> None:
    assert trained.exists()
    done = subprocess.run([HELPLINE, "tour"], capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "steps of the tour happened" in done.stdout
    assert "✗" not in done.stdout


async def test_the_demo_answers_by_rasa_within_a_minute_and_stops_whole(tmp_path: Path, trained: Path) -> None:
    with demo(tmp_path, trained) as running:
        expected = Content.load().answer("ask_cost", "en", None).text
        chat = Chat(running.address("Chat"), lambda *_: None)
        async with chat.listening():
            person = await chat.person("en", "en", "Zoe")
            await person.writes("/start")
            while not any(one["text"] == expected for one in person.replies):
                assert time.monotonic() - running.began < FIRST_ANSWER_WITHIN
                mark = await person.writes("does it cost anything to write to you?")
                await person.until("is answered, by Rasa or a menu", partial(_said_after, person, mark))
                await asyncio.sleep(PAUSE)
        children = [*running.children(), postmaster(tmp_path)]
        assert len(children) == 8
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(40) == 0
        assert gone(children)


def test_a_killed_demo_leaves_no_orphan_and_starts_again(tmp_path: Path, trained: Path) -> None:
    with contextlib.ExitStack() as stack:
        taken = stack.enter_context(socket.socket())
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody else has it: just as good
            taken.bind(("127.0.0.1", 8080))
            taken.listen()
        first = stack.enter_context(demo(tmp_path, trained))
        assert "Port 8080 is taken: the console uses" in first.said
        children = [*first.children(), postmaster(tmp_path)]
        first.process.kill()
        first.process.wait()
        assert gone(children, within=30)
        second = stack.enter_context(demo(tmp_path, trained))
        logins = [text.partition("login")[2].partition("What")[0] for text in (first.said, second.said)]
        assert logins[0] == logins[1]
        assert httpx.get(f"{second.address('Console')}/login", timeout=10).is_success
        children = [*second.children(), postmaster(tmp_path)]
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(40) == 0
        assert gone(children)
