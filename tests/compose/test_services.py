"""Each service's very command and health check, run without containers."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import stat
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from bot.simulator import serving
from handoff.console.gate import COOKIE
from nlu_data import model
from nlu_data.client import NLU
from responses.content import Content
from tests.compose.native import WEB_SERVER, Machine
from tests.conftest import PASSWORD

pytestmark = pytest.mark.slow
SHARED = model.ROOT / "var"
SOMEBODY_ELSE = "127.0.0.3"


def test_the_database_is_set_up_as_the_file_says(machine: Machine) -> None:
    with psycopg.connect((machine.secrets / "database_url").read_text().strip()) as connection:
        told = [connection.execute(f"SHOW {name}").fetchone() for name in ("max_connections", "log_error_verbosity")]
        tables = connection.execute("SELECT count(*) FROM person").fetchone()
    assert told == [("250",), ("terse",)]
    assert tables == (0,)


def test_the_keys_are_made_once_and_for_one_reader(machine: Machine) -> None:
    made = machine.secrets / "helpline_keys"
    before = made.read_text()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    again = machine.run("keys")
    assert again.returncode == 1
    assert "has keys already" in again.stderr
    assert made.read_text() == before


def test_a_second_migration_finds_nothing_to_do(machine: Machine) -> None:
    assert machine.run("migrate").returncode == 0


def test_the_console_answers_and_says_that_it_is_well(machine: Machine) -> None:
    assert not machine.is_well("console")
    with machine.running("console") as process:
        machine.until_well("console", process)
        address = f"http://127.0.0.1:{machine.ports['console']}"
        assert httpx.get(f"{address}/health", timeout=10).text == "well"
        assert httpx.get(f"{address}/login", timeout=10).is_success
    assert process.returncode == 0
    assert not machine.is_well("console")


def test_behind_a_web_server_with_tls_a_members_cookie_never_goes_without(machine: Machine) -> None:
    create = ["helpline", "organisation", "create", "atina", "lead", "--name", "Lead", "--password", PASSWORD]
    made = machine.types("console", create)
    assert made.returncode == 0, made.stdout + made.stderr
    with machine.running("console") as process:
        machine.until_well("console", process)
        assert "Secure" in _cookie(machine, WEB_SERVER, "https")
        assert "Secure" not in _cookie(machine, WEB_SERVER, "http")
        assert "Secure" not in _cookie(machine, SOMEBODY_ELSE, "https")


def _cookie(machine: Machine, source: str, told: str) -> str:
    """The cookie of a member who logs in, over a web server at an address that says how it was asked."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{machine.ports['console']}",
        transport=httpx.HTTPTransport(local_address=source),
        headers={"X-Forwarded-Proto": told, "X-Forwarded-For": "203.0.113.9"},
    ) as browser:
        token = re.search(r'name="_csrf_token" value="([^"]+)"', browser.get("/login").text)
        assert token is not None
        answer = browser.post("/login", data={"_csrf_token": token[1], "login": "lead", "password": PASSWORD})
    (cookie,) = (one for one in answer.headers.get_list("set-cookie") if one.startswith(COOKIE))
    return cookie


async def test_the_bot_answers_and_says_that_it_is_well(machine: Machine) -> None:
    async with serving() as server:
        (machine.secrets / "helpline_telegram_token").write_text(f"{server.telegram.token}\n")
        assert not machine.is_well("bot", server.url)
        with machine.running("bot", server.url) as process:
            await asyncio.to_thread(machine.until_well, "bot", process, 90, server.url)
            person = server.telegram.person("en")
            person.starts()
            await person.until(lambda: person.buttons, timeout=30)
            person.writes("he has locked me in and took my passport")
            emergency = Content.load().emergency("en", None).splitlines()[0]
            await person.until(lambda: any(emergency in reply for reply in person.replies), timeout=30)
            frozen = await asyncio.to_thread(_frozen, process.pid, "answer", machine.sign("bot", "answer"))
            assert not machine.is_well("bot", server.url)
            frozen.resume()
            await asyncio.to_thread(machine.until_well, "bot", process, 30, server.url)
            stopped = asyncio.to_thread(process.wait, 40)
            process.terminate()
            assert await stopped == 0, machine.log("bot").read_text()[-3000:]
    written = machine.log("bot").read_text()
    assert "locked me in" not in written
    assert server.telegram.token not in written


def _frozen(supervisor: int, part: str, sign: Path) -> psutil.Process:
    """A part that hangs, and has done so for a long time."""
    (found,) = (one for one in psutil.Process(supervisor).children() if one.cmdline()[-1] == part)
    found.suspend()
    os.utime(sign, (0, 0))
    return found


@pytest.mark.rasa
async def test_the_nlu_understands_and_says_that_it_is_well(machine: Machine) -> None:
    model.train(print, SHARED)
    data = Path(machine.environment(machine.services["nlu"])["HELPLINE_DATA_DIR"])
    model.folder(data).mkdir(parents=True)
    shutil.copy(model.path(SHARED), model.folder(data))
    assert not machine.is_well("nlu")
    with machine.running("nlu") as process:
        await asyncio.to_thread(machine.until_well, "nlu", process, 200)
        token = (machine.secrets / "helpline_nlu_token").read_text().strip()
        nlu = NLU(f"http://127.0.0.1:{machine.ports['nlu']}", token, timeout=10)
        understood = await nlu.parse("uzeo mi je pasos i ne vraca ga")
        await nlu.aclose()
        assert understood.intents[0].name == "documents_taken"
        # Rasa makes a folder where it runs, and in the image nothing can be written but the data directory
        rasa = [one for one in psutil.Process(process.pid).children(recursive=True) if "rasa" in one.cmdline()]
        assert rasa
        assert all(Path(one.cwd()).is_relative_to(data) for one in rasa)
    assert process.returncode == 0
    assert not machine.is_well("nlu")
