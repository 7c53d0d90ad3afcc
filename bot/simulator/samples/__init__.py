"""Ready things to send: a picture, a voice message, a document."""

from __future__ import annotations

from importlib import resources


def photo() -> bytes:
    """A drawn picture of hills (JPEG)."""
    return resources.files(__package__).joinpath("hills.jpg").read_bytes()


def voice() -> bytes:
    """Three seconds of a synthetic voice (OGG/Opus)."""
    return resources.files(__package__).joinpath("voice.oga").read_bytes()


def document() -> bytes:
    """A short text."""
    return b"This is a sample document.\n"
