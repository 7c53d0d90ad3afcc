"""What every page of the console shares: the templates' words, the clock, the problem page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from babel import Locale
from babel.dates import format_datetime, format_time
from babel.numbers import format_percent
from litestar import Response
from litestar.response import Template

from handoff import access
from handoff.access import Reader
from handoff.console import gate
from handoff.console.gate import ConsoleRequest
from handoff.roster import LOCAL_TIME
from responses import languages, screening
from responses.content import Content

LANGUAGE_COOKIE = "helpline_language"


def language_of(request: ConsoleRequest, reader: Reader | None) -> str:
    """The console's own language: the member's choice, else the cookie's, else English."""
    wanted = reader.language if reader is not None else request.cookies.get(LANGUAGE_COOKIE, "en")
    return wanted if wanted in languages.LANGUAGES else "en"


def gettext_of(request: ConsoleRequest, reader: Reader | None) -> Callable[[str], str]:
    """What gives the console's words in the reader's language."""
    content: Content = request.app.state.content
    return content.console(language_of(request, reader)).gettext


def page(
    request: ConsoleRequest,
    template: str,
    reader: Reader | None,
    *,
    status: int = 200,
    **values: Any,
) -> Template:
    """A page in the reader's language; never kept by the browser."""
    content: Content = request.app.state.content
    language = language_of(request, reader)
    gettext = content.console(language).gettext
    organisation = ""
    if reader is not None and reader.organisation is not None:
        organisation = content.organisation(reader.organisation, language)
    context: dict[str, Any] = {
        "_": gettext,
        "reader": reader,
        "organisation": organisation,
        "language": language,
        "locale_tag": language,
        "languages": languages.NAMES,
        "persons_languages": persons_languages(content, language),
        "levels": levels(gettext),
        "deliveries": deliveries(gettext),
        "clock": lambda at: clock(at, language),
        "lasted": lasted,
        "percent": lambda share: format_percent(share, locale=Locale.parse(language, sep="-")),
        "spoken": lambda words: spoken(words, gettext),
        "note_facts": lambda note: note_facts(note, content, language, gettext),
        "topic": lambda intent: content.label(intent, language),
        "edits": reader is not None and access.edits(reader),
        "reads": reader is not None and access.reads(reader),
        "here": request.url.path,
        "problem": None,
        "notice": None,
        "login": None,
        "draft": None,
        **values,
    }
    return Template(template_name=template, context=context, status_code=status, headers={"Cache-Control": "no-store"})


def problem(request: ConsoleRequest, reader: Reader | None, status: int, title: str, advice: str) -> Response[Any]:
    """A page that says what did not work and what to do; both texts are keys of the console's catalogue."""
    reader = reader or gate.known_reader(request)
    gettext = gettext_of(request, reader)
    return page(request, "problem.html", reader, status=status, title=gettext(title), advice=gettext(advice))


def levels(gettext: Callable[[str], str]) -> Mapping[str, str]:
    return {
        "none": gettext("no sign of danger so far"),
        "elevated": gettext("some signs of danger"),
        "high": gettext("high danger"),
        "immediate": gettext("danger now"),
    }


def deliveries(gettext: Callable[[str], str]) -> Mapping[str, str]:
    return {
        "waiting": gettext("waiting to be sent"),
        "sending": gettext("being sent"),
        "sent": gettext("sent"),
        "failed": gettext("not delivered"),
        "uncertain": gettext("perhaps not delivered"),
        "dropped": gettext("not sent: the person left"),
    }


def clock(at: datetime, language: str) -> str:
    """The time of day where the counsellors are; with the date when it is not today."""
    locale = Locale.parse(language, sep="-")
    local = at.astimezone(LOCAL_TIME)
    if local.date() == datetime.now(LOCAL_TIME).date():
        return format_time(local, "HH:mm", locale=locale)
    return format_datetime(local, "d. MMM HH:mm", locale=locale)


def lasted(time: timedelta) -> str:
    """A time span in minutes and seconds."""
    seconds = max(0, int(time.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"


def spoken(words: Mapping[str, Any], gettext: Callable[[str], str]) -> str:
    """A transcript's line as it is shown: the text, or what was pressed or sent instead."""
    if "text" in words:
        return str(words["text"])
    if "pressed" in words:
        return "▸ " + str(words["pressed"])
    return gettext("sent something that cannot be shown yet") + f" ({words.get('kind', '?')})"


def answer_in_words(
    key: str, value: str, content: Content, language: str, gettext: Callable[[str], str]
) -> tuple[str, str]:
    """A question as the person was asked, and their answer; skipped is not known. As it was kept if it is gone now."""
    words = screening.in_words(content.instruments, key, value, language)
    if words is None:
        return key, value
    question, answer = words
    return question, gettext("not known") if answer is None else answer


def reason_in_words(reason: str, content: Content, language: str, gettext: Callable[[str], str]) -> str:
    """Why it is urgent: an answer of the screening in words, everything else by its code."""
    kind, _, kept = reason.partition(":")
    key, sign, value = kept.partition("=")
    if kind != "screening" or not sign or screening.in_words(content.instruments, key, value, language) is None:
        return reason
    return " ".join(answer_in_words(key, value, content, language, gettext))


def persons_languages(content: Content, language: str) -> Mapping[str, str]:
    """The languages that people speak here; those of core texts also by what the counsellor's language calls them."""
    named = {code: one.named_in(language) for code, one in content.languages.items() if one.core}
    return {code: one.name for code, one in content.languages.items()} | named


def note_facts(
    note: Mapping[str, Any], content: Content, language: str, gettext: Callable[[str], str]
) -> list[tuple[str, str]]:
    """The handoff note as pairs of label and value; what is not known is not shown."""
    sides = {"serbia": gettext("Serbia"), "kosovo": gettext("Kosovo*"), "abroad": gettext("abroad")}
    facts: list[tuple[str, str]] = []
    if note.get("level"):
        facts.append((gettext("Risk"), levels(gettext).get(str(note["level"]), "")))
    if note.get("reasons"):
        reasons = (reason_in_words(str(reason), content, language, gettext) for reason in note["reasons"])
        facts.append((gettext("Reasons"), ", ".join(reasons)))
    where = sides.get(str(note.get("side")), gettext("not known"))
    if note.get("municipality"):
        where = f"{content.places.name(str(note['municipality']), language)}, {where}"
    facts.append((gettext("Where the person is"), where))
    if note.get("both_sides"):
        facts.append((gettext("What it is about"), gettext("lies on both sides")))
    if note.get("language"):
        facts.append((gettext("Language"), persons_languages(content, language).get(str(note["language"]), "")))
    for key, value in note.get("screening") or []:
        facts.append(answer_in_words(str(key), str(value), content, language, gettext))
    if note.get("consent"):
        shared = gettext("with what was written before") if note["consent"] == "history" else gettext("a fresh start")
        facts.append((gettext("Consent"), shared))
    return facts
