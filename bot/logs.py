"""The log: ids, codes and names of failures, never what somebody wrote, a key or a token."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final

import structlog

_OWN: Final = ("bot", "handoff", "responses", "nlu_data")
Event = MutableMapping[str, Any]


def configure(form: str, level: str, part: str | None = None) -> None:
    """Sets the log up for this process: one line an event on standard error, as JSON or for the eye.

    Whatever comes from a library is cut down to its template: the values that it would put in may be a token in an
    address, or a row with somebody's words.
    """
    structlog.contextvars.clear_contextvars()
    if part is not None:
        structlog.contextvars.bind_contextvars(part=part)
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_traceback,
    ]
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_template_only)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    sys.excepthook = _unforeseen
    logging.raiseExceptions = False  # whoever read our log may be gone: that is no reason to end
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in _OWN:
        logging.getLogger(name).setLevel(level.upper())
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _unforeseen(kind: type[BaseException], failure: BaseException, trace: TracebackType | None) -> None:
    """The end of a process by a failure that nobody caught: its class and where it was raised."""
    if issubclass(kind, KeyboardInterrupt):
        return
    where = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-4:]]
    structlog.get_logger("bot").critical("ended", failure=kind.__name__, where=where)


def _template_only(record: logging.LogRecord) -> bool:
    """Takes from a library's record what could be content: its arguments, and all but the first line."""
    if record.name.partition(".")[0] not in _OWN:
        text = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        record.msg, record.args = text.partition("\n")[0], None
    return True


def _without_traceback(_: Any, __: str, event: Event) -> Event:
    """The class of a failure says enough; its words may be somebody's."""
    failure = event.pop("exc_info", None)
    if isinstance(failure, tuple) and failure[0] is not None:
        event["failure"] = failure[0].__name__
    elif isinstance(failure, BaseException):
        event["failure"] = type(failure).__name__
    elif failure is True and sys.exc_info()[0] is not None:
        event["failure"] = type(sys.exc_info()[1]).__name__
    event.pop("stack_info", None)
    return event
