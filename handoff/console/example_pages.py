"""The admin's pages about topics and their examples: look, search, add, take away, check, save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, ValidationException
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import models, wording
from handoff.access import Reader
from handoff.console import admin_words, pages, proposal
from handoff.console.gate import ConsoleRequest, LoggedIn, Sessions, Understanding
from handoff.console.proposal import MAX_LINES, Draft
from handoff.store.tables import Model
from nlu_data import judgement
from nlu_data.examples import Change, Example, Examples
from nlu_data.normalise import fold

_FOUND: Final = 100


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the list shows it: its examples in each language, and what differs from the published model."""

    intent: str
    numbers: Mapping[str, int]
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Row:
    """An example as it stands on its topic's page. `number` is its place among those of its language."""

    number: int
    example: Example
    shown: bool
    new: bool
    ticked: bool


async def published(session: AsyncSession) -> Examples:
    """The examples of the model that is to serve."""
    live = await session.get(Model, await models.live(session))
    return await wording.current(session, (live.revision_id if live is not None else None) or 0)


async def _topics(session: AsyncSession) -> tuple[tuple[str, tuple[Topic, ...]], ...]:
    """The topics by group."""
    now = await wording.current(session)
    differs = Counter((one.example.intent, one.act) for one in now.since(await published(session)))

    def topic(intent: str) -> Topic:
        numbers = {language: len(now.of(language, intent)) for language in now.languages}
        return Topic(intent, numbers, differs[intent, "add"], differs[intent, "remove"])

    return tuple(
        (group, tuple(topic(intent) for intent, its in now.groups.items() if its == group))
        for group in admin_words.GROUPS
    )


async def _list(request: ConsoleRequest, reader: Reader, sessions: Sessions, template: str, **values: Any) -> Template:
    async with sessions() as session:
        topics = await _topics(session)
    names = admin_words.groups(pages.gettext_of(request, reader))
    return pages.page(
        request, template, reader, topics=topics, groups=names, written=admin_words.written_languages(), **values
    )


@get("/intents")
async def topics_page(
    request: ConsoleRequest, reader: LoggedIn, sessions: Sessions, q: FromQuery[str] = ""
) -> Template:
    """All topics, and the examples of any language in which the words of `q` stand."""
    found: tuple[tuple[int, Example], ...] = ()
    wanted = fold(q).strip()
    if wanted:
        async with sessions() as session:
            now = await wording.current(session)
        found = tuple(
            (number, Example(language, intent, text))
            for (language, intent), texts in now.texts.items()
            for number, text in enumerate(texts, 1)
            if wanted in fold(text)
        )
    results = {"q": q, "searched": bool(wanted), "found": found[:_FOUND], "number": len(found)}
    return await _list(request, reader, sessions, "topics.html", **results)


@get("/intents/now")
async def topics_now(request: ConsoleRequest, reader: LoggedIn, sessions: Sessions) -> Template:
    return await _list(request, reader, sessions, "_topics.html")


@get("/intents/{intent:str}")
async def topic_page(
    request: ConsoleRequest,
    intent: FromPath[str],
    reader: LoggedIn,
    sessions: Sessions,
    language: FromQuery[str] = "",
    notice: FromQuery[str] = "",
) -> Template:
    gettext = pages.gettext_of(request, reader)
    told = {
        "saved": gettext("Saved. The bot understands it after the next training and publishing."),
        "same": gettext("Nothing was changed: it was like that already."),
    }.get(notice)
    chosen = language if language in wording.shipped().languages else _own_language(request, reader)
    return await _topic(request, reader, sessions, intent, Draft(chosen), notice=told)


@post("/intents/{intent:str}/edit", status_code=200)
async def edit(request: ConsoleRequest, intent: FromPath[str], reader: LoggedIn, sessions: Sessions) -> Template:
    """The topic's page again, with all that was typed and ticked: after a check, or to show fewer examples."""
    return await _topic(request, reader, sessions, intent, await _draft(request, reader, intent))


