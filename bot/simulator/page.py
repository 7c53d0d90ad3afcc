"""The chat page and the small HTTP interface that it drives the simulated people with."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from importlib import resources
from typing import Any, Final

from litestar import Controller, Request, Response, delete, get, post
from litestar.datastructures import State, UploadFile
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from bot.simulator import faults, methods, views
from bot.simulator.accounts import Account
from bot.simulator.changes import Change
from bot.simulator.chats import Telegram
from bot.simulator.messages import Message
from bot.simulator.parameters import Json

AnyRequest = Request[Any, Any, State]

LANGUAGES: Final = ("en", "sr", "sq", "ru", "tr", "ar", "fa", "fr")
# a comment line this often keeps the connection and shows the page that it lives
HEARTBEAT_SECONDS: Final = 15.0
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STATIC: Final = {
    "chat.js": "text/javascript",
    "bubble.js": "text/javascript",
    "dom.js": "text/javascript",
    "faults.js": "text/javascript",
    "chat.css": "text/css",
    "icon.svg": "image/svg+xml",
}
_SHOWN_INLINE: Final = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/")


def _asset(name: str) -> bytes:
    return resources.files("bot.simulator").joinpath("static", name).read_bytes()


@get("/", media_type=MediaType.HTML)
async def shell() -> Response[bytes]:
    """The page; all that moves in it is done by static/chat.js."""
    return Response(_asset("chat.html"), media_type="text/html; charset=utf-8", headers=HEADERS)


@get("/static/{name:str}")
async def static(name: FromPath[str]) -> Response[bytes]:
    """The page's module, style and icon."""
    if name not in _STATIC:
        raise NotFoundException
    return Response(_asset(name), media_type=f"{_STATIC[name]}; charset=utf-8", headers=HEADERS)


