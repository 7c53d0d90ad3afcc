"""The wording: the examples by which intents are recognised, as shipped and as admins changed them since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import access
from handoff.access import Reader
from handoff.store import database
from handoff.store.tables import Edit, Member, Organisation, Revision
from nlu_data import examples, model
from nlu_data.examples import Act, Change, Example, Examples


class NotAnExample(Exception):
    """A text can't be an example; `reason` is empty, long, lines, marks or unknown (its intent or language)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Revised:
    """A revision as it is shown: who changed what, and when."""

    id: int
    at: datetime
    by: str
    organisation: str
    changes: tuple[Change, ...]


@cache
def shipped() -> Examples:
    """The examples of the files, which don't change while a process runs."""
    return Examples.read()


@cache
def base() -> str:
    """The fingerprint of what was shipped."""
    return model.fingerprint()


async def current(session: AsyncSession, upto: int | None = None) -> Examples:
    """The examples after all revisions, or after those up to one (0: as shipped)."""
    return shipped().changed(await changes(session, upto))


async def changes(session: AsyncSession, upto: int | None = None) -> tuple[Change, ...]:
    """All changes in the order in which they were made."""
    query = select(Edit).order_by(Edit.id)
    if upto is not None:
        query = query.where(Edit.revision_id <= upto)
    return tuple(_change(one) for one in await session.scalars(query))


async def newest(session: AsyncSession) -> int | None:
    """The number of the newest revision; None before the first."""
    return cast("int | None", await session.scalar(select(func.max(Revision.id))))


async def save(session: AsyncSession, reader: Reader, wanted: Sequence[Change]) -> int | None:
    """Saves a revision and gives its number; None when nothing would change. Raises NotAnExample."""
    access.require_admin(reader)
    for change in wanted:
        _check(change)
    before = await current(session)
    made = before.changed(wanted).since(before)
    if not made:
        return None
    revision = Revision(member_id=reader.member_id, base=base())
    session.add(revision)
    await session.flush()
    for change in made:
        one = change.example
        edit = Edit(revision_id=revision.id, act=change.act, language=one.language, intent=one.intent, example=one.text)
        session.add(edit)
        await session.flush()  # in this order
    await database.notify(session, "understanding", "")
    return revision.id


async def revisions(session: AsyncSession, limit: int = 50) -> tuple[Revised, ...]:
    """The newest revisions first."""
    query = (
        select(Revision, Member.name, Organisation.code)
        .join(Member, Member.id == Revision.member_id)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .order_by(Revision.id.desc())
        .limit(limit)
    )
    found = (await session.execute(query)).all()
    edits: dict[int, list[Change]] = {revision.id: [] for revision, _, _ in found}
    for edit in await session.scalars(select(Edit).where(Edit.revision_id.in_(edits)).order_by(Edit.id)):
        edits[edit.revision_id].append(_change(edit))
    return tuple(Revised(one.id, one.at, name, code, tuple(edits[one.id])) for one, name, code in found)


def _check(change: Change) -> None:
    one = change.example
    if one.intent not in shipped().groups or one.language not in shipped().languages:
        raise NotAnExample("unknown")
    if change.act == "add" and (reason := examples.problem(one.text)) is not None:
        raise NotAnExample(reason)


def _change(edit: Edit) -> Change:
    return Change(cast("Act", edit.act), Example(edit.language, edit.intent, edit.example))
