"""Trainings and their models, as bot/nlu/trainer.py leaves them behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import models, trainings, wording
from handoff.access import Reader
from nlu_data import judgement, model
from nlu_data.examples import Change, Example
from nlu_data.figures import ALARMS, MEASURES, RECALL, Figures, Share, yardstick

Sessions = async_sessionmaker[AsyncSession]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NEW = Example("en", "thanks", "cheers for hearing me out at this hour")
SEEN = {"en": 9, "sr-Latn": 9, "sr-Cyrl": 9, "sq": 8}


def figures(seen: Mapping[str, int], top1: int = 60) -> Figures:
    """Figures of a model that sees so many of the first ten dangers in each language."""
    cases = models.cases()
    unseen: list[int] = []
    for language, hits in seen.items():
        dangers = [n for n, one in enumerate(cases) if one.language == language and judgement.is_risk(one.intent)]
        unseen += dangers[hits:10]
    shares = {
        language: {
            name: Share(hits, 10) if name == RECALL else Share(3 if name in ALARMS else top1, 100) for name in MEASURES
        }
        for language, hits in seen.items()
    }
    return Figures(yardstick(cases, models.lexicon()), shares, tuple(unseen), tuple(unseen))


async def saves(sessions: Sessions, admin: Reader, *examples: Example) -> None:
    async with sessions.begin() as session:
        await wording.save(session, admin, [Change("add", one) for one in examples])


async def trains(sessions: Sessions, rated: Figures) -> str:
    """Does the training that is asked for, as bot/nlu/trainer.py leaves it behind; the name of its model."""
    async with sessions.begin() as session:
        training = await trainings.claim(session, NOW)
        assert training is not None
        upto = training.revision_id
        changes = (await wording.current(session, upto or 0)).since(wording.shipped())
        name = model.fingerprint(changes)
        await models.keep(session, name, upto, b"a model", rated)
        await trainings.end(session, training.id, "ready", NOW, name)
    return name
