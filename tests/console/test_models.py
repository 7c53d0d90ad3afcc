"""The admin's page about training and publishing: what is said of the models, and what its buttons do."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import models, trainings, wording
from handoff.access import Reader
from handoff.store.tables import Training
from nlu_data import judgement
from nlu_data.examples import Example
from tests.console.nlu import Understanding
from tests.console.trained import NEW, NOW, SEEN, figures, saves, trains
from tests.console.visitor import Visitor

Sessions = async_sessionmaker[AsyncSession]
SHORT = wording.base()[:8]


@pytest.fixture
def nlu_url(nlu: Understanding) -> str:
    return nlu.url


async def newest(sessions: Sessions) -> Training | None:
    async with sessions() as session:
        return await trainings.newest(session)


async def serves(sessions: Sessions) -> str:
    async with sessions() as session:
        return await models.live(session)


async def test_with_nothing_new_there_is_nothing_to_train(editor: Visitor, sessions: Sessions) -> None:
    await editor.opens("/training")
    assert f"Model {SHORT} as shipped" in editor.text
    assert re.search(r"<button disabled[^>]*>Train a new model</button>", editor.page)
    assert "the model in service knows all examples as they are" in editor.text
    await editor.submits("/training/train")
    assert await newest(sessions) is None


async def test_a_training_is_asked_for_watched_and_cancelled(
    editor: Visitor, sessions: Sessions, admin: Reader
) -> None:
    await saves(sessions, admin, NEW)
    await editor.opens("/training")
    assert "Changes to examples since 1" in editor.text
    answer = await editor.submits("/training/train")
    assert answer.url.path == "/training"
    assert "Asked for by Dragana" in editor.text
    assert re.search(r'<li aria-current="step"[^>]*>Waiting to begin', editor.page)
    async with sessions.begin() as session:
        training = await trainings.claim(session, NOW)
        assert training is not None
        await trainings.go_on(session, training.id, "learning", "encoded 3 of 7 <texts>\n")
    await editor.opens("/training/now")
    assert re.search(r'<li aria-current="step"[^>]*>Learning from them', editor.page)
    assert "encoded 3 of 7 &lt;texts&gt;" in editor.page
    assert "Train a new model" not in editor.page
    await editor.submits("/training/cancel")
    assert "The training was cancelled. Nothing was changed" in editor.text
    assert ">Train a new model</button>" in editor.page
    ended = await newest(sessions)
    assert ended is not None
    assert ended.status == "cancelled"


async def test_a_training_that_failed_says_what_to_do(editor: Visitor, sessions: Sessions, admin: Reader) -> None:
    await saves(sessions, admin, NEW)
    async with sessions.begin() as session:
        number = await trainings.ask(session, admin)
    async with sessions.begin() as session:
        await trainings.claim(session, NOW)
        await trainings.end(session, number, "failed", NOW, None)
    await editor.opens("/training")
    assert (
        "The training failed. Nothing was changed, and the bot understands as before. Train once more;" in editor.text
    )
    assert re.search(r'<button class="primary">Train a new model</button>', editor.page)


async def test_the_new_model_stands_beside_the_one_in_service(
    editor: Visitor, sessions: Sessions, admin: Reader, measured: None
) -> None:
    await saves(sessions, admin, NEW)
    await editor.opens("/training")
    await editor.submits("/training/train")
    name = await trains(sessions, figures({**SEEN, "sq": 10}, top1=58))
    await saves(sessions, admin, Example("en", "thanks", "you are a lifeline to me"))
    await editor.opens("/training")
    assert "The training is ready. Look at the new model below." in editor.text
    assert f"Model {name[:8]}," in editor.text
    assert "Changes to examples that it does not know yet: 1" in editor.text
    tables = dict(re.findall(r"<caption>(.*?)</caption>(.*?)</table>", editor.page, re.DOTALL))
    assert set(tables) == {"English", "Shqip", "Serbian, Latin script", "Serbian, Cyrillic script"}
    editor.page = tables["Shqip"]
    assert "dangers recognised 80% 8/10 100% 10/10 ▲ +2 better" in editor.text
    assert "right at the first guess 60% 60/100 58% 58/100 ▼ −2 worse" in editor.text
    assert "false alarms: sayings 3% 3/100 3% 3/100 same" in editor.text


async def test_it_is_in_service_only_when_the_nlu_server_says_so(
    editor: Visitor, sessions: Sessions, admin: Reader, measured: None, nlu: Understanding
) -> None:
    await saves(sessions, admin, NEW)
    await editor.opens("/training")
    assert "Published and in service." in editor.text
    await editor.submits("/training/train")
    name = await trains(sessions, figures(SEEN))
    await editor.opens("/training")
    answer = await editor.submits("/training/publish", **editor.hidden("/training/publish"))
    assert answer.url.path == "/training"
    assert await serves(sessions) == name
    assert "Published. The bot takes it over within a minute" in editor.text
    assert "in service." not in editor.text
    assert "Published by Dragana" in editor.text
    nlu.model = name
    await editor.opens("/training/now")
    assert "Published and in service." in editor.text
    assert "Its model is the published one." in editor.text
    assert "Changes to examples since 0" in editor.text
    nlu.model = ""
    await editor.opens("/training/now")
    assert "Published, but the part that understands texts does not answer now." in editor.text
    await editor.opens("/history")
    assert f"Dragana, Atina, Belgrade Model {name[:8]}" in editor.text


async def test_a_model_that_misses_danger_is_refused_with_the_messages_that_it_misses(
    editor: Visitor, sessions: Sessions, admin: Reader, measured: None
) -> None:
    await saves(sessions, admin, NEW)
    await editor.opens("/training")
    await editor.submits("/training/train")
    await trains(sessions, figures({**SEEN, "sq": 7}))
    missed = [one for one in models.cases() if one.language == "sq" and judgement.is_risk(one.intent)][7]
    await editor.opens("/training")
    assert "This model cannot be published" in editor.text
    assert "It recognises fewer dangers than a model before it: Shqip, before 8, now 7 of 10." in editor.text
    assert missed.text in editor.text
    assert f'<a href="/intents/{missed.intent}">' in editor.page
    assert ">Publish</button>" not in editor.page
    assert re.search(r"<button disabled[^>]*>Train a new model</button>", editor.page)


async def test_a_hidden_danger_is_refused_also_to_who_sends_the_form_by_hand(
    editor: Visitor, sessions: Sessions, admin: Reader, measured: None
) -> None:
    await saves(sessions, admin, Example("en", "thanks", "he has locked me in"))
    await editor.opens("/training")
    await editor.submits("/training/train")
    name = await trains(sessions, figures(SEEN))
    await editor.opens("/training")
    answer = await editor.submits("/training/publish", model=name)
    assert answer.status_code == 409
    assert "This model was not published. The reasons stand below." in editor.text
    assert "he has locked me in is an example of Thank you." in editor.text
    assert "A rule of danger speaks against it: en/" in editor.text
    assert '<a href="/intents/thanks?language=en">' in editor.page
    assert await serves(sessions) == wording.base()


async def test_a_model_that_nobody_measured_is_refused_and_can_be_trained_once_more(
    editor: Visitor, sessions: Sessions, admin: Reader
) -> None:
    await saves(sessions, admin, NEW)
    await editor.opens("/training")
    await editor.submits("/training/train")
    await trains(sessions, figures(SEEN))  # but what serves was never measured
    await editor.opens("/training")
    assert "It was not tried out on the messages of today" in editor.text
    assert ">Publish</button>" not in editor.page
    assert not re.search(r"<button disabled[^>]*>Train a new model</button>", editor.page)


async def test_one_click_goes_back_to_the_model_before(
    editor: Visitor, sessions: Sessions, admin: Reader, measured: None
) -> None:
    await saves(sessions, admin, NEW)
    await editor.opens("/training")
    assert "Go back" not in editor.text
    await editor.submits("/training/train")
    name = await trains(sessions, figures(SEEN))
    await editor.opens("/training")
    await editor.submits("/training/publish", model=name)
    assert f"Model {SHORT} as shipped. The bot then understands as it did with that model." in editor.text
    page, fields = editor.page, editor.hidden("/training/back")
    await editor.submits("/training/back", **fields)
    assert await serves(sessions) == wording.base()
    assert f"The new model Model {name[:8]}" in editor.text  # to be published again
    editor.page = page
    await editor.submits("/training/back", **fields)
    assert "Nothing was changed: meanwhile somebody else published or went back." in editor.text
    assert await serves(sessions) == wording.base()


async def test_a_model_that_is_not_kept_any_more_is_told(editor: Visitor, sessions: Sessions, measured: None) -> None:
    await editor.opens("/training")
    for path, said in (("publish", "This model is not kept any more."), ("back", "Nothing was changed: meanwhile")):
        await editor.submits(f"/training/{path}", model="0123456789abcdef")
        assert said in editor.text
    assert await serves(sessions) == wording.base()
