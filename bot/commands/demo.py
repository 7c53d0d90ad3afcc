"""`helpline demo`: everything on this machine, with a simulated Telegram, to be tried out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from telegram.error import InvalidToken, TelegramError

from bot import keyfile, processes
from bot.commands import rehearsal
from bot.commands.rehearsal import Member
from bot.paired import Pairing
from bot.processes import HOST, PartFailed, Processes, Running
from bot.running import line, parts
from bot.settings import Settings
from bot.simulator import DEFAULT_TOKEN
from bot.telegram import connection
from handoff.store import database

Say = Callable[[str], None]
PERSONS: Final = ("en", "sq", "sr")


async def run(chosen: Settings, say: Say) -> None:
    """Starts everything, says where it is, and ends it when told to stop."""
    with line.alone(chosen.data_dir):
        await processes.until_stopped(_serve(chosen, say), say)


async def _serve(chosen: Settings, say: Say) -> None:
    chosen = _with_own_keys(chosen)
    logs = chosen.data_dir / "log"
    async with Processes(line.Logbook(logs, say), say) as running:
        say("Starting the database …")
        url = await line.start_database(running, chosen, "demo")
        members = await _members(chosen, url)
        chosen = _on_free_ports(chosen, say)
        began, nlu = time.monotonic(), None
        if chosen.nlu_url is None:
            await line.train(running, chosen)
            began, chosen = time.monotonic(), line.with_own_nlu(chosen)
            (nlu,) = await line.start_own(running, chosen, url, ("nlu",))
        waited_for: list[Running] = []
        chosen, where, pairing = await _telegram(running, chosen, waited_for, say)
        say("Starting receiver, worker and console …")
        waited_for += await line.start_own(running, chosen, url, parts.SERVING, pairing)
        await running.wait_for(*waited_for)
        for text in _summary(chosen, members, where, logs):
            say(text)
        if nlu is not None:
            await running.wait_for(nlu)
            say(f"Rasa answers now, {time.monotonic() - began:.0f} s after its start.")
        await running.go_on()


def _with_own_keys(chosen: Settings) -> Settings:
    """The demo's keys are not those of a helpline that people write to."""
    if chosen.keys_file is None:
        chosen = chosen.model_copy(update={"keys_file": chosen.data_dir / "demo" / "keys"})
    if not chosen.keys_path.exists():
        keyfile.create(chosen.keys_path)
    return chosen


async def _members(chosen: Settings, url: str) -> tuple[Member, ...]:
    engine = database.create_engine(url)
    try:
        return await rehearsal.ensure(database.sessions(engine), rehearsal.path(chosen.data_dir))
    finally:
        await engine.dispose()


def _on_free_ports(chosen: Settings, say: Say) -> Settings:
    found = {name: processes.free_port(getattr(chosen, name)) for name in ("console_port", "simulator_port")}
    for name, port in found.items():
        if port != getattr(chosen, name):
            say(f"Port {getattr(chosen, name)} is taken: the {name.removesuffix('_port')} uses {port}.")
    return chosen.model_copy(update={**found, "console_host": HOST})


async def _telegram(
    running: Processes, chosen: Settings, waited_for: list[Running], say: Say
) -> tuple[Settings, Sequence[str], Path | None]:
    """The Telegram of the demo: with a token the one that it is for, else a simulated one."""
    if chosen.telegram_token is None:
        say("Starting the simulated Telegram …")
        waited_for.append(await line.start_simulator(running, chosen.simulator_port, PERSONS))
        address = f"http://{HOST}:{chosen.simulator_port}"
        told = {"telegram_token": SecretStr(DEFAULT_TOKEN), "telegram_api_url": address}
        where = (f"  Chat     {address}   write as somebody who needs help",)
        return chosen.model_copy(update=told), where, None
    username = await _introduced(chosen)
    where = (f"  Chat     @{username} at {chosen.telegram_api_url}",)
    if not chosen.on_real_telegram:
        return chosen, where, None
    pairing = Pairing.renewed(chosen.data_dir / "demo" / "paired.json")
    advice = (
        "  This is the real Telegram, so only paired accounts are answered; everybody else is told that nobody",
        f"  reads here. To pair yours, write this to @{username}:   {pairing.code}",
        f"  or open https://t.me/{username}?start={pairing.code}",
        f"  Paired already: {len(pairing.handles)}",
    )
    return chosen, (*where, *advice), pairing.path


async def _introduced(chosen: Settings) -> str:
    assert chosen.telegram_token is not None
    bot = connection.connect(chosen.telegram_token.get_secret_value(), chosen.telegram_api_url)
    try:
        return str((await bot.get_me()).username)
    except InvalidToken:
        raise PartFailed(
            f"{chosen.telegram_api_url} doesn't know this token. Check HELPLINE_TELEGRAM_TOKEN, or unset it to use the "
            "simulated Telegram."
        ) from None
    except TelegramError as failure:
        raise PartFailed(f"{chosen.telegram_api_url} doesn't answer ({type(failure).__name__}).") from None
    finally:
        await bot.close_connections()


def _summary(chosen: Settings, members: Sequence[Member], where: Sequence[str], logs: Path) -> list[str]:
    width = max(len(member.password) for member in members)
    return [
        "",
        "The helpline is running. Ctrl-C ends it.",
        "",
        *where,
        f"  Console  http://{HOST}:{chosen.console_port}   answer as a counsellor",
        "",
        f"  {'login':<8} {'password':<{width}}  who",
        *(f"  {one.login:<8} {one.password:<{width}}  {_who(one)}" for one in members),
        "",
        f"  What the parts say: {logs}",
        "  Rasa takes half a minute to start; until then menus, rules of danger and people are there.",
        "",
    ]


def _who(member: Member) -> str:
    shift = "" if member.shift is None else f", on duty {member.shift[0]:%H:%M}-{member.shift[1]:%H:%M}"
    organisation = {"atina": "Atina", "pvpt": "PVPT"}[member.organisation]
    return f"{member.name}, {member.role} of {organisation}{shift}"