class People(Controller):
    """What the page asks and does, under /chat."""

    path = "/chat"

    @get("/events")
    async def events(self, telegram: NamedDependency[Telegram]) -> Stream:
        """Server-sent events: first the whole world, then every change."""
        return Stream(_told(telegram), media_type="text/event-stream", headers={**HEADERS, "X-Accel-Buffering": "no"})

    @get("/file/{file_id:str}")
    async def file(self, telegram: NamedDependency[Telegram], file_id: FromPath[str]) -> Response[bytes]:
        """A picture, sound or document that was sent."""
        file = telegram.files.by_id(file_id)
        if file is None:
            raise NotFoundException
        inline = file.media_type.startswith(_SHOWN_INLINE)
        headers = {**HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"}
        if not inline:
            headers["Content-Disposition"] = "attachment"
        return Response(
            file.content,
            media_type=file.media_type if inline else "application/octet-stream",
            headers=headers,
        )

    @post("/persons")
    async def add(self, telegram: NamedDependency[Telegram], data: JSONBody[dict[str, Any]]) -> Json:
        """A new person; language as their app has it, name optional."""
        language = str(data.get("language", "en"))
        if language not in LANGUAGES:
            raise ClientException("unknown language")
        name = str(data.get("name", "")).strip()[:64]
        person = telegram.person(language, first_name=name or None)
        return {"id": person.id}

    @post("/persons/{person_id:int}/{act:str}")
    async def act(
        self,
        telegram: NamedDependency[Telegram],
        person_id: FromPath[int],
        act: FromPath[str],
        data: JSONBody[dict[str, Any]],
    ) -> Json:
        """Something the person does: text, press, key, edit, delete, clear, block, …"""
        person = _person(telegram, person_id)
        action = _ACTS.get(act)
        if action is None:
            raise NotFoundException
        try:
            action(person, data)
        except (ValueError, LookupError) as reason:
            raise ClientException(str(reason)) from None
        return {"ok": True}

    @post("/persons/{person_id:int}/file")
    async def upload(self, telegram: NamedDependency[Telegram], request: AnyRequest, person_id: FromPath[int]) -> Json:
        """The person sends a file as photo, voice or document."""
        person = _person(telegram, person_id)
        form = await request.form()
        file, kind, caption = form.get("file"), form.get("kind"), str(form.get("caption", ""))
        if not isinstance(file, UploadFile):
            raise ClientException("no file")
        content = await file.read()
        try:
            if kind == "photo":
                person.sends_photo(content, caption)
            elif kind == "voice":
                person.sends_voice(content, int(str(form.get("seconds", "3"))))
            elif kind == "document":
                person.sends_document(content, file.filename, caption)
            else:
                raise ClientException("unknown kind")
        except ValueError as reason:
            raise ClientException(str(reason)) from None
        return {"ok": True}


class Orders(Controller):
    """What whoever tests orders of Telegram, under /faults: which of the bot's next calls fail, and how."""

    path = "/faults"

    @get()
    async def outstanding(self, telegram: NamedDependency[Telegram]) -> Json:
        """What is still to happen, and how many calls hang now."""
        return views.faults(telegram)

    @post()
    async def order(self, telegram: NamedDependency[Telegram], data: JSONBody[dict[str, Any]]) -> Json:
        """One more: {fault, method, chat_id, times, retry_after}; all but the first may be left out."""
        try:
            method, chat_id = str(data.get("method") or ""), data.get("chat_id")
            if method and method.lower() not in methods.METHODS:
                raise ValueError("the Bot API has no such method")
            telegram.faults.order(
                str(data["fault"]),
                method=method,
                chat_id=None if chat_id is None else int(chat_id),
                times=int(data.get("times", 1)),
                retry_after=int(data.get("retry_after", 1)),
            )
        except KeyError:
            raise ClientException(f"fault is missing; known are {', '.join(faults.KINDS)}") from None
        except (ValueError, TypeError) as reason:
            raise ClientException(str(reason)) from None
        return views.faults(telegram)

    @delete(status_code=200)
    async def clear(self, telegram: NamedDependency[Telegram]) -> Json:
        """From now on all goes well."""
        telegram.faults.clear()
        return views.faults(telegram)


async def _told(telegram: Telegram) -> AsyncIterator[bytes]:
    changes = telegram.changes.subscribe()
    try:
        yield b"retry: 1000\n\n"
        yield _event("world", views.world(telegram))
        while not changes.closed:
            found = await changes.next(HEARTBEAT_SECONDS)
            if not found:
                yield b": still here\n\n"
                continue
            for event in _changed(telegram, found):
                yield event
    finally:
        telegram.changes.unsubscribe(changes)


def _changed(telegram: Telegram, found: Sequence[Change]) -> Iterator[bytes]:
    for change in found:
        person = telegram.accounts.get(change.account_id or 0)
        shown = person.log.get(change.message_id or 0) if person else None
        if person and shown:
            yield _event("message", {"account": person.id, "message": views.message(person, shown)})
    for account_id in dict.fromkeys(change.account_id for change in found):
        if account_id is None:
            yield _event("faults", views.faults(telegram))
        else:
            yield _event("account", views.account(telegram, telegram.accounts[account_id]))


def _event(name: str, data: Json) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _person(telegram: Telegram, person_id: int) -> Account:
    person = telegram.accounts.get(person_id)
    if person is None:
        raise NotFoundException
    return person


def _message(person: Account, data: Json, name: str = "message_id") -> Message:
    message = person.log.get(int(data[name]))
    if message is None or message.gone_for_person:
        raise LookupError("this message is gone")
    return message


def _writes(person: Account, data: Json) -> None:
    person.writes(str(data["text"]), _message(person, data, "reply_to") if data.get("reply_to") else None)


def _presses(person: Account, data: Json) -> None:
    message = _message(person, data)
    row, column = int(data["row"]), int(data["column"])
    if row < 0 or column < 0:
        raise LookupError("no such button")
    person.presses_button(message, message.buttons[row][column])


def _key(person: Account, data: Json) -> None:
    if "latitude" in data:
        person.presses_key(str(data["text"]), float(data["latitude"]), float(data["longitude"]))
    else:
        person.presses_key(str(data["text"]))


def _deletes(person: Account, data: Json) -> None:
    person.deletes(_message(person, data), also_for_bot=bool(data.get("also_for_bot", True)))


def _sample(person: Account, data: Json) -> None:
    kinds: dict[str, Callable[[], Message]] = {
        "photo": person.sends_photo,
        "voice": person.sends_voice,
        "document": person.sends_document,
        "video_note": person.sends_video_note,
    }
    kinds[str(data["kind"])]()


def _restarts(person: Account, _: Json) -> None:
    person.unblocks()
    person.starts()


_ACTS: Final[dict[str, Callable[[Account, Json], object]]] = {
    "text": _writes,
    "press": _presses,
    "key": _key,
    "edit": lambda person, data: person.edits(_message(person, data), str(data["text"])),
    "delete": _deletes,
    "clear": lambda person, _: person.clears_history(),
    "block": lambda person, _: person.blocks(),
    "unblock": _restarts,
    "seen": lambda person, _: person.sees(),
    "location": lambda person, data: person.sends_location(float(data["latitude"]), float(data["longitude"])),
    "contact": lambda person, _: person.sends_contact(),
    "sticker": lambda person, data: person.sends_sticker(str(data["emoji"])[:8]),
    "forward": lambda person, data: person.forwards(_message(person, data)),
    "sample": _sample,
}
