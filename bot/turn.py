"""One turn of a dialogue: an event's transaction, from what surrounds it to what comes of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from bot import persons
from bot.dialogue import effects
from bot.dialogue.state import State
from bot.dialogue.surroundings import Surroundings
from bot.send import OFFERED
from bot.telegram import calls
from handoff import conversations, queue, roster, silence
from handoff.store import database, jobs
from handoff.store.tables import Conversation, Inbox, Outbox, Person
from handoff.vault import ServerKeys
from nlu_data import judgement
from responses.content import Content
from responses.message import Message

DELETABLE: Final = timedelta(hours=48)


@dataclass(slots=True)
class Turn:
    """A person's turn. Whoever makes it holds the person's row and commits. `message_id`: what they sent."""

    session: AsyncSession
    keys: ServerKeys
    content: Content
    person: Person
    conversation: Conversation | None
    now: datetime
    message_id: int | None = None
    _made: list[int] = field(default_factory=list, init=False)
    _offers: bool = field(default=False, init=False)
    _own: bool = field(default=False, init=False)

    # before the step

    async def lock(self) -> None:
        """Holds the conversation, so that no counsellor takes it in the middle of the turn."""
        persons.keep_quiet(self.keys, self.person, self.now)
        if self.conversation is not None:
            await self.session.refresh(self.conversation, with_for_update={"key_share": True})
            if self.conversation.status == "closed":
                self.conversation = None

    async def open(self, hint: str | None) -> Conversation:
        """The conversation that the event belongs to; a new one if none is open."""
        if self.conversation is None:
            language = self.person.language or hint
            self.conversation = await conversations.open_conversation(
                self.session, self.keys, self.person.id, language, self.now
            )
        self.conversation.heard_at = self.now
        if self.conversation.silent_at is not None:
            self.conversation.silent_at = None
            await silence.tell(self.session)
        self._own = True
        return self.conversation

    async def note(self, event: dict[str, Any]) -> None:
        """Writes into the transcript what the person did."""
        content = _told(event)
        if self.conversation is not None and content:
            await conversations.append(self.session, self.keys, self.conversation, "person", content)

    async def press(self, query_id: str) -> None:
        """Ends the little clock on a pressed button."""
        await self._put({"query_id": query_id}, action="press", while_paused=True)

    async def surroundings(self) -> Surroundings:
        """What the step may know of the world."""
        missed = bool(await self.session.scalar(sa.select(self._uncertain(offered=False).exists())))
        self._offers = missed and self._own and not self.person.paused
        return Surroundings(
            now=self.now,
            duty=await roster.on_duty(self.session, self.now),
            ahead=await queue.lengths(self.session, self.person.id),
            status="bot" if self.conversation is None else self.conversation.status,
            paused=self.person.paused,
            missed=missed,
            language=self.person.language,
            level="none" if self.conversation is None else self.conversation.level,
            discretion=persons.discretion(self.keys, self.person),
        )

    def state(self) -> State:
        """The dialogue as the last turn left it."""
        kept = {} if self.conversation is None else conversations.read_state(self.keys, self.conversation)
        return State.from_json(kept) if kept else State(language=self.person.language)

    # after the step

    async def apply(self, effect: effects.Effect) -> None:
        """Makes an effect true."""
        match effect:
            case effects.Say(message, urgent, essential, while_paused, at):
                await self.say(message, at, urgent=urgent, essential=essential, while_paused=while_paused)
            case effects.DeleteRecent():
                await self._delete_recent()
            case effects.DeleteHeard():
                await self._delete([] if self.message_id is None else [self.message_id])
            case effects.SetDiscretion(discretion):
                persons.set_discretion(self.keys, self.person, discretion)
            case effects.Pause():
                self.person.paused = True
                self.person.quiet_at = self.person.resumes_at = None
            case effects.Resume():
                self.person.paused = False
                self.person.resumes_at = None
            case effects.Forget():
                await self._forget()
            case effects.SetLanguage(language):
                self.person.language = language
                if self.conversation is not None:
                    self.conversation.language = language
                await self._changed()
            case effects.SetLevel(level):
                await self._raise_level(level)
            case effects.RequestHandoff():
                await self._request_handoff(effect)
            case effects.LeftQuickly():
                if self.conversation is not None:
                    self.conversation.left_at = self.now
                    await self._changed()
            case effects.Alarmed():
                if self.conversation is not None:
                    self.conversation.alarmed_at = self.now
            case effects.Calmed():
                if self.conversation is not None:
                    self.conversation.alarmed_at = None
            case effects.OfferAgain():
                await self._send_again()

    async def keep(self, state: State) -> None:
        """Keeps the dialogue's state, and what was offered; starts the sending of what was said."""
        if self.conversation is not None:
            conversations.write_state(self.keys, self.conversation, state.to_json())
        if self._own and not self.person.paused:
            self.person.quiet_at = persons.discretion(self.keys, self.person).falls_silent_at(self.now)
        if self._offers:
            await self.session.execute(
                sa.update(Outbox)
                .where(Outbox.id.in_(self._uncertain(offered=False)))
                .values(failure=OFFERED)
                .execution_options(synchronize_session=False)
            )
        await self.send()

    async def send(self) -> None:
        """Starts the sending of what was said."""
        if self._made:
            await jobs.defer(self.session, "send", f"send:{self.person.id}", "send", person_id=str(self.person.id))

    async def say(
        self,
        message: Message,
        at: datetime | None = None,
        *,
        urgent: bool = False,
        essential: bool = False,
        while_paused: bool = False,
    ) -> None:
        """Says something, now or at a time to come: in the transcript, and in the outbox."""
        seq = None
        if self.conversation is not None:
            seq = await conversations.append(self.session, self.keys, self.conversation, "bot", {"text": message.text})
        how = {"urgent": urgent, "essential": essential, "while_paused": while_paused}
        await self._put(calls.payload(message), at, seq=seq, **how)

    async def _put(self, payload: dict[str, Any], at: datetime | None = None, **columns: Any) -> None:
        row = Outbox(
            person_id=self.person.id,
            conversation_id=None if self.conversation is None else self.conversation.id,
            payload_locked=self.keys.lock(json.dumps(payload).encode(), "outbox"),
            due_at=at or self.now,
            created_at=self.now,
            **columns,
        )
        self.session.add(row)
        await self.session.flush()  # one by one: the order of the ids is the order on the person's screen
        self._made.append(row.id)

    async def _delete_recent(self) -> None:
        """Drops what the bot still wanted to say, and deletes what Telegram still lets it delete."""
        await self._drop(Outbox.origin == "bot")
        since = self.now - DELETABLE
        heard = sa.select(Inbox.message_id).where(Inbox.person_id == self.person.id, Inbox.received_at > since)
        said = sa.select(Outbox.message_id).where(Outbox.person_id == self.person.id, Outbox.ended_at > since)
        found = await self.session.scalars(sa.union(heard, said))
        await self._delete(sorted({one for one in found if one is not None}, reverse=True))

    async def _delete(self, message_ids: Sequence[int]) -> None:
        await self._put({"message_ids": list(message_ids)}, action="delete", urgent=True, while_paused=True)

    async def _drop(self, *which: sa.ColumnElement[bool]) -> None:
        dropped = await self.session.scalars(
            sa.update(Outbox)
            .where(
                Outbox.person_id == self.person.id,
                Outbox.status.in_(("waiting", "uncertain")),
                Outbox.action == "send",
                Outbox.id.not_in(self._made),
                *which,
            )
            .values(status="dropped", payload_locked=None, ended_at=self.now)
            .returning(Outbox.id)
            .execution_options(synchronize_session=False)
        )
        dropped.all()

    async def _forget(self) -> None:
        """Destroys all that is known of the person; what they wrote since comes from somebody new."""
        await self._drop()
        self.person.forgotten_at = self.now
        await self.session.flush()
        successor = await persons.hand_over(self.session, self.keys, self.person)
        await conversations.forget(self.session, self.person.id, self.now)
        self.conversation = None
        if successor is not None:
            await jobs.defer(self.session, "answer", f"answer:{successor}", "answer", person_id=str(successor))

    async def _raise_level(self, level: str) -> None:
        """A machine only raises it."""
        if self.conversation is None or judgement.rank(level) <= judgement.rank(self.conversation.level):
            return
        self.conversation.level = level
        await self._changed()

    async def _request_handoff(self, request: effects.RequestHandoff) -> None:
        if self.conversation is None:
            return
        # once a counsellor has had it, the server holds no key with which to open it to somebody else
        if not request.with_history or self.conversation.taken_at is not None:
            self.conversation = await conversations.start_fresh(self.session, self.keys, self.conversation, self.now)
        await conversations.request_handoff(
            self.session,
            self.keys,
            self.conversation,
            request.organisation,
            request.note,
            request.promised_at,
            self.now,
        )

    async def _changed(self) -> None:
        """Tells the desks that look at it."""
        if self.conversation is None:
            return
        await database.notify(self.session, "conversation", str(self.conversation.id))
        if self.conversation.organisation_id is not None:
            await database.notify(self.session, "queue", str(self.conversation.organisation_id))

    async def _send_again(self) -> None:
        """What perhaps never arrived goes once more, because the person said so."""
        await self.session.execute(
            sa.update(Outbox)
            .where(Outbox.id.in_(self._uncertain(offered=True)))
            .values(status="waiting", due_at=self.now, ended_at=None, failure=None)
            .execution_options(synchronize_session=False)
        )

    def _uncertain(self, *, offered: bool) -> sa.Select[int]:
        found = sa.select(Outbox.id).where(
            Outbox.person_id == self.person.id,
            Outbox.status == "uncertain",
            Outbox.origin == "bot",
            Outbox.payload_locked.is_not(None),
        )
        return found if offered else found.where(sa.func.coalesce(Outbox.failure, "") != OFFERED)


def _told(event: dict[str, Any]) -> dict[str, Any]:
    """An event as the transcript keeps it."""
    match event["type"]:
        case "wrote":
            return {"text": event["text"]}
        case "edited":
            return {"text": event["text"], "edited": True}
        case "command":
            return {"text": f"/{event['name']} {event['argument']}".rstrip()}
        case "pressed":
            return {"pressed": event.get("label") or event["value"]}
        case "located":
            return {"kind": "location", "places": event["places"]}
        case "sent":
            return {"kind": event["kind"], **({"text": event["text"]} if event.get("text") else {})}
        case _:
            return {}
