"""`helpline tour`: an evening of four people, one in each language, and of the counsellors who answer two of them."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import keyfile, processes
from bot.commands import rehearsal
from bot.commands.rehearsal import Member
from bot.processes import HOST, Processes
from bot.running import line, parts
from bot.settings import Settings
from bot.simulator import DEFAULT_TOKEN
from bot.tour import facts
from bot.tour.chat import Broken, Chat, Person
from bot.tour.desk import Counsellor
from handoff.roster import LOCAL_TIME
from handoff.store import database
from responses.content import Content

Say = Callable[[str], None]
_BOT_ID: Final = int(DEFAULT_TOKEN.partition(":")[0])
_WIDTH, _LINES, _KEYS = 110, 4, 4
_INDENT: Final = " " * 32


@dataclass(slots=True)
class Transcript:
    """What happened, each line with the seconds since the evening began."""

    say: Say
    began: float = field(default_factory=time.monotonic)
    steps: int = 0

    def line(self, who: str, text: str) -> None:
        lines = [one[:_WIDTH] + " …" if len(one) > _WIDTH else one for one in text.splitlines() if one] or [""]
        if len(lines) > _LINES:
            lines = [*lines[:_LINES], "…"]
        self.say(f"{time.monotonic() - self.began:7.2f} s  {who:<20} {lines[0]}")
        for other in lines[1:]:
            self.say(f"{_INDENT}{other}")

    def shown(self, person: Person, message: dict[str, Any]) -> None:
        """A message that appeared in a chat."""
        text = message["text"] or f"({message['kind']})"
        self.line(f"bot to {person.name}" if message["bot"] else person.name, text)
        keys = [f"[{key['text']}]" for row in message["buttons"] for key in row]
        for start in range(0, len(keys), _KEYS):
            self.say(_INDENT + " ".join(keys[start : start + _KEYS]))

    def happened(self, what: str) -> None:
        """A step that the tour promises, seen to have happened."""
        self.steps += 1
        self.say(f"{time.monotonic() - self.began:7.2f} s  {'✓':<20} {what}")


@dataclass(frozen=True, slots=True)
class Evening:
    """Everything that the evening's steps need."""

    chat: Chat
    content: Content
    transcript: Transcript
    engine: AsyncEngine
    handle: Callable[[Person], bytes]
    members: Sequence[Member]
    console: str

    @asynccontextmanager
    async def counsellor(self, organisation: str) -> AsyncIterator[Counsellor]:
        member = next(one for one in self.members if one.organisation == organisation and one.role == "counsellor")
        found = Counsellor.at(self.console, member)
        try:
            await found.logs_in()
            self.transcript.line(member.name, f"logs in at {self.console} for {organisation}")
            yield found
        finally:
            await found.leaves()

    async def arrives(self, app_language: str, language: str, name: str) -> Person:
        """First contact: /start, and the language by its button."""
        person = await self.chat.person(app_language, language, name)
        mark = await person.writes("/start")
        preset = {"en": "en", "sq": "sq", "sr": "sr-Latn"}[app_language]
        await person.reads(f"is greeted in {preset}", self.content.text("welcome.ask", preset), mark)
        if language != preset:
            mark = await person.presses(f"lang:{language}")
            await person.reads(f"is greeted in {language}", self.content.text("welcome.ask", language), mark)
        about = self.content.text("welcome.about", language)
        if not any(one["text"] == about for one in person.after(mark)):
            raise Broken(f"{name} isn't told in {language} who is here")
        self.transcript.happened(f"{name} is greeted in {language}: who is here, what is stored, how to leave")
        return person

    async def asks(self, person: Person, text: str, intent: str) -> None:
        """A question in the person's own words, which only Rasa can have understood."""
        began = time.monotonic()
        mark = await person.writes(text)
        expected = self.content.answer(intent, person.language, None).text
        await person.reads(f"gets the answer to {intent}", expected, mark)
        seconds = time.monotonic() - began
        self.transcript.happened(f"understood by Rasa as {intent}, answered in {person.language} after {seconds:.1f} s")


