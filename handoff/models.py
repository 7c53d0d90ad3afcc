"""The models: which one serves, which one may follow it, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import access, wording
from handoff.access import Reader
from handoff.store import database
from handoff.store.tables import Audit, Model, Publication, Training
from nlu_data import evaluation, figures
from nlu_data.evaluation import Case
from nlu_data.examples import Change, Examples
from nlu_data.figures import Fall, Figures
from nlu_data.lexicon import Lexicon
from nlu_data.likeness import HiddenDanger, Likeness

_PUBLISHING: Final = 0x5055424C
_KEPT: Final = 5  # archives of models that never served


class Refused(Exception):
    """This model would see less danger than the one before, or nobody measured that; see `objections`."""

    def __init__(self, objections: Objections) -> None:
        super().__init__()
        self.objections = objections


class NoSuchModel(Exception):
    """This model isn't there, or doesn't fit this version of the helpline."""


@dataclass(frozen=True, slots=True)
class Objections:
    """Why a model may not serve; none of them: it may."""

    falls: tuple[Fall, ...]
    hidden: tuple[HiddenDanger, ...]
    unmeasured: bool

    def __bool__(self) -> bool:
        return bool(self.falls or self.hidden or self.unmeasured)


@cache
def cases() -> tuple[Case, ...]:
    """The shipped evaluation set."""
    return evaluation.read()


@cache
def lexicon() -> Lexicon:
    """The shipped rules of danger."""
    return Lexicon.load()


async def live(session: AsyncSession) -> str:
    """The model that is to serve: the last published one that fits the shipped files, else the shipped one."""
    last = await _published(session, 1)
    return last[0].fingerprint if last else wording.base()


async def published(session: AsyncSession) -> Publication | None:
    """The publication by which the live model serves; None when it is the shipped one from the start."""
    last = await _published(session, 1)
    return last[0] if last else None


async def before(session: AsyncSession) -> str | None:
    """The model that served before the live one; None when the live one is the first."""
    now = await live(session)
    for one in await _published(session, 100):
        if one.fingerprint != now:
            return one.fingerprint
    return None if now == wording.base() else wording.base()


async def candidate(session: AsyncSession) -> Model | None:
    """The model of the last training, unless it serves already."""
    found = await session.scalar(
        select(Model)
        .join(Training, Training.fingerprint == Model.fingerprint)
        .where(Training.status == "ready", Model.base == wording.base())
        .order_by(Training.id.desc())
        .limit(1)
    )
    return None if found is None or found.fingerprint == await live(session) else found


async def measured(session: AsyncSession, fingerprint: str) -> Figures | None:
    """The figures of a model on the evaluation set of now; None when it wasn't measured with it."""
    kept = await session.scalar(select(Model.figures).where(Model.fingerprint == fingerprint))
    if kept is None or kept["measured_with"] != figures.yardstick(cases(), lexicon()):
        return None
    return Figures.from_json(kept)


async def objections(session: AsyncSession, fingerprint: str) -> Objections:
    """What speaks against putting a model in the place of the live one."""
    model = await session.get(Model, fingerprint)
    if model is None or model.base != wording.base():
        raise NoSuchModel(fingerprint)
    rated = await measured(session, fingerprint)
    # with the live one, and with the shipped one: many small steps down are one big one
    others = [await measured(session, name) for name in dict.fromkeys((await live(session), wording.base()))]
    shipped = wording.shipped()
    wanted = await wording.current(session, model.revision_id or 0)
    hidden = await asyncio.to_thread(_hidden, wanted, wanted.since(shipped))
    if rated is None or not all(others):
        return Objections((), hidden, unmeasured=True)
    falls = {fall.language: fall for other in others if other for fall in figures.falls(cases(), other, rated)}
    return Objections(tuple(falls.values()), hidden, unmeasured=False)


def _hidden(wanted: Examples, changes: Sequence[Change]) -> tuple[HiddenDanger, ...]:
    return Likeness(wanted).hidden_dangers(changes, lexicon())


async def publish(session: AsyncSession, reader: Reader | None, fingerprint: str) -> None:
    """Puts a model in the place of the live one. Raises Refused when it would see less danger, or NoSuchModel.

    Nobody as reader: the helpline itself, after an upgrade.
    """
    if reader is not None:
        access.require_admin(reader)
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PUBLISHING})
    against = await objections(session, fingerprint)
    if against:
        raise Refused(against)
    await _serve(session, reader, fingerprint)


async def go_back(session: AsyncSession, reader: Reader) -> str:
    """Puts the model that served before back into service, and gives its name. Raises NoSuchModel."""
    access.require_admin(reader)
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PUBLISHING})
    earlier = await before(session)
    if earlier is None:
        raise NoSuchModel
    await keep(session, earlier, None, None, None)
    await _serve(session, reader, earlier)
    return earlier


async def keep(
    session: AsyncSession, fingerprint: str, revision_id: int | None, archive: bytes | None, rated: Figures | None
) -> None:
    """Keeps a model, or what is new about one that is there; archives of old ones that never served go."""
    row = {"fingerprint": fingerprint, "base": wording.base(), "revision_id": revision_id, "archive": archive}
    new = {"figures": rated.to_json()} if rated is not None else {}
    made = insert(Model).values(**row, **new)
    await session.execute(
        made.on_conflict_do_update(index_elements=[Model.fingerprint], set_=new)
        if new
        else made.on_conflict_do_nothing()
    )
    served = select(Publication.fingerprint)
    newest = select(Model.fingerprint).order_by(Model.made_at.desc()).limit(_KEPT)
    named = select(Training.id).where(Training.fingerprint == Model.fingerprint, Training.status == "running")
    await session.execute(
        delete(Model).where(
            Model.fingerprint.not_in(served),
            Model.fingerprint.not_in(newest),
            ~named.exists(),
            Model.archive.is_not(None),
        )
    )


async def archive(session: AsyncSession, fingerprint: str) -> bytes | None:
    """The model as Rasa loads it; None for the shipped one."""
    return cast("bytes | None", await session.scalar(select(Model.archive).where(Model.fingerprint == fingerprint)))


async def _published(session: AsyncSession, limit: int) -> list[Publication]:
    found = await session.scalars(
        select(Publication)
        .join(Model, Model.fingerprint == Publication.fingerprint)
        .where(Model.base == wording.base())
        .order_by(Publication.id.desc())
        .limit(limit)
    )
    return list(found.all())


async def _serve(session: AsyncSession, reader: Reader | None, fingerprint: str) -> None:
    member = None if reader is None else reader.member_id
    session.add(Publication(member_id=member, fingerprint=fingerprint))
    session.add(Audit(member_id=member, act=f"published {fingerprint}", conversation_id=None))
    await session.flush()
    await database.notify(session, "understanding", "")


async def outdated(session: AsyncSession) -> int | None:
    """The revision that served until the shipped files changed, to be trained anew on top of them; None for none."""
    found = await session.execute(
        select(Model.base, Model.revision_id)
        .join(Publication, Publication.fingerprint == Model.fingerprint)
        .order_by(Publication.id.desc())
        .limit(1)
    )
    last = found.one_or_none()
    if last is None or last.base == wording.base() or last.revision_id is None:
        return None
    changed = (await wording.current(session, last.revision_id)).since(wording.shipped())
    return int(last.revision_id) if changed else None
