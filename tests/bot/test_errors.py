"""What a failed call says about the message: accepted, perhaps accepted, or not."""

from datetime import timedelta

import httpx
import pytest
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

from bot.telegram.errors import Answered, Meaning, NotAccepted, Refused, Uncertain, meaning


def caused(failure: TelegramError, cause: Exception) -> TelegramError:
    failure.__cause__ = cause
    return failure


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (RetryAfter(7), NotAccepted(timedelta(seconds=7))),
        (RetryAfter(timedelta(seconds=3)), NotAccepted(timedelta(seconds=3))),
        (Answered(429), NotAccepted()),
        (Forbidden("Forbidden: bot was blocked by the user"), Refused("blocked")),
        (Forbidden("Forbidden: user is deactivated"), Refused("blocked")),
        (BadRequest("Bad Request: chat not found"), Refused("blocked")),
        (BadRequest("Bad Request: message is too long"), Refused("refused")),
        (BadRequest("Bad Request: message to delete not found"), Refused("no such message")),
        (BadRequest("Bad Request: message can't be deleted for everyone"), Refused("no such message")),
        (BadRequest("Bad Request: query is too old and response timeout expired"), Refused("not in time")),
        (Conflict("Conflict: terminated by other getUpdates request"), Refused("refused")),
        (ChatMigrated(-100), Refused("refused")),
        (Answered(413), Refused("refused")),
        (Answered(302), Refused("refused")),
        (InvalidToken("Unauthorized"), NotAccepted()),
        (InvalidToken("Not Found: method not found"), NotAccepted()),
        (caused(TimedOut(), httpx.ConnectTimeout("")), NotAccepted()),
        (caused(TimedOut(), httpx.PoolTimeout("")), NotAccepted()),
        (caused(TimedOut(), httpx.ReadTimeout("")), Uncertain()),
        (caused(TimedOut(), httpx.WriteTimeout("")), Uncertain()),
        (TimedOut(), Uncertain()),
        (caused(NetworkError("httpx.ConnectError"), httpx.ConnectError("")), NotAccepted()),
        (caused(NetworkError("httpx.UnsupportedProtocol"), httpx.UnsupportedProtocol("")), NotAccepted()),
        (caused(NetworkError("httpx.ReadError"), httpx.ReadError("")), Uncertain()),
        (caused(NetworkError("httpx.WriteError"), httpx.WriteError("")), Uncertain()),
        (caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("")), Uncertain()),
        (NetworkError("Internal Server Error"), Uncertain()),
        (Answered(500), Uncertain()),
        (Answered(502), Uncertain()),
        (Answered(504), Uncertain()),
        (TelegramError("Invalid server response"), Uncertain()),
    ],
)
def test_what_a_failure_means(failure: TelegramError, expected: Meaning) -> None:
    assert meaning(failure) == expected
