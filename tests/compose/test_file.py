"""docker-compose.yml: as the compose specification wants it, and as those need it whose words pass through it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from bot import cli
from bot.running import parts
from bot.settings import ROOT, Settings, variable
from tests.compose import file
from tests.compose.file import Service

SERVICES = file.services()
each_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
each_of_ours = pytest.mark.parametrize(
    "service", [one for one in SERVICES.values() if one.is_ours], ids=[n for n, one in SERVICES.items() if one.is_ours]
)
READ_BY_LIBRARIES = {"FORWARDED_ALLOW_IPS"}  # uvicorn


def follows_the_specification(path: Path) -> subprocess.CompletedProcess[str]:
    """The schema of the compose specification comes with check-jsonschema; no network is asked."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_follows_the_compose_specification() -> None:
    done = follows_the_specification(file.PATH)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [("read_only: true", "readonly: true", "readonly"), ("init: true", "init: [true]", "init")],
)
def test_a_slip_would_be_seen(tmp_path: Path, right: str, wrong: str, word: str) -> None:
    text = file.PATH.read_text()
    assert right in text
    slipped = tmp_path / "docker-compose.yml"
    slipped.write_text(text.replace(right, wrong))
    done = follows_the_specification(slipped)
    assert done.returncode == 1
    assert word in done.stdout


def test_the_services_are_these() -> None:
    assert set(SERVICES) == {"postgres", "migrate", "nlu", "bot", "console", "keys"}


@each_service
def test_none_is_root_or_may_become_it(service: Service) -> None:
    assert service.user > 0
    assert service.given["cap_drop"] == ["ALL"]
    assert service.given["security_opt"] == ["no-new-privileges:true"]
    assert not {"cap_add", "privileged", "devices", "group_add", "pid", "ipc"} & set(service.given)
    assert service.given.get("network_mode", "none") == "none"


@each_service
def test_none_writes_where_it_should_not(service: Service) -> None:
    assert service.given["read_only"] is True
    assert all("size=" in place for place in service.given["tmpfs"])
    mounted = [str(volume) for volume in service.given.get("volumes", ())]
    assert not any("docker.sock" in one or "/var/run" in one for one in mounted)
    binds = [one for one in service.given.get("volumes", ()) if isinstance(one, dict)]
    assert binds == [] if service.name != "keys" else [one["source"] for one in binds] == ["./secrets"]


@each_service
def test_each_is_bounded_and_ends_well(service: Service) -> None:
    assert service.given["mem_limit"]
    assert service.given["pids_limit"]
    assert service.given["init"] is True
    assert service.given["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert service.given["restart"] in {"unless-stopped", "no"}


@each_service
def test_each_that_stays_says_whether_it_is_well(service: Service) -> None:
    assert ("healthcheck" in service.given) is not service.ends
    if service.is_ours and not service.ends:
        looked_at = [word for word in service.command if word in parts.NAMES]
        assert looked_at
        assert service.healthcheck == ["python", "-m", "bot.well", *looked_at]


def test_every_secret_is_a_file_that_is_not_in_the_repository() -> None:
    secrets = file.read()["secrets"]
    assert {name: secret["file"] for name, secret in secrets.items()} == {name: f"./secrets/{name}" for name in secrets}
    assert all(set(secret) == {"file"} for secret in secrets.values())
    given = {name for service in SERVICES.values() for name in service.secrets}
    assert given == set(secrets)
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()


@each_service
def test_no_secret_is_in_the_environment(service: Service) -> None:
    secret = {"HELPLINE_TELEGRAM_TOKEN", "HELPLINE_NLU_TOKEN", "DATABASE_URL", "POSTGRES_PASSWORD", "PGPASSWORD"}
    assert not secret & set(service.environment)
    assert "env_file" not in service.given


def test_each_gets_the_secrets_that_it_needs_and_no_other() -> None:
    assert {name: set(service.secrets) for name, service in SERVICES.items()} == {
        "postgres": {"postgres_password"},
        "migrate": {"database_url"},
        "nlu": {"database_url", "helpline_nlu_token"},
        "bot": {"database_url", "helpline_nlu_token", "helpline_keys", "helpline_telegram_token"},
        "console": {"database_url", "helpline_nlu_token", "helpline_keys"},
        "keys": set(),
    }


def test_only_the_console_can_be_reached_and_only_from_this_machine() -> None:
    published = {name: one.given["ports"] for name, one in SERVICES.items() if "ports" in one.given}
    assert published == {"console": ["127.0.0.1:8080:8080"]}
    assert SERVICES["console"].environment["HELPLINE_CONSOLE_PORT"] == "8080"


def test_only_the_bot_gets_out() -> None:
    networks = file.read()["networks"]
    assert networks["inside"] == {"internal": True}
    assert networks["published"] == {"driver_opts": {"com.docker.network.bridge.enable_ip_masquerade": "false"}}
    assert {name: set(one.given.get("networks", ())) for name, one in SERVICES.items()} == {
        "postgres": {"inside"},
        "migrate": {"inside"},
        "nlu": {"inside"},
        "bot": {"inside", "outside"},
        "console": {"inside", "published"},
        "keys": set(),
    }
    assert SERVICES["keys"].given["network_mode"] == "none"


def test_the_database_is_there_and_up_to_date_before_anybody_uses_it() -> None:
    assert SERVICES["migrate"].given["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("nlu", "bot", "console"):
        needed = SERVICES[name].given["depends_on"]["migrate"]
        assert needed == {"condition": "service_completed_successfully"}


@each_of_ours
def test_what_it_is_told_is_a_setting(service: Service) -> None:
    known = {variable(field) for field in Settings.model_fields} | READ_BY_LIBRARIES
    assert set(service.environment) <= known
    named = {variable(field).lower() for field in Settings.model_fields} | {"helpline_keys"}
    assert set(service.secrets) <= named
    if keys := service.environment.get("HELPLINE_KEYS_FILE"):
        assert keys in {"/run/secrets/helpline_keys", "/secrets/helpline_keys"}


@each_of_ours
def test_its_command_is_one_of_ours(service: Service) -> None:
    program, *words = service.command
    assert program == "helpline"
    found = get_command(cli._commands)
    while words and not words[0].startswith("-"):
        found = found.commands[words.pop(0)]  # type: ignore[attr-defined]
    found.make_context(program, words)  # what it doesn't know, it refuses


def test_every_part_runs_somewhere() -> None:
    run = [word for service in SERVICES.values() if "run" in service.command for word in service.command[2:]]
    assert sorted(word for word in run if word != "--only") == sorted(parts.NAMES)