async def run(chosen: Settings, say: Say) -> bool:
    """Whether all of it truly happened."""
    outcome: list[bool] = []
    with tempfile.TemporaryDirectory(prefix="tour", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - PostgreSQL runs as a user of its own when root is at work
        await processes.until_stopped(_serve(chosen, Path(folder), say, outcome), say)
    return outcome == [True]


async def _serve(shared: Settings, folder: Path, say: Say, outcome: list[bool]) -> None:
    """The same parts as the demo's, on other ports and an empty database; only the trained model is shared."""
    keys = keyfile.create(folder / "keys")
    own = {"data_dir": folder, "keys_file": folder / "keys", "database_url": None, "nlu_url": None, "nlu_token": None}
    ports = {name: processes.free_port() for name in ("nlu_port", "console_port", "simulator_port")}
    simulated = f"http://{HOST}:{ports['simulator_port']}"
    telegram = {"telegram_token": SecretStr(DEFAULT_TOKEN), "telegram_api_url": simulated}
    chosen = shared.model_copy(update={**own, **ports, **telegram, "console_host": HOST})
    chosen = line.with_own_nlu(chosen)
    async with Processes(line.Logbook(shared.data_dir / "log" / "tour", say), say) as running:
        await line.train(running, shared)
        began = time.monotonic()
        url = await line.start_database(running, chosen, "tour")
        simulator = await line.start_simulator(running, chosen.simulator_port)
        engine = database.create_engine(url)
        try:
            members = await rehearsal.ensure(database.sessions(engine), folder / "logins.json")
            understanding = chosen.model_copy(update={"data_dir": shared.data_dir})
            started = await line.start_own(running, understanding, url, ("nlu",))
            started += await line.start_own(running, chosen, url, parts.SERVING)
            say("Starting all parts; Rasa usually takes half a minute …")
            await running.wait_for(simulator, *started)
            say(f"All parts are well after {time.monotonic() - began:.0f} s.\n")
            transcript = Transcript(say)
            chat = Chat(simulated, transcript.shown)
            async with chat.listening():
                console = f"http://{HOST}:{chosen.console_port}"
                evening = Evening(
                    chat,
                    Content.load(),
                    transcript,
                    engine,
                    lambda person: keys.handle(_BOT_ID, person.id),
                    members,
                    console,
                )
                outcome.append(await _all_of_it(evening))
        finally:
            await engine.dispose()


async def _all_of_it(evening: Evening) -> bool:
    transcript = evening.transcript
    transcript.say(f"An evening of {datetime.now(LOCAL_TIME):%d.%m.%Y, %H:%M}\n")
    try:
        await _english(evening)
        await _albanian(evening)
        await _serbian(evening)
        await _serbian_in_cyrillic(evening)
    except Broken as failure:
        transcript.line("✗", str(failure))
        transcript.say("\nThe tour broke off: the step above did not happen.")
        return False
    seconds = time.monotonic() - transcript.began
    transcript.say(f"\nAll {transcript.steps} steps of the tour happened, in {seconds:.0f} s.")
    return True


async def _english(evening: Evening) -> None:
    """A question, then a person: by the place to Atina, and the counsellor's answer comes back."""
    content, transcript = evening.content, evening.transcript
    person = await evening.arrives("en", "en", "Emma")
    await evening.asks(person, "does it cost anything to write to you?", "ask_cost")
    mark = await person.writes("/person")
    await person.reads("is asked where she is", content.text("place.ask", "en")[:40], mark)
    await person.writes("Novi Sad")
    right = await person.until("is asked whether the place is right", lambda: person.offered("place:rs-"))
    await person.presses(right)
    consent = await person.until("is asked for consent", lambda: person.offered("consent:atina:history"))
    transcript.happened("asked before anything leaves the bot: Atina, since she is in Serbia")
    await person.presses(consent)
    await _talks(
        evening, person, "atina", "I am here now. What would you like to talk about?", "My boss has my passport."
    )


async def _albanian(evening: Evening) -> None:
    """Danger: the emergency numbers come first, and one tap brings a counsellor of PVPT."""
    content, transcript = evening.content, evening.transcript
    person = await evening.arrives("sq", "sq", "Drita")
    await evening.asks(person, "a duhet të paguaj për këtë?", "ask_cost")
    mark = await person.writes("më ka mbyllur në dhomë dhe po më kërcënon me thikë")
    numbers = content.emergency("sq", None)
    found = await person.until("gets an answer", lambda: next(iter(person.after(mark)), None))
    if not found["text"].startswith(numbers):
        raise Broken(f"{person.name}: the first answer to danger doesn't begin with the emergency numbers")
    transcript.happened("danger recognised: the emergency numbers of both sides come first")
    consent = await person.until("is offered a person", lambda: person.offered("consent:pvpt:history"))
    await person.presses(consent)
    await _talks(evening, person, "pvpt", "Jam këtu. A mund të shkruash tani?", "po, por shkurt")


async def _serbian(evening: Evening) -> None:
    """/exit: what Telegram lets go is gone from the screen, and nothing more is said."""
    content, transcript = evening.content, evening.transcript
    person = await evening.arrives("sr", "sr-Latn", "Ljiljana")
    await evening.asks(person, "da li moram nešto da platim za ovo?", "ask_cost")
    before = set(person.messages)
    await person.writes("/exit")
    line_left = content.text("leaving.line", "sr-Latn")
    await person.until(
        "sees one harmless line and nothing else",
        lambda: [one["text"] for one in person.messages.values()] == [line_left] or None,
    )
    transcript.happened(f"/exit: {len(before)} messages are gone from her screen, one harmless line is left")
    if not await facts.is_paused(evening.engine, evening.handle(person)):
        raise Broken("the person is not paused after /exit")
    transcript.happened("she is paused: nothing is sent until she comes back")


async def _serbian_in_cyrillic(evening: Evening) -> None:
    """/forget: nobody holds a key to what was said any more."""
    transcript = evening.transcript
    person = await evening.arrives("sr", "sr-Cyrl", "Светлана")
    await evening.asks(person, "да ли морам нешто да платим за ово?", "ask_cost")
    conversation = await facts.conversation_of(evening.engine, evening.handle(person))
    if conversation is None or not await facts.holders(evening.engine, conversation):
        raise Broken("there is no conversation to forget")
    await person.writes("/forget")
    await person.until("is asked whether she means it", lambda: person.offered("forget:yes"))
    await person.presses("forget:yes")
    gone = evening.content.text("leaving.forgotten", "sr-Cyrl")
    await person.until(
        "sees one harmless line and nothing else",
        lambda: [one["text"] for one in person.messages.values()] == [gone] or None,
    )
    await facts.wait_until_forgotten(evening.engine, conversation, evening.handle(person))
    transcript.happened("/forget: no key, no line of the conversation and no contact are left in the database")


async def _talks(evening: Evening, person: Person, organisation: str, reply: str, answer: str) -> None:
    """A counsellor takes the conversation, both write, and it is closed."""
    transcript = evening.transcript
    async with evening.counsellor(organisation) as counsellor:
        conversation = await counsellor.takes_next()
        transcript.line(counsellor.name, "takes the next")
        mark = person.mark()
        await counsellor.replies(reply)
        transcript.line(counsellor.name, reply)
        await person.reads("gets the counsellor's reply", reply, mark)
        transcript.happened(f"handed over to {organisation}; the counsellor's reply is in the chat")
        await person.writes(answer)
        await counsellor.reads(answer)
        transcript.happened("the counsellor reads what was written back")
        async with evening.counsellor("pvpt" if organisation == "atina" else "atina") as other:
            await other.sees_nothing_of(conversation)
        transcript.happened("the other organisation can't open it")
        mark = person.mark()
        ended = evening.content.text("talking.closed", person.language)
        await counsellor.closes()
        await person.reads("is told that it has ended", ended[:30], mark)
        transcript.happened("closed, and the person was told")
