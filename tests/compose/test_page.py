"""docs/compose.md: what it tells an operator to type is there, and does what it says."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import yaml
from typer.main import get_command

from bot import cli, keyfile
from bot.settings import Settings, variable
from handoff import conversations
from handoff.store import database
from handoff.store.tables import Person
from tests.compose import file, page
from tests.compose.native import POSTGRES_BIN, Machine


@pytest.mark.parametrize("line", page.commands("docker compose"))
def test_its_commands_name_services_that_are_there(line: str) -> None:
    words = shlex.split(line.partition("#")[0])[2:]
    verbs = {"build", "run", "up", "exec", "ps", "stop", "logs"}
    assert words[0] in verbs
    named = [word for word in words[1:] if not word.startswith("-") and word != "--rm"]
    if words[0] in {"run", "exec", "stop", "up", "logs"} and named:
        services = named[:1] if words[0] in {"run", "exec"} else named
        assert set(services) <= set(file.services())


@pytest.mark.parametrize("line", [line for line in page.commands("docker compose") if " helpline " in line])
def test_its_helpline_commands_are_there(line: str) -> None:
    words = shlex.split(line.partition(" helpline ")[2])
    if line.startswith("docker compose exec -T postgres"):
        return  # the database's name
    found = get_command(cli._commands)
    while hasattr(found, "commands"):
        found = found.commands[words.pop(0)]
    answered = {"create": ["--name", "x", "--password", "x"], "invite": ["--name", "x"]}
    answered |= {"accept": ["--code", "x", "--password", "x"], "admit": ["--password", "x"]}
    found.make_context("helpline", [*words, *answered.get(str(found.name), [])])


def test_its_files_follow_the_compose_specification(tmp_path: Path) -> None:
    (override,) = page.blocks("yaml")
    written = tmp_path / "docker-compose.override.yml"
    written.write_text(override)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(written)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    for name, service in yaml.safe_load(override)["services"].items():
        assert name in file.services()
        assert set(service["environment"]) <= {variable(field) for field in Settings.model_fields}
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_every_secret_is_written_or_made_in_its_steps() -> None:
    told = page.text()
    assert [name for name in file.read()["secrets"] if f"secrets/{name}" not in told] == []


def _typed(machine: Machine, lines: str) -> None:
    """Types it into a shell of the database's container."""
    environment = {
        "PATH": f"{POSTGRES_BIN}:/usr/bin:/bin",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(machine.ports["postgres"]),
        "PGPASSWORD": (machine.secrets / "postgres_password").read_text(),
    }
    here = lines.replace("docker compose exec -T postgres ", "")
    done = subprocess.run(
        ["sh", "-euc", here], env=environment, cwd=machine.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _held(url: str) -> dict[str, list[tuple[object, ...]]]:
    tables = ("person", "conversation", "holder", "intake_key", "alembic_version")
    with psycopg.connect(database.conninfo(url)) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables}  # noqa: S608


@pytest.mark.slow
async def test_what_it_backs_up_can_be_restored(machine: Machine) -> None:
    url = (machine.secrets / "database_url").read_text().strip()
    keys = keyfile.read(machine.secrets / "helpline_keys")
    engine = database.create_engine(url)
    async with database.sessions(engine).begin() as session:
        person = Person(id=uuid.uuid4(), handle=os.urandom(32), chat_locked=keys.lock(b"7", "chat"), language="sq")
        session.add(person)
        await session.flush()
        await conversations.open_conversation(session, keys, person.id, "sq", datetime.now(UTC))
    await engine.dispose()

    _, backup, restore = page.blocks("sh")
    _typed(machine, backup)
    (whole,) = machine.folder.glob("helpline-*.dump")
    _typed(machine, "createdb -U helpline restored")
    _typed(machine, restore.replace("-d helpline", "-d restored").replace("helpline-2026-11-25.dump", whole.name))

    before, after = _held(url), _held(f"{url.rpartition('/')[0]}/restored")
    assert after == before
    assert len(after["holder"]) == len(after["intake_key"]) == len(after["conversation"]) == 1


@pytest.mark.slow
def test_without_the_second_file_nothing_can_be_opened(machine: Machine) -> None:
    _, backup, restore = page.blocks("sh")
    _typed(machine, backup)
    (whole,) = machine.folder.glob("helpline-*.dump")
    _typed(machine, "createdb -U helpline alone")
    only = restore.splitlines()[0].replace("-d helpline", "-d alone").replace("helpline-2026-11-25.dump", whole.name)
    _typed(machine, only)
    after = _held(f"{(machine.secrets / 'database_url').read_text().strip().rpartition('/')[0]}/alone")
    assert after["alembic_version"]
    assert after["holder"] == after["intake_key"] == []
