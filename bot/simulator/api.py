"""The Bot API over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from http import HTTPStatus
from typing import Final

from litestar import Response
from litestar.datastructures import UploadFile
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from bot.simulator import connections, errors, methods
from bot.simulator.chats import Telegram
from bot.simulator.connections import AnyRequest
from bot.simulator.faults import Fault
from bot.simulator.parameters import Json, Parameters, Upload

_CALL: Final = re.compile(r"/bot(?P<token>[^/]*)/(?P<method>[^/]+)/?")
_FILE: Final = re.compile(r"/file/bot(?P<token>[^/]*)/(?P<path>.+)")
_TOKEN: Final = re.compile(r"[1-9]\d{0,15}:[\w-]{1,64}", re.ASCII)


async def respond(telegram: Telegram, request: AnyRequest) -> Response[bytes]:
    """Answers one request to the Bot API; every answer to the bot passes through here and nowhere else."""
    path = request.scope["path"]
    try:
        found = _FILE.fullmatch(path)
        if found is not None:
            return _file(telegram, found["token"], found["path"])
        return await _called(telegram, request, path)
    except errors.Refusal as refusal:
        return _refused(refusal)


async def _called(telegram: Telegram, request: AnyRequest, path: str) -> Response[bytes]:
    call = _CALL.fullmatch(path)
    if call is None:
        raise errors.not_found()
    _admit(telegram, call["token"])
    method, parameters = call["method"], await _parameters(request)
    fault = telegram.faults.strike(method, parameters.text("chat_id"))
    if fault is None:
        return _answer(200, {"ok": True, "result": await methods.call(telegram, method, parameters)})
    if fault.carried_out:
        with contextlib.suppress(errors.Refusal):  # nobody hears how it ended
            await methods.call(telegram, method, parameters)
    return await _failed(telegram, request, fault)


async def _failed(telegram: Telegram, request: AnyRequest, fault: Fault) -> Response[bytes]:
    """What the bot gets of a call that is to fail."""
    match fault.kind:
        case "429":
            raise errors.too_many(fault.retry_after)
        case "403":
            raise errors.forbidden(errors.BLOCKED)
        case "500":
            raise errors.internal()
        case "502":
            return _page(HTTPStatus.BAD_GATEWAY)
        case "504" | "lost_answer":
            return _page(HTTPStatus.GATEWAY_TIMEOUT)
        case "hang":
            await _hangs(telegram, request)
    await connections.cut(request)
    return _page(HTTPStatus.BAD_GATEWAY)  # which nobody gets


async def _hangs(telegram: Telegram, request: AnyRequest) -> None:
    with telegram.faults.hang() as released:
        waiting = {asyncio.ensure_future(connections.gone(request)), asyncio.ensure_future(released.wait())}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)


def _admit(telegram: Telegram, token: str) -> None:
    if not _TOKEN.fullmatch(token):
        raise errors.not_found()
    if token != telegram.token:
        raise errors.unauthorized()


async def _parameters(request: AnyRequest) -> Parameters:
    """From the query and from a body of JSON, of urlencoded fields or of multipart form data."""
    values: dict[str, object] = dict(request.query_params.items())
    files: dict[str, Upload] = {}
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if media_type == "application/json":
            body = await request.body()
            values.update(_object(body) if body.strip() else {})
        elif media_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            for name, value in (await request.form()).multi_items():
                if isinstance(value, UploadFile):
                    content = await value.read()
                    files[name] = Upload(value.filename, content, value.content_type or "")
                else:
                    values[name] = value
    except HTTPException as problem:
        if problem.status_code == 413:
            raise errors.too_large() from None
        raise errors.bad_request("can't parse form data headers") from None
    return Parameters(values, files)


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise errors.bad_request("JSON object expected")
    return value


def _file(telegram: Telegram, token: str, path: str) -> Response[bytes]:
    _admit(telegram, token)
    file = telegram.files.by_path(path)
    if file is None:
        raise errors.not_found()
    return Response(file.content, media_type="application/octet-stream")


def _refused(refusal: errors.Refusal) -> Response[bytes]:
    answer: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    headers = {}
    if refusal.retry_after is not None:
        answer["parameters"] = {"retry_after": refusal.retry_after}
        headers["Retry-After"] = str(refusal.retry_after)
    return _answer(refusal.code, answer, headers)


def _answer(status: int, answer: Json, headers: dict[str, str] | None = None) -> Response[bytes]:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Response(body, status_code=status, media_type=MediaType.JSON, headers=headers)


def _page(status: HTTPStatus) -> Response[bytes]:
    """The page of a server in front of Telegram: no JSON."""
    title = f"{status.value} {status.phrase}"
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Response(body.encode(), status_code=status, media_type=MediaType.HTML)
