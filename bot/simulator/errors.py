"""The refusals of a Bot API server, with Telegram's own texts and codes."""

from __future__ import annotations

from typing import Final

MESSAGE_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
QUERY_TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
CONFLICT: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
CONFLICT_WITH_WEBHOOK: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
ENDED_BY_WEBHOOK: Final = "Conflict: terminated by setWebhook request"
BLOCKED: Final = "bot was blocked by the user"


class Refusal(Exception):
    """Telegram refused the request."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(text: str) -> Refusal:
    """A 400; the first letter becomes small unless the text is one of Telegram's CODES_LIKE_THIS."""
    return Refusal(400, f"Bad Request: {_lowered(text)}")


def forbidden(text: str) -> Refusal:
    """A 403, with the same rule for the first letter."""
    return Refusal(403, f"Forbidden: {_lowered(text)}")


def unauthorized() -> Refusal:
    """A 401: a well-formed token of no bot."""
    return Refusal(401, "Unauthorized")


def not_found() -> Refusal:
    """A 404: the path is not of the form /bot<token>/<method>, or the token is malformed."""
    return Refusal(404, "Not Found")


def unknown_method() -> Refusal:
    """A 404: the Bot API has no such method."""
    return Refusal(404, "Not Found: method not found")


def too_large() -> Refusal:
    """A 413: more bytes than a Bot API server takes in one request."""
    return Refusal(413, "Request Entity Too Large")


def too_many(retry_after: int) -> Refusal:
    """A 429: too much at once; `retry_after` in seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def internal() -> Refusal:
    """A 500: something broke inside Telegram."""
    return Refusal(500, "Internal Server Error")


def _lowered(text: str) -> str:
    if len(text) >= 2 and (text[1] == "_" or "A" <= text[1] <= "Z"):
        return text
    return text[:1].lower() + text[1:]
