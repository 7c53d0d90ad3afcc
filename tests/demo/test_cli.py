"""The command line: the key ceremony from it, what `check` finds, and words instead of tracebacks."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli, keyfile, settings
from bot.commands import check, production, rehearsal, staff
from bot.settings import ROOT
from handoff import organisations, wording
from handoff.store import database
from nlu_data import examples
from nlu_data.examples import Change, Example

PASSWORD = "a quiet bridge in the rain"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HELPLINE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("HELPLINE_TELEGRAM_TOKEN", raising=False)


def helpline(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(cli._commands, list(arguments), input=answers)


def lead_of(code: str) -> None:
    done = helpline(
        "organisation", "create", code, f"{code}-lead", "--name", "Lead", answers=f"{PASSWORD}\n{PASSWORD}\n"
    )
    assert done.exit_code == 0, done.output


def counsellor_of(code: str) -> str:
    login = f"{code}-one"
    invited = helpline("organisation", "invite", code, login, "--name", "One")
    invitation = invited.output.partition("with this code: ")[2].split()[0]
    accepted = helpline("organisation", "accept", login, answers=f"{invitation}\n{PASSWORD}\n{PASSWORD}\n")
    assert accepted.exit_code == 0, accepted.output
    admitted = helpline("organisation", "admit", login, "--lead", f"{code}-lead", answers=f"{PASSWORD}\n")
    assert admitted.exit_code == 0, admitted.output
    return login


def test_the_key_ceremony(tmp_path: Path) -> None:
    assert helpline("keys", "create").exit_code == 0
    assert keyfile.read(tmp_path / "keys")
    for code in ("atina", "pvpt"):
        lead_of(code)
        assert helpline("organisation", "shift", counsellor_of(code), "00:00", "00:00").exit_code == 0
    listed = helpline("organisation", "list").output
    assert listed.count("admitted") == 4

    checked = helpline("check")
    assert checked.exit_code == 1  # there is no Telegram and no model in this folder
    wrong = [line.split()[1] for line in checked.output.splitlines() if line.strip().startswith("WRONG")]
    assert wrong == ["telegram", "understanding"]
    assert "atina now; pvpt now" in checked.output


def test_a_password_and_recovery_words_are_shown_once_or_never() -> None:
    done = helpline("organisation", "create", "atina", "lead", "--name", "Lead", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert PASSWORD not in done.output
    assert "recovery words" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("organisation", "invite", "atina", "one", "--name", "One"), "organisation create"),
        (("organisation", "invite", "atina", "one", "--name", "One", "--role", "king"), "no role king"),
        (("organisation", "shift", "nobody", "08:00", "16:00"), "no member nobody"),
        (("organisation", "shift", "nobody", "08:00", "16:00", "--day", "monday"), "no weekday monday"),
    ],
)
def test_what_does_not_exist_is_said(arguments: tuple[str, ...], words: str) -> None:
    done = helpline(*arguments)
    assert isinstance(done.exception, staff.Unknown)
    assert words in str(done.exception)


def test_an_unknown_organisation_has_no_texts_and_is_not_made() -> None:
    done = helpline("organisation", "create", "red", "lead", "--name", "Lead", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert "atina, pvpt" in str(done.exception)


def test_check_says_everything_that_is_missing() -> None:
    checked = helpline("check")
    assert checked.exit_code == 1
    for what in ("keys", "telegram", "organisations", "on duty", "understanding"):
        assert f"WRONG    {what}" in checked.output
    assert "well     database" in checked.output
    assert "well     languages" in checked.output


def test_check_says_what_this_version_does_not_have_yet() -> None:
    checked = helpline("check")
    for what in ("second factor", "retention", "backup", "audit"):
        assert f"NOT YET  {what}" in checked.output
    assert "this version must not meet people" in checked.output


def test_the_demos_database_is_not_fit_for_people(tmp_path: Path) -> None:
    async def rehearse() -> None:
        async with production.reached(settings.read(), print) as (_, url):
            engine = database.create_engine(url)
            await rehearsal.ensure(database.sessions(engine), rehearsal.path(tmp_path))
            await engine.dispose()

    assert "well     demo" in helpline("check").output
    asyncio.run(rehearse())
    assert "WRONG    demo" in helpline("check").output


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://bot.example.org/", True),
        ("https://bot.example.org:8443/here", True),
        ("https://bot.example.org:9000/", False),
        ("http://bot.example.org/", False),
    ],
)
def test_a_webhook_for_telegram_is_https_on_one_of_its_ports(url: str, fits: bool) -> None:
    if fits:
        check._webhook(url, real=True)
    else:
        with pytest.raises(check.Unwell, match="HELPLINE_WEBHOOK_URL"):
            check._webhook(url, real=True)
    check._webhook("http://127.0.0.1:9000/", real=False)


def test_a_place_is_found() -> None:
    assert helpline("place", "Novi Sad").output.startswith("rs-novi-sad")


def test_what_admins_changed_is_written_into_files(tmp_path: Path) -> None:
    lead_of("atina")
    invited = helpline("organisation", "invite", "atina", "editor", "--name", "Dragana", "--role", "admin")
    invitation = invited.output.partition("with this code: ")[2].split()[0]
    accepted = helpline("organisation", "accept", "editor", answers=f"{invitation}\n{PASSWORD}\n{PASSWORD}\n")
    assert "can log in, reads no conversation" in accepted.output
    new = Example("sr", "thanks", "hvala ti sto si tu")

    async def save() -> None:
        async with production.transaction(settings.read()) as session:
            reader = await organisations.reader(session, await organisations.log_in(session, "editor", PASSWORD))
            await wording.save(session, reader, [Change("add", new)])

    shutil.copytree(examples.FOLDER, tmp_path / "nlu")
    assert "Nothing differs" in helpline("content", "export", str(tmp_path / "nlu")).output
    asyncio.run(save())
    exported = helpline("content", "export", str(tmp_path / "nlu"))
    assert exported.output.splitlines()[-1] == "1 files changed."
    assert f"    - {new.text}\n" in (tmp_path / "nlu" / "sr" / "talk.yml").read_text(encoding="utf-8")


def typed(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command as somebody types it, in a process of its own."""
    command = [str(ROOT / ".venv" / "bin" / "helpline"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.slow
def test_a_failure_that_was_to_be_expected_has_words_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@127.0.0.1:9/nowhere?connect_timeout=2")
    done = typed("check")
    assert done.returncode == 1
    assert "can't be reached" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr + done.stdout


@pytest.mark.slow
def test_parts_that_run_apart_need_one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    done = typed("run", "--only", "receive", "--only", "send")
    assert done.returncode == 1
    assert "DATABASE_URL is not set" in done.stderr


@pytest.mark.slow
def test_run_refuses_without_a_telegram(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    done = typed("run", "--only", "receive", "--only", "send")
    assert done.returncode == 1
    assert "WRONG    telegram" in done.stdout
    assert "doesn't start while something is wrong" in done.stderr
