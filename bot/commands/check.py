"""Whether this helpline can serve people: each thing that it needs, looked at one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram.error import InvalidToken, TelegramError

from bot import keyfile
from bot.commands import rehearsal
from bot.settings import Settings
from bot.telegram import connection
from handoff import models, organisations, roster, store
from handoff.routing import OF_SIDE
from handoff.store import database
from handoff.vault import WrongPassword
from nlu_data import client, model
from responses import centres, checks, evidence_checks
from responses.content import Content

LOCAL_TIME: Final = roster.LOCAL_TIME


# What people need and this version doesn't have; with any of it missing nobody may be invited to write.
NOT_THERE_YET: Final = {
    "second factor": "members log in with a password alone",
    "retention": "nothing is deleted when its time is over, except what nobody was asked about for 72 hours",
    "backup": "no command makes a backup or tries one out; docs/operators-guide.md says what to copy",
    "audit": "who read what is kept, but no page shows it",
    "native readers": "no text was read by a native speaker",
}
_WEBHOOK_PORTS: Final = frozenset({None, 443, 80, 88, 8443})
_SHOWN: Final = {"well": "well   ", "wrong": "WRONG  ", "missing": "NOT YET"}

State = Literal["well", "wrong", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is as it must be, and what was seen or is to be done."""

    what: str
    state: State
    words: str


class Unwell(Exception):
    """Something that a helpline needs is not there."""


async def examine(chosen: Settings, url: str) -> tuple[Finding, ...]:
    """Looks at everything; changes nothing."""
    engine = database.create_engine(url)
    try:
        return (
            await _finding("keys", _keys(chosen)),
            await _finding("telegram", _telegram(chosen)),
            await _finding("database", _database(engine)),
            await _finding("organisations", _organisations(engine)),
            await _finding("on duty", _on_duty(engine)),
            await _finding("languages", _languages()),
            _resources(),
            await _finding("understanding", _understanding(chosen, engine)),
            await _finding("demo", _demo(chosen, engine)),
            *(Finding(what, "missing", words) for what, words in NOT_THERE_YET.items()),
        )
    finally:
        await engine.dispose()


async def _finding(what: str, look: Awaitable[str]) -> Finding:
    try:
        return Finding(what, "well", await look)
    except Unwell as wrong:
        return Finding(what, "wrong", str(wrong))


async def _keys(chosen: Settings) -> str:
    try:
        keys = keyfile.read(chosen.keys_path)
    except keyfile.NoKeys as wrong:
        raise Unwell(str(wrong)) from None
    if keyfile.open_to_others(chosen.keys_path):
        raise Unwell(f"others on this machine can read {chosen.keys_path}: chmod 600 {chosen.keys_path}")
    return f"{chosen.keys_path}, {len(keys.ring)} in the ring"


async def _telegram(chosen: Settings) -> str:
    if chosen.telegram_token is None:
        raise Unwell("HELPLINE_TELEGRAM_TOKEN is not set: get a token from @BotFather")
    if chosen.webhook_url is not None:
        _webhook(chosen.webhook_url, chosen.on_real_telegram)
    bot = connection.connect(chosen.telegram_token.get_secret_value(), chosen.telegram_api_url)
    try:
        me = await bot.get_me()
    except InvalidToken:
        raise Unwell("Telegram doesn't know this token: check HELPLINE_TELEGRAM_TOKEN") from None
    except TelegramError as failure:
        raise Unwell(f"{chosen.telegram_api_url} doesn't answer ({type(failure).__name__})") from None
    finally:
        await bot.close_connections()
    way = "long polling" if chosen.webhook_url is None else f"webhook {chosen.webhook_url}"
    return f"@{me.username} at {chosen.telegram_api_url}, by {way}"


def _webhook(url: str, real: bool) -> None:
    parts = urlsplit(url)
    if real and (parts.scheme != "https" or parts.port not in _WEBHOOK_PORTS):
        raise Unwell("Telegram brings updates to https addresses on the ports 443, 80, 88, 8443: HELPLINE_WEBHOOK_URL")


async def _database(engine: AsyncEngine) -> str:
    wanted = ScriptDirectory(str(Path(store.__path__[0]) / "migrations")).get_current_head()
    there = await _asked(engine, "SELECT version_num FROM alembic_version")
    if there != [(wanted,)]:
        raise Unwell(f"its tables are those of {there or 'no version'}, this helpline needs {wanted}")
    version = (await _asked(engine, "SHOW server_version"))[0][0]
    return f"PostgreSQL {version}, migration {wanted}"


