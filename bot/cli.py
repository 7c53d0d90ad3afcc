"""The helpline: try it, run it, look after it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot import keyfile, logs, processes, settings, web
from bot.commands import demo, export, nlu, place, production, rehearsal, staff
from bot.receive import TokenRefused
from bot.running import line, parts
from bot.settings import Settings
from bot.tour import evening
from handoff import organisations
from handoff.vault import WrongPassword
from nlu_data import evaluation, evaluation_page, examples, model
from responses.places import Places

T = TypeVar("T")
_commands = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
_keys = typer.Typer(no_args_is_help=True, help="The server's keys.")
_organisation = typer.Typer(no_args_is_help=True, help="Organisations, their members and shifts.")
_content = typer.Typer(no_args_is_help=True, help="What admins changed.")
_nlu = typer.Typer(no_args_is_help=True, help="How a text is understood.")
_commands.add_typer(_nlu, name="nlu")
_commands.add_typer(_keys, name="keys")
_commands.add_typer(_organisation, name="organisation")
_commands.add_typer(_content, name="content")

# Their words are meant for who sits at the terminal.
_EXPECTED = (
    line.AlreadyRunning,
    line.WrongDatabase,
    processes.PartFailed,
    model.TrainingFailed,
    nlu.NotMeasured,
    rehearsal.NotTheDemos,
    evaluation.WrongFile,
    keyfile.NoKeys,
    keyfile.KeysExist,
    parts.NotSet,
    settings.WrongSettings,
    staff.Unknown,
    web.PortTaken,
)
# Of these the docstring is the message.
_NAMED = (
    model.NotInstalled,
    production.NotFit,
    TokenRefused,
    WrongPassword,
    organisations.BadInvitation,
    organisations.NameTaken,
    organisations.NotAllowed,
    organisations.WeakPassword,
)


def app() -> None:
    """Carries out a command; what was to be expected ends in words and status 1, never in a traceback."""
    try:
        _commands()
    except _EXPECTED as failure:
        _fail(str(failure))
    except _NAMED as failure:
        _fail(str(failure.__doc__))
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(words: str) -> None:
    sys.stdout.flush()
    print(f"\n{words}", file=sys.stderr)
    sys.exit(1)


def _say(words: str) -> None:
    print(words, flush=True)


def _settings(form: str | None = None) -> Settings:
    chosen = settings.read()
    logs.configure(form or chosen.log_format, chosen.log_level)
    return chosen


def _wait(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@_commands.command(name="demo")
def demo_command() -> None:
    """Try it: everything on this machine, with a simulated Telegram; Ctrl-C ends it."""
    _wait(demo.run(_settings("console"), _say))


@_commands.command()
def tour() -> None:
    """A scripted evening in four languages, printed as a transcript; status 0 only if all of it happened."""
    if not _wait(evening.run(_settings("console"), _say)):
        sys.exit(1)


@_commands.command()
def run(
    only: Annotated[
        list[str] | None,
        typer.Option(help=f"Run this part ({', '.join(parts.NAMES)}); may be repeated. The others run elsewhere."),
    ] = None,
) -> None:
    """Run it for people: first `check`, then all parts, or those that are named."""
    chosen = _settings()
    _wait(production.run_only(chosen, only, _say) if only else production.run(chosen, _say))


@_commands.command()
def migrate() -> None:
    """Bring the database up to date; `run` does so too."""
    _wait(production.migrate(_settings("console"), _say))


@_commands.command()
def check() -> None:
    """Look whether everything is there that people need; status 1 if not."""
    if not _wait(production.examine(_settings("console"), _say)):
        sys.exit(1)


@_commands.command(name="place")
def place_command(
    text: Annotated[str, typer.Argument(help="what somebody writes; - reads it from the input: no shell keeps it")],
    as_json: Annotated[bool, typer.Option("--json", help="print municipality, side and candidates as JSON")] = False,
) -> None:
    """Which places the bot understands in a text, the likeliest first."""
    understood = place.Understood.of(Places.load_shipped(), sys.stdin.read() if text == "-" else text)
    _say(json.dumps(understood.to_json(), ensure_ascii=False) if as_json else understood.in_words())


@_nlu.command(name="check")
def nlu_check() -> None:
    """Look through the training data: what stands twice, contradicts, is in the wrong script or missing."""
    found = nlu.inspected(_settings("console"))
    for one in found:
        _say(f"{'WRONG ' if one.grave else 'advice'}  {one.kind:<18} {one.words}")
    grave = sum(one.grave for one in found)
    _say(f"{grave} wrong, {len(found) - grave} to look at.")
    if grave:
        sys.exit(1)


@_nlu.command(name="evaluate")
def nlu_evaluate(
    files: Annotated[list[Path], typer.Argument(help="tab-separated, with the header: lang intent kind text")],
    as_json: Annotated[bool, typer.Option("--json", help="print all figures as JSON")] = False,
    html: Annotated[Path | None, typer.Option(help="write a page with tables and curves")] = None,
    default: Annotated[bool, typer.Option(help="on the page, Rasa's default pipeline beside ours; trains it")] = False,
) -> None:
    """Measure how well the shipped model and the rules of danger understand these messages."""
    chosen = _settings("console")
    ours = nlu.evaluated(chosen, files)
    if html is not None:
        peer = nlu.by_default(chosen, files, lambda words: print(words, file=sys.stderr)) if default else None
        html.write_text(evaluation_page.page(ours, peer, ", ".join(one.name for one in files)), encoding="utf-8")
    figures = ours.to_json()
    _say(json.dumps(figures, ensure_ascii=False, indent=1) if as_json else nlu.in_words(figures))


@_content.command(name="export")
def content_export(
    folder: Annotated[
        Path, typer.Argument(help="where the files are written; by default those of this installation")
    ] = (examples.FOLDER),
) -> None:
    """Write the examples, with all that admins changed, back into files: git diff then shows what they changed."""
    written = _wait(export.examples(_settings("console"), folder))
    for path in written:
        _say(str(path))
    _say(f"{len(written)} files changed." if written else "Nothing differs from the files.")


@_keys.command(name="create")
def keys_create() -> None:
    """Make the server's keys, once; keep a copy apart from the database's backups."""
    path = _settings("console").keys_path
    keyfile.create(path)
    _say(f"The keys are in {path}. Without them nothing that is stored can be read: keep a copy somewhere safe.")


@_organisation.command(name="create")
def organisation_create(
    code: Annotated[str, typer.Argument(help="atina or pvpt")],
    login: Annotated[str, typer.Argument(help="the first lead's login name")],
    name: Annotated[str, typer.Option(prompt="The lead's name")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make an organisation: its key, its first lead, and its recovery words, which are shown once."""
    words = _wait(staff.create(_settings("console"), code, login, name, password))
    _say(f"{code} is there, {login} leads it. Its recovery words, shown this once; write them on paper:\n\n  {words}\n")


