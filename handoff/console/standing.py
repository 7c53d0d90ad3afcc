"""How things stand with the models: which one is to serve, what is being trained, which one may follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import models, trainings, wording
from handoff.models import Objections
from handoff.store.tables import Member, Model, Training
from nlu_data.client import NLU, NLUDown
from nlu_data.figures import ALARMS, MEASURES, Figures, Share

# Whether the model that was published is the one that answers: it does, another one still does, or nobody answers.
Serving = Literal["live", "other", "down"]
_NONE: Final = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of one language, of the model in service (if it was measured) and of the new one."""

    measure: str
    before: Share | None
    after: Share

    @property
    def more(self) -> int:
        """So many more messages than before."""
        return 0 if self.before is None else self.after.hits - self.before.hits

    @property
    def better(self) -> bool:
        """Fewer is better of false alarms, more of the rest."""
        return self.more < 0 if self.measure in ALARMS else self.more > 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A trained model that doesn't serve, and whether it may. `newer`: changes that it doesn't know."""

    fingerprint: str
    made_at: datetime
    newer: int
    figures: Mapping[str, tuple[Compared, ...]]
    objections: Objections


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the page about training and publishing shows. `by` is None where the helpline did it by itself."""

    live: str
    since: datetime | None
    by: str | None
    changes: int
    training: Training | None
    asked_by: str | None
    candidate: Candidate | None
    before: str | None

    @property
    def under_way(self) -> bool:
        return self.training is not None and self.training.status in trainings.OPEN

    @property
    def no_training(self) -> Literal["under_way", "unchanged", "trained"] | None:
        """Why no training can be asked for now; None when one can."""
        if self.under_way:
            return "under_way"
        if not self.changes:
            return "unchanged"
        if self.candidate is None or self.candidate.newer or self.candidate.objections.unmeasured:
            return None
        return "trained"


async def serving(nlu: NLU | None, live: str) -> Serving:
    """Asks what answers now."""
    if nlu is None:
        return "down"
    try:
        return "live" if await nlu.status() == live else "other"
    except NLUDown:
        return "down"


async def of(session: AsyncSession) -> Standing:
    live, published = await models.live(session), await models.published(session)
    training = await trainings.newest(session)
    under_way = training is not None and training.status in trainings.OPEN
    return Standing(
        live=live,
        since=None if published is None else published.at,
        by=None if published is None else await _name(session, published.member_id),
        changes=await _changes_since(session, live),
        training=training,
        asked_by=None if training is None else await _name(session, training.asked_by),
        candidate=None if under_way else await _candidate(session, live),
        before=await models.before(session),
    )


async def _name(session: AsyncSession, member_id: int | None) -> str | None:
    return None if member_id is None else (await session.get_one(Member, member_id)).name


async def _candidate(session: AsyncSession, live: str) -> Candidate | None:
    found = await models.candidate(session)
    if found is None:
        return None
    before, after = await models.measured(session, live), await models.measured(session, found.fingerprint)
    return Candidate(
        found.fingerprint,
        found.made_at,
        await _changes_since(session, found.fingerprint),
        {} if after is None else dict(_compare(before, after)),
        await models.objections(session, found.fingerprint),
    )


def _compare(before: Figures | None, after: Figures) -> Iterator[tuple[str, tuple[Compared, ...]]]:
    for language in after.by_language:
        shares = after.by_language[language]
        was = {} if before is None else before.by_language.get(language, {})
        yield (
            language,
            tuple(Compared(name, was.get(name), shares.get(name, _NONE)) for name in MEASURES if name in shares),
        )


async def _changes_since(session: AsyncSession, fingerprint: str) -> int:
    revision = await session.scalar(select(Model.revision_id).where(Model.fingerprint == fingerprint))
    return len((await wording.current(session)).since(await wording.current(session, revision or 0)))
