"""What the tests of the command line share."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Commands set the log of their process up; here that is the tests' own."""
    root = logging.getLogger()
    handlers, level, hook, raising = root.handlers[:], root.level, sys.excepthook, logging.raiseExceptions
    yield
    root.handlers, sys.excepthook, logging.raiseExceptions = handlers, hook, raising
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