@post("/intents/{intent:str}/check", status_code=200)
async def check(
    request: ConsoleRequest, intent: FromPath[str], reader: LoggedIn, sessions: Sessions, nlu: Understanding
) -> Template:
    """What would be saved, and what speaks against it."""
    draft = await _draft(request, reader, intent)
    if told := _too_little_or_much(draft, pages.gettext_of(request, reader)):
        return await _topic(request, reader, sessions, intent, draft, problem=told)
    return await _check(request, reader, sessions, nlu, intent, draft)


@post("/intents/{intent:str}/save", status_code=200)
async def save(
    request: ConsoleRequest, intent: FromPath[str], reader: LoggedIn, sessions: Sessions, nlu: Understanding
) -> Response[Any]:
    """Saves what the check showed; a line that can't be an example is never saved."""
    draft = await _draft(request, reader, intent)
    if told := _too_little_or_much(draft, pages.gettext_of(request, reader)):
        return await _topic(request, reader, sessions, intent, draft, problem=told)
    async with sessions() as session, session.begin():
        looked = await proposal.look(draft, intent, await wording.current(session), None)
        saved = await wording.save(session, reader, looked.changes)
    if not looked.changes and any(one.problem for one in looked.new):
        return await _check(request, reader, sessions, nlu, intent, draft)
    notice = "same" if saved is None else "saved"
    return Redirect(f"/intents/{intent}?language={draft.language}&notice={notice}", status_code=303)


async def _check(
    request: ConsoleRequest, reader: Reader, sessions: Sessions, nlu: Understanding, intent: str, draft: Draft
) -> Template:
    async with sessions() as session:
        now = await wording.current(session)
    return pages.page(
        request,
        "check.html",
        reader,
        intent=intent,
        looked=await proposal.look(draft, intent, now, nlu),
        problems=admin_words.problems(pages.gettext_of(request, reader)),
        written=admin_words.written_languages(),
        danger=judgement.is_risk(intent),
        here=f"/intents/{intent}",
    )


async def _topic(
    request: ConsoleRequest, reader: Reader, sessions: Sessions, intent: str, draft: Draft, **values: Any
) -> Template:
    _known(intent)
    async with sessions() as session:
        now, before = await wording.current(session), await published(session)
    changes = [one for one in now.since(before) if one.example.intent == intent]
    return pages.page(
        request,
        "topic.html",
        reader,
        intent=intent,
        draft=draft,
        rows={language: _rows(now, language, intent, draft, changes) for language in now.languages},
        taken=[one.example for one in changes if one.act == "remove"],
        written=admin_words.written_languages(),
        group=admin_words.groups(pages.gettext_of(request, reader))[now.groups[intent]],
        danger=judgement.is_risk(intent),
        here=f"/intents/{intent}",
        **values,
    )


def _rows(now: Examples, language: str, intent: str, draft: Draft, changes: list[Change]) -> tuple[Row, ...]:
    wanted, new = fold(draft.filter).strip(), {one.example for one in changes if one.act == "add"}
    examples = (Example(language, intent, text) for text in now.of(language, intent))
    return tuple(
        Row(number, one, wanted in fold(one.text), one in new, one in draft.away)
        for number, one in enumerate(examples, 1)
    )


async def _draft(request: ConsoleRequest, reader: Reader, intent: str) -> Draft:
    _known(intent)
    draft = Draft.from_form(intent, await request.form(), _own_language(request, reader))
    if {draft.language, *(one.language for one in draft.away)} - set(wording.shipped().languages):
        raise ValidationException
    return draft


def _known(intent: str) -> None:
    if intent not in wording.shipped().groups:
        raise NotFoundException


def _too_little_or_much(draft: Draft, gettext: Callable[[str], str]) -> str | None:
    if not draft.texts and not draft.away:
        return gettext("There is nothing to check: write a line, or tick an example that is to be taken away.")
    if len(draft.texts) > MAX_LINES:
        return gettext("Please add at most 100 lines at once.")
    return None


def _own_language(request: ConsoleRequest, reader: Reader) -> str:
    """The written language in which the admin reads the console."""
    return pages.language_of(request, reader).split("-", 1)[0]
