"""The admin's page about the models: train, cancel, compare, publish, go back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from handoff import models, trainings, wording
from handoff.access import Reader
from handoff.console import admin_words, pages, standing
from handoff.console.gate import ConsoleRequest, LoggedIn, Sessions, Understanding
from handoff.console.login import Form
from handoff.models import NoSuchModel, Objections, Refused
from nlu_data.client import NLU

_PAGE = "/training"


async def _training(
    request: ConsoleRequest,
    reader: Reader,
    sessions: Sessions,
    nlu: NLU | None,
    template: str,
    *,
    refused: Objections | None = None,
    **values: Any,
) -> Template:
    async with sessions() as session:
        now = await standing.of(session)
    if refused is not None and now.candidate is not None:
        now = replace(now, candidate=replace(now.candidate, objections=refused))
    gettext = pages.gettext_of(request, reader)
    return pages.page(
        request,
        template,
        reader,
        now=now,
        serving=await standing.serving(nlu, now.live),
        shipped=wording.base(),
        steps=admin_words.steps(gettext),
        measures=admin_words.measures(gettext),
        tongues=admin_words.evaluation_languages(gettext),
        written=admin_words.written_languages(),
        intent_of={(case.language, case.text): case.intent for case in models.cases()},
        moment=datetime.now(UTC),
        here=_PAGE,
        **values,
    )


@get("/training")
async def training_page(
    request: ConsoleRequest, reader: LoggedIn, sessions: Sessions, nlu: Understanding, notice: FromQuery[str] = ""
) -> Template:
    gettext = pages.gettext_of(request, reader)
    told = {
        "other": gettext("Nothing was changed: meanwhile somebody else published or went back. See below how it is."),
        "gone": gettext("This model is not kept any more. Please train once more."),
    }.get(notice)
    return await _training(request, reader, sessions, nlu, "training.html", problem=told)


@get("/training/now")
async def training_now(request: ConsoleRequest, reader: LoggedIn, sessions: Sessions, nlu: Understanding) -> Template:
    return await _training(request, reader, sessions, nlu, "_training.html")


@post("/training/train", status_code=303)
async def train(reader: LoggedIn, sessions: Sessions) -> Redirect:
    """Asks for a training, unless there is nothing new to learn."""
    async with sessions() as session, session.begin():
        if (await standing.of(session)).no_training is None:
            await trainings.ask(session, reader)
    return Redirect(_PAGE, status_code=303)


@post("/training/cancel", status_code=303)
async def cancel(reader: LoggedIn, sessions: Sessions) -> Redirect:
    async with sessions() as session, session.begin():
        await trainings.cancel(session, reader, datetime.now(UTC))
    return Redirect(_PAGE, status_code=303)


@post("/training/publish", status_code=200)
async def publish(
    request: ConsoleRequest, data: Form, reader: LoggedIn, sessions: Sessions, nlu: Understanding
) -> Response[Any]:
    """Publishes the model that the admin saw, or says why not."""
    try:
        async with sessions() as session, session.begin():
            await models.publish(session, reader, data.get("model", ""))
    except Refused as refusal:
        gettext = pages.gettext_of(request, reader)
        told = gettext("This model was not published. The reasons stand below.")
        return await _training(
            request, reader, sessions, nlu, "training.html", refused=refusal.objections, status=409, problem=told
        )
    except NoSuchModel:
        return Redirect(f"{_PAGE}?notice=gone", status_code=303)
    return Redirect(_PAGE, status_code=303)


@post("/training/back", status_code=303)
async def back(data: Form, reader: LoggedIn, sessions: Sessions) -> Redirect:
    """Puts the model before back into service, if it still is the one that the admin saw."""
    async with sessions() as session, session.begin():
        if await models.before(session) != data.get("model", ""):
            return Redirect(f"{_PAGE}?notice=other", status_code=303)
        await models.go_back(session, reader)
    return Redirect(_PAGE, status_code=303)
