"""Several who want the same conversation at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import conversations, desk
from handoff.access import NotYours, Reader
from handoff.store.tables import Conversation, Holder, Member, Outbox
from handoff.vault import ServerKeys
from tests.conftest import Team
from tests.handoff.conftest import NOW, Writes, until_somebody_waits

Sessions = async_sessionmaker[AsyncSession]


async def colleagues(sessions: Sessions, team: Team, number: int) -> list[Reader]:
    """Counsellors of the same organisation, each with a name of their own."""
    async with sessions.begin() as session:
        members = [
            Member(
                organisation_id=team.lead.organisation_id, login=f"c{one}", name=f"Counsellor {one}", role="counsellor"
            )
            for one in range(number)
        ]
        session.add_all(members)
        await session.flush()
        return [replace(team.counsellor, member_id=member.id, name=member.name) for member in members]


async def test_of_twenty_who_take_the_same_one_has_it_and_the_others_are_told_whom(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")

    async def takes(reader: Reader) -> str:
        try:
            async with sessions.begin() as session:
                await desk.take(session, server_keys, reader, one, NOW)
        except desk.AlreadyTaken as told:
            return told.by
        return "has it"

    readers = await colleagues(sessions, atina, 20)
    outcomes = await asyncio.gather(*(takes(reader) for reader in readers))
    winner = readers[outcomes.index("has it")]
    assert sorted(outcomes) == sorted(["has it"] + [winner.name] * 19)
    async with sessions() as session:
        assert (await session.get_one(Conversation, one)).taken_by == winner.member_id


async def test_twenty_who_take_the_next_at_once_get_different_ones(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    waiting = {await writes(f"person {number}", to="atina") for number in range(8)}

    async def takes(reader: Reader) -> UUID | None:
        async with sessions.begin() as session:
            return await desk.take_next(session, server_keys, reader, NOW)

    readers = await colleagues(sessions, atina, 20)
    taken = [one for one in await asyncio.gather(*(takes(reader) for reader in readers)) if one is not None]
    assert len(taken) == len(waiting)
    assert set(taken) == waiting


async def test_who_is_writing_at_this_moment_is_not_passed_over(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")

    async def takes() -> UUID | None:
        async with sessions.begin() as session:
            return await desk.take_next(session, server_keys, atina.counsellor, NOW)

    async with sessions() as writing:
        conversation = await writing.get_one(Conversation, one)
        await conversations.append(writing, server_keys, conversation, "person", {"text": "quickly"})
        taking = asyncio.create_task(takes())
        await until_somebody_waits(sessions)
        await writing.commit()
    assert await taking == one


async def test_one_that_goes_to_the_other_organisation_meanwhile_is_not_taken(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, pvpt: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")

    async def takes(reader: Reader) -> None:
        async with sessions.begin() as session:
            await desk.take(session, server_keys, reader, one, NOW)

    async with sessions() as routing:
        conversation = await routing.get_one(Conversation, one)
        await conversations.request_handoff(routing, server_keys, conversation, "pvpt", {}, None, NOW)
        taking = asyncio.create_task(takes(atina.counsellor))
        await until_somebody_waits(sessions)
        await routing.commit()
    with pytest.raises(NotYours):
        await taking
    await takes(pvpt.counsellor)
    async with sessions() as session:
        holders = (await session.scalars(select(Holder.holder_id).where(Holder.conversation_id == one))).all()
    assert holders == [pvpt.lead.organisation_id]


async def test_two_clicks_send_it_again_once(
    sessions: Sessions, server_keys: ServerKeys, atina: Team, writes: Writes
) -> None:
    one = await writes("help", to="atina")
    async with sessions.begin() as session:
        await desk.take(session, server_keys, atina.counsellor, one, NOW)
        await desk.reply(session, server_keys, atina.counsellor, one, "hello")
        row = (await session.scalars(select(Outbox))).one()
        row.status = "failed"

    async def clicks() -> str:
        try:
            async with sessions.begin() as session:
                await desk.send_again(session, atina.counsellor, row.id)
        except desk.NotSendable:
            return "refused"
        return "sent"

    assert sorted(await asyncio.gather(clicks(), clicks(), clicks())) == ["refused", "refused", "sent"]
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Outbox)) == 2
