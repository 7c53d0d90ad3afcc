"""What a failed call to the Bot API means for the message: was it accepted, perhaps accepted, or refused?

A message has no key by which Telegram would know it again. So only what was provably not accepted is tried
again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final, Literal

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

Reason = Literal["blocked", "refused", "no such message", "not in time", "unreadable"]


class Answered(NetworkError):
    """The Bot API answered with a status that tells nothing about the message."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """Telegram provably did not take the message: it may be tried again, not before `after` if set."""

    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram said no; trying again would not help."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Telegram may have taken the message."""


Meaning = NotAccepted | Refused | Uncertain

# Nothing of the request had left: the connection was never there, or never ours.
_UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_UNSENDABLE: Final = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL)
_GONE: Final = (
    "message to delete not found",
    "message can't be deleted",
    "message identifier is not specified",
)
_TOO_OLD: Final = ("query is too old", "query id is invalid")


def meaning(failure: TelegramError) -> Meaning:
    """What a failure says about the message that was to be sent, deleted or answered."""
    match failure:
        case RetryAfter():
            return NotAccepted(_seconds(failure))
        case Forbidden():
            return Refused("blocked")
        case InvalidToken():
            return NotAccepted()  # 401 or any 404: getMe judges the token, not a message
        case BadRequest():
            return _bad_request(failure)
        case ChatMigrated() | Conflict():
            return Refused("refused")
        case Answered(status=HTTPStatus.TOO_MANY_REQUESTS):
            return NotAccepted()
        case Answered(status=status) if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refused("refused")
        case TimedOut() | NetworkError():
            return NotAccepted() if isinstance(failure.__cause__, (*_UNSENT, *_UNSENDABLE)) else Uncertain()
        case _:
            return Uncertain()


def _bad_request(failure: BadRequest) -> Refused:
    text = failure.message.lower()
    if text.startswith(_GONE):
        return Refused("no such message")
    if text.startswith(_TOO_OLD):
        return Refused("not in time")
    return Refused("blocked" if text.startswith("chat not found") else "refused")


def _seconds(failure: RetryAfter) -> timedelta:
    after = failure.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)
