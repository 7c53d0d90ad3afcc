"""The job "answer this person": their stored events in order, each in one transaction.

What was heard, the transcript, the new state of the dialogue, what goes out and the handoff request are
committed together, or not at all. This is the only writer of dialogue state.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot import persons
from bot.dialogue import events, step
from bot.dialogue.effects import DeleteRecent, Effect, Forget
from bot.dialogue.events import Heard
from bot.turn import Turn
from handoff import conversations
from handoff.store import jobs
from handoff.store.tables import Conversation, Inbox, Person
from handoff.vault import ServerKeys
from nlu_data import judgement
from nlu_data.client import NLUDown, Understanding
from nlu_data.lexicon import Lexicon
from responses.content import Content
from responses.message import Message

_LOG: Final = structlog.get_logger(__name__)
ATTEMPTS: Final = 3
# what a person does in the chat, as against what becomes of it or of time
_OWN: Final = frozenset({"wrote", "edited", "command", "pressed", "located", "sent"})


class Parses(Protocol):
    """Whatever understands a text; raises NLUDown."""

    async def parse(self, text: str) -> Understanding: ...


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers what waits in the inbox."""

    sessions: async_sessionmaker[AsyncSession]
    keys: ServerKeys
    content: Content
    lexicon: Lexicon
    nlu: Parses
    clock: Callable[[], datetime]

    async def drain(self, person_id: uuid.UUID) -> None:
        """Answers all that this person did and what happened to them, in order."""
        while (row_id := await self._oldest(person_id)) is not None:
            try:
                async with self.sessions.begin() as session:
                    await self._answer(session, person_id, row_id)
            except (OperationalError, InterfaceError):
                raise  # the database went: that isn't the row's fault, and it stays
            except Exception as failure:  # noqa: BLE001 - an outermost loop: one bad row must not silence a person
                if not await self._failed(row_id, person_id, type(failure).__name__):
                    return  # the sweep tries again in a second

    async def _oldest(self, person_id: uuid.UUID) -> int | None:
        async with self.sessions() as session:
            return await session.scalar(_oldest_waiting(person_id))

    async def _answer(self, session: AsyncSession, person_id: uuid.UUID, row_id: int) -> None:
        # not FOR UPDATE: that would hold up the receiver, whose new rows refer to the person
        person = await session.get(Person, person_id, with_for_update={"key_share": True})
        if person is None or await session.scalar(_oldest_waiting(person_id)) != row_id:
            return  # another job was faster
        row = await session.get_one(Inbox, row_id)
        row.handled_at = now = self.clock()
        if person.forgotten_at is not None:
            row.handled_at = None
            await self._to_successor(session, person)
            return
        event = json.loads(self.keys.unlock(row.payload_locked or b"", "inbox"))
        await self._step(session, person, event, now, row.message_id)
        row.payload_locked = row.failure = None

    async def _to_successor(self, session: AsyncSession, person: Person) -> None:
        """Whoever was forgotten and wrote again is somebody new; what a counsellor did reaches nobody."""
        successor = await persons.hand_over(session, self.keys, person)
        if successor is not None:
            await jobs.defer(session, "answer", f"answer:{successor}", "answer", person_id=str(successor))
        await session.execute(
            sa.update(Inbox)
            .where(Inbox.person_id == person.id, Inbox.kind != "telegram", Inbox.handled_at.is_(None))
            .values(handled_at=self.clock(), payload_locked=None)
        )

    async def _step(
        self, session: AsyncSession, person: Person, event: dict[str, Any], now: datetime, message_id: int | None
    ) -> None:
        own = event["type"] in _OWN
        if own or event["type"] == "unblocked":
            person.blocked_at = None
        elif event["type"] == "blocked":
            person.blocked_at = person.blocked_at or now
        conversation = await conversations.current(session, person.id)
        heard = await self._hear(event, conversation)
        turn = Turn(session, self.keys, self.content, person, conversation, now, message_id)
        await turn.lock()
        if event.get("query_id"):
            await turn.press(event["query_id"])
        if own:
            await turn.open(event.get("hint"))
            await turn.note(event)
        around = await turn.surroundings()
        state, effects = step.step(turn.state(), events.from_json(event, heard), self.content, around)
        for effect in sorted(effects, key=_late):
            await turn.apply(effect)
        await turn.keep(state)

    async def _hear(self, event: dict[str, Any], conversation: Conversation | None) -> Heard | None:
        """What the lexicon and, unless a counsellor reads it anyway, the NLU make of what was written.

        It is asked before any row but the person's is locked, so that a slow NLU holds up nobody else.
        """
        text = event.get("text")
        if not text:
            return None
        alarms = self.lexicon.alarms(text)
        # in a flood a hanging NLU would hold up every line, and danger in the last of them
        if event.get("rush") or (conversation is not None and conversation.status == "taken"):
            return Heard((), alarms)
        try:
            understood = await self.nlu.parse(text)
        except NLUDown:
            return Heard(None, alarms)
        guesses = tuple((guess.name, guess.confidence) for guess in understood.intents)
        return Heard(guesses, judgement.believed(self.content.groups, guesses, alarms))

    async def _failed(self, row_id: int, person_id: uuid.UUID, failure: str) -> bool:
        """Notes a failed attempt; True after the last one, when the person was told and the next may come."""
        async with self.sessions.begin() as session:
            row = await session.get_one(Inbox, row_id, with_for_update={"key_share": True})
            row.attempts += 1
            row.failure = failure
            _LOG.error("not_answered", inbox=row_id, attempt=row.attempts, failure=failure)
            if row.attempts < ATTEMPTS:
                return False
            row.handled_at = self.clock()
            person = await session.get(Person, person_id)
            if person is not None and row.kind == "telegram":
                turn = Turn(session, self.keys, self.content, person, None, row.handled_at)
                await turn.say(Message(self.content.text("error.sorry", person.language or "en")))
                await turn.send()
            return True


def _oldest_waiting(person_id: uuid.UUID) -> sa.Select[int]:
    """What came first, but of updates that lie side by side the one that Telegram numbered first."""
    waiting = sa.select(Inbox.id).where(Inbox.person_id == person_id, Inbox.handled_at.is_(None))
    others = waiting.where(Inbox.update_id.is_(None)).with_only_columns(sa.func.min(Inbox.id)).scalar_subquery()
    before_others = sa.or_(Inbox.update_id.is_(None), others.is_(None), Inbox.id < others)
    return waiting.order_by(sa.not_(before_others), Inbox.update_id.nulls_last(), Inbox.id).limit(1)


def _late(effect: Effect) -> int:
    """What is said to somebody who is forgotten is said after it: else it would be forgotten too."""
    match effect:
        case DeleteRecent():
            return 0
        case Forget():
            return 1
        case _:
            return 2
