"""The console's pages over HTTP, as a browser without scripts sees them, and as an attacker would try them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import desk, silence
from handoff.console.login import LOGINS_A_MINUTE
from handoff.store.tables import Conversation
from handoff.vault import ServerKeys
from responses.languages import LANGUAGES, NAMES
from tests.conftest import Team
from tests.console.visitor import Visitor
from tests.handoff.conftest import Writes

Sessions = async_sessionmaker[AsyncSession]


async def test_without_a_log_in_there_is_only_the_log_in(visitor: Visitor) -> None:
    for path in ("/", "/desk/now", "/conversations/00000000-0000-0000-0000-000000000000", "/events"):
        answer = await visitor.opens(path)
        assert answer.url.path == "/login"
    fragment = await visitor.http.get("/desk/now", headers={"X-Fragment": "1"})
    assert fragment.status_code == 401


async def test_a_wrong_password_is_told_kindly_and_keeps_the_name(visitor: Visitor, atina: Team) -> None:
    answer = await visitor.logs_in("atina-counsellor", "not the password")
    assert answer.status_code == 401
    assert "do not fit" in answer.text
    assert 'value="atina-counsellor"' in answer.text


async def test_the_whole_way_without_scripts(
    visitor: Visitor, atina: Team, writes: Writes, sessions: Sessions, server_keys: ServerKeys
) -> None:
    one = await writes("he has my passport", to="atina", level="high")
    await visitor.logs_in("atina-counsellor")
    assert "Take the next" in visitor.page
    assert "high danger" in visitor.page
    assert "passport" not in visitor.page
    answer = await visitor.submits("/take-next", seen=str(one))
    assert answer.url.path == f"/conversations/{one}"
    assert "he has my passport" in visitor.page
    assert "What the person agreed to share" in visitor.page
    await visitor.submits(f"/conversations/{one}/reply", text="I am <b>here</b>")
    assert "I am &lt;b&gt;here&lt;/b&gt;" in visitor.page
    assert "waiting to be sent" in visitor.page
    await visitor.submits(f"/conversations/{one}/close")
    assert (await visitor.opens(f"/conversations/{one}")).status_code == 200
    assert "This conversation is closed" in visitor.page


async def test_who_fell_silent_is_seen_without_a_word_and_can_be_offered_a_talk(
    console: str, atina: Team, pvpt: Team, writes: Writes, sessions: Sessions
) -> None:
    one = await writes("he is on the stairs", level="immediate")
    now = datetime.now(UTC)
    async with sessions.begin() as session:
        alarmed = await session.get_one(Conversation, one)
        alarmed.heard_at = alarmed.alarmed_at = now - timedelta(minutes=2)
        await session.flush()
        await silence.notice(session, now)
    here, there = Visitor(console), Visitor(console)
    await here.logs_in("atina-counsellor")
    await there.logs_in("pvpt-counsellor")
    for visitor in (here, there):
        await visitor.opens("/")
        assert "In danger, and silent" in visitor.page
        assert "Offer to talk" in visitor.page
        assert "stairs" not in visitor.page
    await here.submits(f"/silent/{one}/offer")
    assert "a talk was offered at" in here.page
    await there.submits(f"/silent/{one}/offer")
    assert "was offered a talk a short while ago" in there.page


async def test_the_second_counsellor_is_told_that_somebody_was_faster(
    console: str, atina: Team, writes: Writes, sessions: Sessions, server_keys: ServerKeys
) -> None:
    one = await writes("help", to="atina")
    second = Visitor(console)
    await second.logs_in("atina-lead")
    async with sessions() as session, session.begin():
        await desk.take(session, server_keys, atina.counsellor, one, datetime.now(UTC))
    answer = await second.submits("/take-next", seen=str(one))
    assert "Somebody else has just taken" in answer.text
    await second.opens("/")
    answer = await second.submits(f"/conversations/{one}/take")
    assert answer.status_code == 409 or "taken" in answer.text


async def test_the_other_organisation_sees_nothing(visitor: Visitor, atina: Team, pvpt: Team, writes: Writes) -> None:
    one = await writes("only for Atina", to="atina")
    await visitor.logs_in("pvpt-counsellor")
    assert "Nobody is waiting" in visitor.page
    for path in (f"/conversations/{one}", f"/conversations/{one}/lines", f"/events?conversation={one}"):
        answer = await visitor.opens(path)
        assert answer.status_code == 404
        assert "only for Atina" not in answer.text


async def test_a_form_from_another_page_is_refused(visitor: Visitor, atina: Team, writes: Writes) -> None:
    await writes("help", to="atina")
    await visitor.logs_in("atina-counsellor")
    without = await visitor.http.post("/take-next", data={})
    assert without.status_code == 403
    token = re.search(r'name="_csrf_token" value="([^"]+)"', visitor.page)
    assert token is not None
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.example"}):
        foreign = await visitor.http.post("/take-next", data={"_csrf_token": token[1]}, headers=headers)
        assert foreign.status_code == 403
    await visitor.opens("/")
    assert "Take the next" in visitor.page


async def test_a_reply_too_long_or_empty_is_refused_and_not_lost(visitor: Visitor, atina: Team, writes: Writes) -> None:
    one = await writes("help", to="atina")
    await visitor.logs_in("atina-counsellor")
    await visitor.submits("/take-next")
    await visitor.submits(f"/conversations/{one}/reply", text="a" * 4001)
    assert "between 1 and 4000" in visitor.page
    assert "a" * 4001 in visitor.page


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_console_speaks_the_members_language(visitor: Visitor, atina: Team, language: str) -> None:
    await visitor.logs_in("atina-counsellor")
    await visitor.submits("/language", language=language, back="/")
    words = {"en": "Nobody is waiting.", "sq": "Askush nuk", "sr-Latn": "Niko ne čeka.", "sr-Cyrl": "Нико не чека."}
    assert words[language] in visitor.page
    assert f'lang="{language}"' in visitor.page
    assert NAMES[language] in visitor.page
    assert "Kosovo*" in visitor.page or "Косово*" in visitor.page


async def test_leaving_ends_the_session_and_a_foreign_address_is_not_followed(visitor: Visitor, atina: Team) -> None:
    await visitor.logs_in("atina-counsellor")
    answer = await visitor.submits("/language", language="en", back="//elsewhere.example/")
    assert answer.url.path == "/"
    cookie = visitor.http.cookies.get("helpline_session")
    await visitor.submits("/logout")
    visitor.http.cookies.set("helpline_session", cookie or "")
    assert (await visitor.opens("/")).url.path == "/login"


async def test_pages_forbid_what_they_do_not_need(visitor: Visitor) -> None:
    answer = await visitor.opens("/login")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert (await visitor.opens("/nowhere")).status_code == 404
    assert "no such page" in visitor.page


@pytest.mark.slow
async def test_a_program_that_guesses_passwords_is_stopped(visitor: Visitor) -> None:
    await visitor.opens("/login")
    for _ in range(LOGINS_A_MINUTE):
        answer = await visitor.submits("/login", login="nobody", password="guess")
    assert answer.status_code == 401
    answer = await visitor.submits("/login", login="nobody", password="guess")
    assert answer.status_code == 429
    assert "Wait a minute" in answer.text
