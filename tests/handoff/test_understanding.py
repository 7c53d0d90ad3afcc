"""What admins change about understanding: examples as revisions, trainings one at a time, models that see no less."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import models, organisations, trainings, wording
from handoff.access import NotAnAdmin, Reader
from handoff.store.tables import Organisation
from nlu_data import model
from nlu_data.examples import Change, Example
from nlu_data.figures import RECALL, Figures, Share, yardstick
from tests.conftest import PASSWORD, Team

Sessions = async_sessionmaker[AsyncSession]
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NEW = Example("en", "thanks", "cheers for hearing me out at this hour")


@pytest_asyncio.fixture
async def admin(sessions: Sessions, atina: Team) -> Reader:
    """An admin of Atina: no lead ever admits one to the key."""
    async with sessions.begin() as session:
        organisation = await session.get_one(Organisation, atina.lead.organisation_id)
        code = await organisations.invite(session, organisation, "editor", "Dragana", "admin")
        await organisations.accept(session, "editor", code, PASSWORD)
        return await organisations.reader(session, await organisations.log_in(session, "editor", PASSWORD))


def adds(*examples: Example) -> list[Change]:
    return [Change("add", one) for one in examples]


def figures(recall: Mapping[str, int]) -> Figures:
    """Figures of a model that sees so many of the first ten dangers in each language."""
    cases = models.cases()
    unseen: list[int] = []
    for language, hits in recall.items():
        risks = [n for n, one in enumerate(cases) if one.language == language and one.intent.startswith("risk_")]
        unseen += risks[hits:10]
    shares = {language: {RECALL: Share(hits, 10)} for language, hits in recall.items()}
    return Figures(yardstick(cases, models.lexicon()), shares, tuple(unseen), tuple(unseen))


async def trained(sessions: Sessions, admin: Reader, recall: Mapping[str, int], *examples: Example) -> str:
    """A model of these additional examples, as a training leaves it behind."""
    async with sessions.begin() as session:
        await wording.save(session, admin, adds(*examples))
        training = await trainings.ask(session, admin)
    async with sessions.begin() as session:
        assert await trainings.claim(session, NOW)
        changes = (await wording.current(session)).since(wording.shipped())
        name = model.fingerprint(changes)
        await models.keep(session, name, await wording.newest(session), b"a model", figures(recall))
        await trainings.end(session, training, "ready", NOW, name)
    return name


@pytest.fixture
def shipped_sees() -> dict[str, int]:
    return {"en": 9, "sr-Latn": 9, "sr-Cyrl": 9, "sq": 8}


@pytest_asyncio.fixture
async def measured(sessions: Sessions, shipped_sees: dict[str, int]) -> None:
    """The shipped model was measured."""
    async with sessions.begin() as session:
        await models.keep(session, wording.base(), None, None, figures(shipped_sees))


async def test_an_example_is_added_and_taken_away_by_revisions(sessions: Sessions, admin: Reader) -> None:
    there = wording.shipped().of("sr", "thanks")[0]
    async with sessions.begin() as session:
        await wording.save(session, admin, [*adds(NEW), Change("remove", Example("sr", "thanks", there))])
    async with sessions() as session:
        now = await wording.current(session)
        (revised,) = await wording.revisions(session)
    assert NEW.text in now.of("en", "thanks")
    assert there not in now.of("sr", "thanks")
    assert (revised.by, revised.organisation) == ("Dragana", "atina")
    assert set(revised.changes) == {*adds(NEW), Change("remove", Example("sr", "thanks", there))}
    async with sessions() as session:
        assert await wording.current(session, 0) == wording.shipped()


async def test_what_changes_nothing_is_no_revision(sessions: Sessions, admin: Reader) -> None:
    there = wording.shipped().of("en", "thanks")[0]
    async with sessions.begin() as session:
        assert await wording.save(session, admin, adds(Example("en", "thanks", there))) is None
        assert await wording.save(session, admin, [Change("remove", NEW)]) is None
        assert await wording.save(session, admin, [*adds(NEW), Change("remove", NEW)]) is None
        assert await wording.newest(session) is None


@pytest.mark.parametrize(
    ("example", "reason"),
    [
        (Example("en", "thanks", "..."), "empty"),
        (Example("en", "thanks", "a" * 601), "long"),
        (Example("en", "thanks", "one\ntwo"), "lines"),
        (Example("en", "thanks", "I was in [Novi Pazar](place)"), "marks"),
        (Example("en", "thank_you", "ta"), "unknown"),
        (Example("de", "thanks", "danke"), "unknown"),
    ],
)
async def test_what_can_be_no_example_is_refused(
    sessions: Sessions, admin: Reader, example: Example, reason: str
) -> None:
    async with sessions.begin() as session:
        with pytest.raises(wording.NotAnExample) as refused:
            await wording.save(session, admin, adds(example))
    assert refused.value.reason == reason


async def test_only_an_admin_changes_anything(sessions: Sessions, atina: Team, measured: None) -> None:
    for reader in (atina.lead, atina.counsellor):
        async with sessions.begin() as session:
            attempts: list[Any] = [
                wording.save(session, reader, adds(NEW)),
                trainings.ask(session, reader),
                trainings.cancel(session, reader, NOW),
                models.publish(session, reader, wording.base()),
                models.go_back(session, reader),
            ]
            for attempt in attempts:
                with pytest.raises(NotAnAdmin):
                    await attempt


async def test_one_training_at_a_time(sessions: Sessions, admin: Reader) -> None:
    async with sessions.begin() as session:
        first = await trainings.ask(session, admin)
        assert await trainings.ask(session, admin) == first
    async with sessions.begin() as session:
        claimed = await trainings.claim(session, NOW)
        assert claimed is not None
        assert claimed.id == first
        assert await trainings.go_on(session, first, "learning", "a line\n")
    async with sessions.begin() as session:
        await trainings.cancel(session, admin, NOW)
        assert not await trainings.go_on(session, first, "learning", "another\n")
        await trainings.end(session, first, "ready", NOW, "0" * 16)
    async with sessions.begin() as session:
        newest = await trainings.newest(session)
        assert newest is not None
        assert (newest.status, newest.log, newest.fingerprint) == ("cancelled", "a line\n", None)
        assert await trainings.ask(session, admin) != first


async def test_a_training_that_was_left_is_begun_anew(sessions: Sessions, admin: Reader) -> None:
    async with sessions.begin() as session:
        asked = await trainings.ask(session, admin)
        await trainings.claim(session, NOW)
        await trainings.go_on(session, asked, "measuring", "said\n")
    async with sessions.begin() as session:
        again = await trainings.claim(session, NOW)
        assert again is not None
        assert (again.id, again.step, again.log) == (asked, "reading", "")


async def test_a_model_that_sees_as_much_is_published_and_taken_back(
    sessions: Sessions, admin: Reader, shipped_sees: dict[str, int], measured: None
) -> None:
    better = await trained(sessions, admin, {**shipped_sees, "sq": 9}, NEW)
    async with sessions.begin() as session:
        assert await models.live(session) == wording.base()
        assert await models.before(session) is None
        candidate = await models.candidate(session)
        assert candidate is not None
        assert candidate.fingerprint == better
        await models.publish(session, admin, better)
    async with sessions.begin() as session:
        assert await models.live(session) == better
        assert await models.candidate(session) is None
        assert await models.before(session) == wording.base()
        assert await models.go_back(session, admin) == wording.base()
    async with sessions() as session:
        assert await models.live(session) == wording.base()
        acts = await session.scalars(sa.text("SELECT act FROM audit WHERE act LIKE 'published%' ORDER BY id"))
        assert acts.all() == [f"published {better}", f"published {wording.base()}"]


@pytest.mark.parametrize("language", ["en", "sr-Latn", "sr-Cyrl", "sq"])
async def test_a_model_that_sees_less_danger_in_one_language_is_refused(
    sessions: Sessions, admin: Reader, shipped_sees: dict[str, int], measured: None, language: str
) -> None:
    everywhere_better = dict.fromkeys(shipped_sees, 10)
    worse = await trained(sessions, admin, {**everywhere_better, language: shipped_sees[language] - 1}, NEW)
    async with sessions.begin() as session:
        with pytest.raises(models.Refused) as refused:
            await models.publish(session, admin, worse)
        (fall,) = refused.value.objections.falls
        assert (fall.language, fall.before.hits, fall.after.hits) == (
            language,
            shipped_sees[language],
            fall.before.hits - 1,
        )
        assert len(fall.lost) == 1
        assert await models.live(session) == wording.base()


async def test_a_danger_among_the_harmless_is_refused_whatever_the_figures_say(
    sessions: Sessions, admin: Reader, shipped_sees: dict[str, int], measured: None
) -> None:
    locked = Example("en", "thanks", "he has locked me in")
    blind = await trained(sessions, admin, shipped_sees, locked)
    async with sessions.begin() as session:
        with pytest.raises(models.Refused) as refused:
            await models.publish(session, admin, blind)
    (hidden,) = refused.value.objections.hidden
    assert hidden.example == locked
    assert hidden.rule is not None
    assert hidden.rule.startswith("en/")


async def test_a_model_that_nobody_measured_is_refused(
    sessions: Sessions, admin: Reader, shipped_sees: dict[str, int]
) -> None:
    unknown = await trained(sessions, admin, shipped_sees, NEW)  # but what serves now was never measured
    async with sessions.begin() as session:
        with pytest.raises(models.Refused) as refused:
            await models.publish(session, admin, unknown)
        assert refused.value.objections.unmeasured


async def test_a_model_of_other_files_is_no_model(
    sessions: Sessions, admin: Reader, shipped_sees: dict[str, int], measured: None
) -> None:
    made = await trained(sessions, admin, shipped_sees, NEW)
    async with sessions.begin() as session:
        await session.execute(sa.text("UPDATE model SET base = 'older' WHERE fingerprint = :made"), {"made": made})
        with pytest.raises(models.NoSuchModel):
            await models.publish(session, admin, made)
        assert await models.candidate(session) is None


async def test_after_an_upgrade_the_published_edits_are_trained_anew(
    sessions: Sessions, admin: Reader, shipped_sees: dict[str, int], measured: None
) -> None:
    made = await trained(sessions, admin, shipped_sees, NEW)
    async with sessions.begin() as session:
        await models.publish(session, admin, made)
        revision = await wording.newest(session)
        draft = Example("en", "thanks", "a draft that nobody published")
        await wording.save(session, admin, adds(draft))
        assert await models.outdated(session) is None
    async with sessions.begin() as session:
        await session.execute(sa.text("UPDATE model SET base = 'older'"))  # the files are others now
    async with sessions.begin() as session:
        assert await models.live(session) == wording.base()
        assert await models.outdated(session) == revision
        await trainings.ask_again(session, revision or 0)
        again = await trainings.newest(session)
        assert again is not None
        assert (again.asked_by, again.revision_id) == (None, revision)


async def test_archives_that_never_served_go(
    sessions: Sessions, admin: Reader, shipped_sees: dict[str, int], measured: None
) -> None:
    first = await trained(sessions, admin, shipped_sees, NEW)
    async with sessions.begin() as session:
        await models.publish(session, admin, first)
    for number in range(8):
        async with sessions.begin() as session:
            await models.keep(session, f"{number:016}", None, b"a model", figures(shipped_sees))
    async with sessions() as session:
        kept = (await session.scalars(sa.text("SELECT fingerprint FROM model ORDER BY made_at"))).all()
    assert {first, wording.base()} <= set(kept)
    assert kept[-1] == f"{7:016}"
    assert len(kept) == 7