async def _organisations(engine: AsyncEngine) -> str:
    """An organisation is there for people when somebody was admitted to its key."""
    try:
        async with database.sessions(engine)() as session:
            routable = set(await roster.on_duty(session, datetime.now(UTC)))
    except SQLAlchemyError as failure:
        raise Unwell(f"the database doesn't answer ({type(failure).__name__})") from None
    missing = sorted(set(OF_SIDE.values()) - routable)
    if missing:
        raise Unwell(f"nobody can read for {', '.join(missing)}: helpline organisation create, then admit a counsellor")
    return ", ".join(sorted(routable))


async def _on_duty(engine: AsyncEngine) -> str:
    try:
        async with database.sessions(engine)() as session:
            duties = await roster.on_duty(session, datetime.now(UTC))
    except SQLAlchemyError as failure:
        raise Unwell(f"the database doesn't answer ({type(failure).__name__})") from None
    unplanned = sorted(code for code, duty in duties.items() if not duty.now and duty.next_at is None)
    if unplanned or not duties:
        raise Unwell(f"no shift is planned for {', '.join(unplanned) or 'anybody'}: helpline organisation shift")
    return "; ".join(f"{code} {_when(duty)}" for code, duty in sorted(duties.items()))


def _when(duty: roster.Duty) -> str:
    if duty.now or duty.next_at is None:
        return "now"
    return f"from {duty.next_at.astimezone(LOCAL_TIME):%A %H:%M}"


async def _languages() -> str:
    content = Content.load()
    found = checks.problems(content)
    if found:
        raise Unwell(f"{len(found)} texts are wrong or missing, the first: {found[0]}")
    hidden = [one for one in content.languages if one not in content.offered]
    return ", ".join(content.offered) + (f"; hidden, not reviewed: {', '.join(hidden)}" if hidden else "")


def _resources() -> Finding:
    """Each number and centre: carried by a page, still valid, and confirmed by those whom people would call."""
    content = Content.load()
    found = evidence_checks.unfit(content, datetime.now(UTC).date())
    if found:
        words = f"{len(found)} may not be given to people yet (docs/resources.md): {'; '.join(found)}"
        return Finding("resources", "missing", words)
    unknown = sum(one.status == centres.NOT_KNOWN for one in content.centres)
    words = f"{len(content.resources)} of them; {unknown} of {len(content.centres.rows)} centres are not known"
    return Finding("resources", "well", words)


async def _understanding(chosen: Settings, engine: AsyncEngine) -> str:
    try:
        async with database.sessions(engine)() as session:
            live = await models.live(session)
    except SQLAlchemyError as failure:
        raise Unwell(f"the database doesn't answer ({type(failure).__name__})") from None
    if chosen.nlu_url is None:
        if not model.PYTHON.exists():
            raise Unwell(str(model.NotInstalled.__doc__))
        if not model.is_trained(chosen.data_dir):
            raise Unwell("the model is not trained for the data of now; helpline run trains it when it starts")
        return f"model {live}, served by this machine"
    nlu = client.NLU(chosen.nlu_url, chosen.nlu_secret, timeout=5)
    try:
        await nlu.parse("hello")
        serves = await nlu.status()
    except client.NLUDown:
        raise Unwell(f"{chosen.nlu_url} doesn't answer or refuses HELPLINE_NLU_TOKEN") from None
    finally:
        await nlu.aclose()
    if serves != live:
        raise Unwell(f"{chosen.nlu_url} serves model {serves}, published is {live}: is it on the same database?")
    return f"model {serves} at {chosen.nlu_url}"


async def _demo(chosen: Settings, engine: AsyncEngine) -> str:
    """The demo prints its passwords, so no organisation of it may be met by people."""
    for member in rehearsal.read(rehearsal.path(chosen.data_dir)) or ():
        try:
            async with database.sessions(engine)() as session:  # not committed: looking leaves no trace
                await organisations.log_in(session, member.login, member.password)
        except WrongPassword:
            continue
        except SQLAlchemyError as failure:
            raise Unwell(f"the database doesn't answer ({type(failure).__name__})") from None
        raise Unwell("the demo's passwords, which were printed, open this database: use another database")
    return "none of its passwords opens anything"


async def _asked(engine: AsyncEngine, query: str) -> list[tuple[object, ...]]:
    try:
        async with engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]
    except SQLAlchemyError as failure:
        raise Unwell(f"it doesn't answer, or has no tables yet ({type(failure).__name__})") from None


def report(findings: tuple[Finding, ...], say: Callable[[str], None]) -> bool:
    """Says what was found; whether all is well."""
    for one in findings:
        say(f"  {_SHOWN[one.state]}  {one.what:<14} {one.words}")
    missing = sum(one.state == "missing" for one in findings)
    if missing:
        say(f"  {missing} things are not there yet: this version must not meet people.")
    return all(one.state == "well" for one in findings)