@_organisation.command(name="invite")
def organisation_invite(
    code: Annotated[str, typer.Argument(help="atina or pvpt")],
    login: str,
    name: Annotated[str, typer.Option(prompt="The member's name")],
    role: Annotated[str, typer.Option(help=", ".join(staff.ROLES))] = "counsellor",
) -> None:
    """Invite a member; prints the one-time code by which they set their password."""
    invitation = _wait(staff.invite(_settings("console"), code, login, name, role))
    _say(f"{login} sets a password with this code: {invitation}\n  helpline organisation accept {login}")


@_organisation.command(name="accept")
def organisation_accept(
    login: str,
    code: Annotated[str, typer.Option(prompt="The code of the invitation")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Set the password of an invited member, who types it themselves; this makes their key."""
    stage = _wait(staff.accept(_settings("console"), login, code, password))
    _say(f"{login} has a password and {stage}.")
    if stage == staff.WAITS:
        _say(f"  helpline organisation admit {login} --lead LOGIN")


@_organisation.command(name="admit")
def organisation_admit(
    login: str,
    lead: Annotated[str, typer.Option(help="the login of a lead, who types their password")],
    password: Annotated[str, typer.Option(prompt="The lead's password", hide_input=True)],
) -> None:
    """Give a member the organisation's key: from now on they can read and answer."""
    _wait(staff.admit(_settings("console"), lead, password, login))
    _say(f"{login} is admitted.")


@_organisation.command(name="shift")
def organisation_shift(
    login: str,
    starts: Annotated[datetime, typer.Argument(formats=["%H:%M"], help="for example 08:00, local time")],
    ends: Annotated[datetime, typer.Argument(formats=["%H:%M"], help="at or before the start: the next day")],
    day: Annotated[list[str], typer.Option(help="may be repeated: mon, tue, …")] = list(staff.WEEKDAYS),  # noqa: B006
) -> None:
    """Plan a weekly shift; without --day on every day."""
    _wait(staff.plan_shift(_settings("console"), login, day, starts.time(), ends.time()))
    _say(f"{login}: {', '.join(day)} {starts:%H:%M}-{ends:%H:%M}")


@_organisation.command(name="list")
def organisation_list() -> None:
    """Everybody who can log in, and how far they are on the way to the organisation's key."""
    for one in _wait(staff.members(_settings("console"))):
        _say(f"{one.organisation:<6} {one.login:<16} {one.role:<10} {one.stage}")


if __name__ == "__main__":
    app()
