"""A text as the pieces of words that the encoder knows: of all ways to cut it the likeliest one.

The usual libraries need 200 MB for these 250,000 pieces, a table needs 40.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

# The mark of a word's beginning.
_WORD = "\N{LOWER ONE EIGHTH BLOCK}"
_SPACES = re.compile(" +")
# An unknown letter is less likely than the least likely piece.
_LESS = 10.0


class Pieces:
    """`known`: all pieces in their order; `scores`: the logarithm of how likely each is; `letters`: seen as what."""

    def __init__(self, known: Sequence[str], scores: np.ndarray, letters: Mapping[int, str], unknown: int) -> None:
        self._numbers = {piece: number for number, piece in enumerate(known)}
        self._scores = scores
        self._letters = letters
        self._unknown = unknown
        self._longest = max(map(len, known))
        self._least = float(scores.min()) - _LESS

    def of(self, text: str) -> list[int]:
        """The numbers of a text's pieces, in their order."""
        seen = _WORD + _SPACES.sub(_WORD, text.translate(self._letters))
        # For each place: how likely the best way to it is, where its last piece begins, and which piece that is.
        best: list[tuple[float, int, int]] = [(0.0, 0, self._unknown)]
        for end in range(1, len(seen) + 1):
            found = (best[end - 1][0] + self._least, end - 1, self._unknown)
            for start in range(max(0, end - self._longest), end):
                number = self._numbers.get(seen[start:end])
                if number is not None and (likely := best[start][0] + float(self._scores[number])) > found[0]:
                    found = (likely, start, number)
            best.append(found)
        numbers, at = [], len(seen)
        while at > 0:
            _, at, number = best[at]
            numbers.append(number)
        return numbers[::-1]
