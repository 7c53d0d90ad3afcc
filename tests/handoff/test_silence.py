"""Who fell silent in an emergency is seen by both organisations, who read nothing."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import access, desk, silence
from handoff.access import NotYours
from handoff.silence import NotSilent
from handoff.store.tables import Audit, Conversation, Inbox
from handoff.vault import ServerKeys
from tests.conftest import Team
from tests.handoff.conftest import NOW, Writes

Sessions = async_sessionmaker[AsyncSession]
MINUTE = timedelta(minutes=1)


async def alarm(sessions: Sessions, conversation_id: uuid.UUID) -> None:
    """The emergency message was shown at NOW."""
    async with sessions.begin() as session:
        (await session.get_one(Conversation, conversation_id)).alarmed_at = NOW


async def test_after_a_minute_both_organisations_see_that_there_is_somebody_and_no_word(
    sessions: Sessions, atina: Team, pvpt: Team, writes: Writes
) -> None:
    one = await writes("he is coming up the stairs", level="immediate")
    await alarm(sessions, one)
    async with sessions.begin() as session:
        await silence.notice(session, NOW + MINUTE - timedelta(seconds=1))
        assert await silence.listed(session, atina.counsellor, NOW) == ()
        await silence.notice(session, NOW + MINUTE)
        for team in (atina, pvpt):
            [seen] = await silence.listed(session, team.counsellor, NOW + MINUTE)
            assert (seen.id, seen.level, seen.language, seen.last_heard_at) == (one, "immediate", "en", NOW)
            assert seen.may_offer
            assert "stairs" not in str(seen)
            assert await desk.queue(session, team.counsellor) == ()
            with pytest.raises(NotYours):
                await access.unlock(session, team.counsellor, one)


@pytest.mark.parametrize("why", ["no alarm", "calmed", "handed over", "spoke since"])
async def test_nobody_else_is_listed(sessions: Sessions, atina: Team, writes: Writes, why: str) -> None:
    one = await writes("hello", to="atina" if why == "handed over" else None, level="immediate")
    if why in {"handed over", "spoke since"}:
        await alarm(sessions, one)
    async with sessions.begin() as session:
        if why == "spoke since":
            (await session.get_one(Conversation, one)).heard_at = NOW + MINUTE
            await session.flush()
        await silence.notice(session, NOW + MINUTE * 1.5)
        assert await silence.listed(session, atina.counsellor, NOW + MINUTE) == ()


async def test_one_counsellor_offers_and_the_other_sees_it(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, pvpt: Team, writes: Writes
) -> None:
    one = await writes("he is coming", level="immediate")
    await alarm(sessions, one)
    later = NOW + 2 * MINUTE
    async with sessions.begin() as session:
        await silence.notice(session, later)
        await silence.offer(session, server_keys, atina.counsellor, one, later)
        [seen] = await silence.listed(session, pvpt.counsellor, later)
        assert (seen.offered_at, seen.offered_by, seen.may_offer) == (later, "atina", False)
        with pytest.raises(NotSilent):
            await silence.offer(session, server_keys, pvpt.counsellor, one, later)
        row = (await session.scalars(sa.select(Inbox).where(Inbox.kind == "desk"))).one()
        event = json.loads(server_keys.unlock(row.payload_locked or b"", "inbox"))
        assert (event["type"], event["organisation"]) == ("contact_offered", "atina")
        assert await session.scalar(sa.select(Audit.act).where(Audit.conversation_id == one)) == "offered contact"
        await silence.offer(session, server_keys, pvpt.counsellor, one, later + silence.OFFERS_AGAIN_AFTER)


async def test_who_is_not_silent_is_offered_nothing(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("hello", level="immediate")
    async with sessions.begin() as session:
        with pytest.raises(NotSilent):
            await silence.offer(session, server_keys, atina.counsellor, one, NOW)
        with pytest.raises(NotSilent):
            await silence.offer(session, server_keys, atina.counsellor, uuid.uuid4(), NOW)
