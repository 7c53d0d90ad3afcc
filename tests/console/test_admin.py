"""The admin's pages over HTTP: what an admin sees, changes, trains and publishes, and that nobody else can."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from handoff import trainings, wording
from handoff.access import Reader
from handoff.console.app import create_app
from handoff.vault import ServerKeys
from nlu_data.examples import Change, Example
from nlu_data.normalise import fold
from responses.content import Content
from tests.conftest import Team
from tests.console.conftest import joins
from tests.console.nlu import Understanding
from tests.console.visitor import Fields, Visitor
from tests.handoff.conftest import Writes

Sessions = async_sessionmaker[AsyncSession]
LANGUAGES = ("en", "sr-Latn", "sr-Cyrl", "sq")
SOME_ID = "00000000-0000-0000-0000-000000000000"
THERE = wording.shipped().of("en", "thanks")[0]
CAPTIVE = wording.shipped().of("en", "risk_held_captive")[0]


@pytest.fixture
def nlu_url(nlu: Understanding) -> str:
    return nlu.url


# What is for everybody who is logged in, or for those who are not yet.
OPEN = {"/", "/events", "/health", "/login", "/logout", "/language", "/static/{file_path:path}"}
DESK = ("/desk", "/take-next", "/conversations", "/silent")


def closed_pages(app: Litestar) -> dict[tuple[str, str], str]:
    """Every page of the application but the open ones: an address of it, and whom it is for."""
    found = {}
    for route in app.routes:
        path = re.sub(
            r"\{\w+:uuid\}", SOME_ID, re.sub(r"\{\w+:int\}", "1", route.path.replace("{intent:str}", "thanks"))
        )
        if path not in OPEN:
            for method in route.methods - {"HEAD", "OPTIONS"}:
                found[str(method), path] = "desk" if path.startswith(DESK) else "admin"
    return found


@pytest.mark.parametrize(
    ("login", "theirs"),
    [("atina-counsellor", "desk"), ("atina-lead", "desk"), ("atina-admin", "admin"), ("atina-auditor", "nothing")],
)
async def test_every_page_is_closed_to_those_whom_it_is_not_for(
    visitor: Visitor,
    admin: Reader,
    atina: Team,
    sessions: Sessions,
    server_keys: ServerKeys,
    content: Content,
    login: str,
    theirs: str,
) -> None:
    await joins(sessions, atina, "atina-auditor", "Vera", "auditor")
    pages = closed_pages(create_app(sessions, server_keys, content, "postgresql://nowhere"))
    assert {"desk", "admin"} == set(pages.values())
    await visitor.logs_in(login)
    await visitor.opens("/")
    form = visitor.page
    for (method, path), whose in pages.items():
        if method == "GET":
            answer = await visitor.opens(path)
        elif whose != theirs:
            visitor.page = form
            answer = await visitor.submits(path, lines="cheers", language="en", model=wording.base())
        if whose == theirs:
            assert answer.status_code in {200, 404}, path
        else:
            words = "Only an admin can open this page" if whose == "admin" else "Only counsellors can open this page"
            assert (answer.status_code, words in visitor.page) == (403, True), (method, path)
            assert "cheers" not in visitor.page
    async with sessions() as session:
        assert await wording.newest(session) is None
        assert await trainings.newest(session) is None


async def test_nobody_opens_them_without_a_log_in(visitor: Visitor, admin: Reader) -> None:
    for path in ("/intents", "/intents/thanks", "/training", "/history"):
        assert (await visitor.opens(path)).url.path == "/login"
    fragment = await visitor.http.get("/training/now", headers={"X-Fragment": "1"})
    assert fragment.status_code == 401


async def test_an_admin_begins_with_the_topics_and_a_counsellor_with_the_desk(
    editor: Visitor, console: str, atina: Team
) -> None:
    assert (await editor.opens("/")).url.path == "/intents"
    for name in ("How the bot understands", "Train and publish", "History"):
        assert f">{name}</a>" in editor.page
    counsellor = Visitor(console)
    await counsellor.logs_in("atina-counsellor")
    assert "Take the next" in counsellor.page or "Nobody is waiting" in counsellor.page
    assert "Train and publish" not in counsellor.page


async def test_an_admin_hears_nothing_of_a_conversation(editor: Visitor, writes: Writes) -> None:
    one = await writes("only for counsellors", to="atina")
    for path in (f"/conversations/{one}", f"/conversations/{one}/lines", f"/events?conversation={one}"):
        assert (await editor.opens(path)).status_code in {403, 404}
        assert "only for counsellors" not in editor.page


async def test_all_topics_stand_there_with_their_examples_counted(editor: Visitor, content: Content) -> None:
    shipped = wording.shipped()
    assert len(shipped.groups) == 65
    for intent in shipped.groups:
        numbers = " ".join(str(len(shipped.of(language, intent))) for language in ("en", "sq", "sr"))
        assert f"{content.label(intent, 'en')} {intent} {numbers}" in editor.text


@pytest.mark.parametrize("words", ["PASOŠ", "pasos", "пасош"])
async def test_a_search_finds_examples_however_they_are_spelt(editor: Visitor, words: str) -> None:
    answer = await editor.http.get("/intents", params={"q": words})
    found = re.findall(r'href="/intents/(\w+)\?language=(\w+)#(\w+)-(\d+)"', answer.text)
    assert "sr" in {language for _, language, _, _ in found}
    for intent, language, _, number in found[:5]:
        await editor.opens(f"/intents/{intent}?language={language}")
        row = re.search(rf'<li id="{language}-{number}">.*?</li>', editor.page, re.DOTALL)
        assert row
        assert "pasos" in fold(row[0])


async def test_a_search_for_what_nobody_writes_finds_nothing(editor: Visitor) -> None:
    answer = await editor.http.get("/intents", params={"q": "<b>qqxqq"})
    assert "No example has these words" in answer.text
    assert "<b>qqxqq" not in answer.text


async def check(visitor: Visitor, intent: str, *lines: str, away: Sequence[str] = (), language: str = "en") -> None:
    await visitor.opens(f"/intents/{intent}")
    fields: dict[str, Fields] = {"language": language, "lines": "\r\n".join(lines), "away": list(away)}
    answer = await visitor.submits(f"/intents/{intent}/check", **fields)
    assert answer.status_code == 200


async def test_what_can_be_no_example_is_told_before_saving_and_not_lost(editor: Visitor) -> None:
    wrong = {
        "I was in [Novi Pazar](place)": "It has square or curly brackets in it",
        "!!! 123": "It has no letters.",
        "a" * 601: "It is too long.",
        "thank \u200b you all": "It has characters in it that cannot be seen.",
        THERE: "It is there already and is not added again.",
    }
    await check(editor, "thanks", *wrong)
    for line, said in wrong.items():
        assert re.search(f"{re.escape(line)} (Cannot be an example. )?{said}", editor.text)
    assert "Save these changes" not in editor.text
    await editor.submits("/intents/thanks/edit", **editor.hidden("/intents/thanks/save"))
    assert all(line in html.unescape(editor.page) for line in wrong)


async def test_a_line_that_is_nearly_there_already_is_told(editor: Visitor) -> None:
    await check(editor, "thanks", THERE.upper())
    assert f"Nearly the same as an example of this topic: {THERE} English, 100%" in editor.text
    assert "Contradicts" not in editor.text
    assert "Save these changes" in editor.text


async def test_a_line_that_is_an_example_of_another_topic_contradicts_it(editor: Visitor) -> None:
    await check(editor, "ask_cost", THERE.upper())
    assert "Contradicts: nearly the same is an example of another topic." in editor.text
    assert f"{THERE} is an example of Thank you thanks" in editor.text


async def test_danger_in_a_line_is_told_and_what_the_bot_takes_it_for(editor: Visitor, nlu: Understanding) -> None:
    await check(editor, "thanks", "he has locked me in", "cheers for all of this, mate")
    assert nlu.asked == ["he has locked me in", "cheers for all of this, mate"]
    dangerous, harmless = re.findall(
        r"<li class=\"card.*?</li>\s*(?=<li class=\"card|</ul>\s*</section>)", editor.page, re.DOTALL
    )
    assert "The rules of danger see danger in it:" in dangerous
    assert "A model that learns it cannot be published." in dangerous
    assert "Nothing speaks against it." not in harmless
    assert "It seems to mean something else." in harmless  # that is what this server says to everything
    assert "The bot takes it now for:" in harmless
    assert "I am locked in risk_held_captive 91%" in editor.text


async def test_without_the_nlu_server_everything_else_is_checked(editor: Visitor, nlu: Understanding) -> None:
    nlu.ranking = []
    await check(editor, "thanks", "he has locked me in")
    assert "the part that understands texts does not answer" in editor.text
    assert "The rules of danger see danger in it:" in editor.text
    assert "Save these changes" in editor.text


async def test_taking_away_is_checked_too(editor: Visitor) -> None:
    await check(editor, "risk_held_captive", away=[f"en:{CAPTIVE}", "en:never was there"])
    assert f"{CAPTIVE} English" in editor.text
    assert "This topic is a danger. With fewer examples the bot may miss danger" in editor.text
    assert "It is not there any more." in editor.text
    assert "Too few are left" not in editor.text
    await check(editor, "thanks", away=[f"en:{text}" for text in wording.shipped().of("en", "thanks")[3:]])
    assert "Too few are left in this language to learn from: 3" in editor.text
    assert "This topic is a danger" not in editor.text


async def test_nothing_typed_is_lost_on_the_way_back(editor: Visitor) -> None:
    lines = ('  one with "quotes" & <signs> ', "", "[bad]", "two")
    await check(editor, "thanks", *lines, away=[f"en:{THERE}"], language="sq")
    await editor.submits("/intents/thanks/edit", **editor.hidden("/intents/thanks/save"))
    box = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", editor.page, re.DOTALL)
    assert box
    assert html.unescape(box[1]).splitlines() == list(lines)
    assert '<option value="sq" selected>' in editor.page
    assert [html.unescape(text) for text in re.findall(r'value="en:([^"]+)" checked', editor.page)] == [THERE]


async def test_the_filter_hides_what_does_not_fit_and_keeps_what_was_typed(editor: Visitor) -> None:
    await editor.opens("/intents/thanks")
    fields: dict[str, Fields] = {"language": "en", "lines": "draft", "filter": "HVÁLA", "away": [f"en:{THERE}"]}
    await editor.submits("/intents/thanks/edit", **fields)
    assert ">\ndraft</textarea>" in editor.page
    shown = re.findall(r'<li id="(\w+)-\d+">.*?<span lang="\w+">(.*?)</span>', editor.page, re.DOTALL)
    assert shown
    assert all("hvala" in fold(text) for _, text in shown)
    assert re.search(r'<li id="en-1" hidden>.*?checked', editor.page, re.DOTALL)


async def test_saved_changes_are_a_revision_and_stand_in_the_history(editor: Visitor, sessions: Sessions) -> None:
    await check(editor, "thanks", "cheers for   hearing me out", "[bad]", away=[f"en:{THERE}"])
    answer = await editor.submits("/intents/thanks/save", **editor.hidden("/intents/thanks/save"))
    assert answer.url.path == "/intents/thanks"
    assert "Saved. The bot understands it after the next training and publishing." in editor.text
    assert re.search("cheers for hearing me out\\s+new, not published yet", editor.text)
    assert "Taken away, but still in the published model" in editor.text
    async with sessions() as session:
        (revised,) = await wording.revisions(session)
    assert set(revised.changes) == {
        Change("add", Example("en", "thanks", "cheers for hearing me out")),
        Change("remove", Example("en", "thanks", THERE)),
    }
    await editor.opens("/intents")
    assert "Thank you thanks not published yet: added 1, taken away 1" in editor.text
    await editor.opens("/history")
    assert "Dragana, Atina, Belgrade" in editor.text
    assert "added: cheers for hearing me out Thank you English" in editor.text
    assert f"taken away: {THERE} Thank you English" in editor.text


async def test_what_was_done_twice_changes_nothing_the_second_time(editor: Visitor, sessions: Sessions) -> None:
    await check(editor, "thanks", "cheers for hearing me out")
    page, fields = editor.page, editor.hidden("/intents/thanks/save")
    await editor.submits("/intents/thanks/save", **fields)
    editor.page = page
    await editor.submits("/intents/thanks/save", **fields)
    assert "Nothing was changed: it was like that already." in editor.text
    async with sessions() as session:
        assert len(await wording.revisions(session)) == 1


async def test_what_no_form_sends_is_never_saved(editor: Visitor, sessions: Sessions) -> None:
    await editor.opens("/intents/thanks")
    page = editor.page
    for path, fields in (
        ("/intents/thanks/save", {"language": "en", "lines": "[bad]"}),
        ("/intents/thanks/save", {"language": "de", "lines": "danke"}),
        ("/intents/thanks/save", {"language": "en", "lines": ""}),
        ("/intents/thanks/save", {"language": "en", "lines": "\n".join(f"line {n}" for n in range(101))}),
        ("/intents/thanks/save", {"language": "en", "lines": "", "away": "de:danke"}),
        ("/intents/no_such/save", {"language": "en", "lines": "hello"}),
    ):
        editor.page = page
        answer = await editor.submits(path, **fields)
        assert answer.status_code in {200, 400, 404}
        assert "Saved." not in editor.text
    async with sessions() as session:
        assert await wording.newest(session) is None
