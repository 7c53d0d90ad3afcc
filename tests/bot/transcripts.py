"""Transcripts as the bot's own server could read them until a counsellor took them."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import vault
from handoff.store.tables import Conversation, Entry, Holder, IntakeKey
from handoff.vault import EntryPlace, ServerKeys


async def transcript(
    session: AsyncSession, keys: ServerKeys, conversation: Conversation
) -> list[tuple[int, str, dict[str, Any]]]:
    """Each line as (seq, direction, content)."""
    row = (
        await session.execute(
            sa.select(Holder.sealed_key, IntakeKey.private_locked)
            .join(IntakeKey, IntakeKey.id == Holder.holder_id)
            .where(Holder.conversation_id == conversation.id, Holder.kind == "intake")
        )
    ).one()
    private = vault.unseal(keys.unlock(row.private_locked, "intake"), row.sealed_key)
    entries = await session.scalars(
        sa.select(Entry).where(Entry.conversation_id == conversation.id).order_by(Entry.seq)
    )
    return [
        (
            entry.seq,
            entry.direction,
            json.loads(
                keys.open_entry(private, EntryPlace(str(conversation.id), entry.seq, entry.direction), entry.sealed)
            ),
        )
        for entry in entries
    ]
