"""The queue: who waits for an organisation, in which order, and how many they are."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.store.tables import Conversation, Organisation
from nlu_data.judgement import LEVELS

URGENCY: Final = case({level: number for number, level in enumerate(LEVELS)}, value=Conversation.level)


def waiting(organisation_id: int) -> Select[Conversation]:
    """Who waits for an organisation: by risk, then promise, then waiting time."""
    return (
        select(Conversation)
        .where(Conversation.organisation_id == organisation_id, Conversation.status == "waiting")
        .order_by(URGENCY.desc(), Conversation.promised_at.asc().nulls_last(), Conversation.requested_at)
    )


async def lengths(session: AsyncSession, without: UUID) -> dict[str, int]:
    """How many wait at each organisation, one person left out; those with nobody waiting are not in it."""
    rows = await session.execute(
        select(Organisation.code, func.count(Conversation.id))
        .join(Conversation, Conversation.organisation_id == Organisation.id)
        .where(Conversation.status == "waiting", Conversation.person_id != without)
        .group_by(Organisation.code)
    )
    return {row[0]: row[1] for row in rows}
