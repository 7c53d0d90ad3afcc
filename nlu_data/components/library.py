"""The library keeps the vectors of known sentences, so that each is encoded once.

Shipped vectors (`nlu_data/vectors/`) are small integers keyed by a hash of the text and the encoder's version; those of
later edits lie in a cache that only training writes. What a person wrote is never kept: parsing does not come here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from nlu_data.components.encoder import Encoder, as_seen

SHIPPED = Path(__file__).parents[1] / "vectors" / "shipped.npz"
# Six bits say enough (cosine 0.9995 to the whole vector) and pack better than eight.
_SCALE = 24.0
_BATCH = 64


def cache_path(name: str = "edited") -> Path:
    return Path(os.environ.get("HELPLINE_DATA_DIR", "var")) / "nlu" / "vectors" / f"{name}.npz"


def key(text: str, encoder: Encoder) -> bytes:
    """16 bytes by which a text's vector is found again."""
    return hashlib.blake2b(f"{encoder.version}\0{as_seen(text)}".encode(), digest_size=16).digest()


def read(path: Path) -> dict[bytes, np.ndarray]:
    if not path.exists():
        return {}
    with np.load(path) as stored:
        keys, vectors = stored["keys"], stored["vectors"]
    return {bytes(one): vector for one, vector in zip(keys, vectors, strict=True)}


def write(path: Path, vectors: dict[bytes, np.ndarray], form: type[np.generic] = np.int8) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = sorted(vectors)
    new = path.with_name("new-" + path.name)
    np.savez_compressed(
        new,
        keys=np.array([list(one) for one in keys], dtype=np.uint8).reshape(len(keys), 16),
        vectors=np.array([vectors[one] for one in keys], dtype=form),
    )
    new.replace(path)


def shrink(vectors: np.ndarray) -> np.ndarray:
    """As small integers: the largest component of each row becomes 24."""
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    return np.rint(vectors / np.where(largest == 0, 1, largest) * _SCALE).astype(np.int8)


def grow(vectors: np.ndarray) -> np.ndarray:
    """Back to rows of length 1."""
    rows = vectors.astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def encode_all(texts: Iterable[str], encoder: Encoder, say: bool = True) -> dict[bytes, np.ndarray]:
    """Encodes texts in small batches, saying how far it is."""
    wanted = {key(text, encoder): text for text in texts}
    keys = list(wanted)
    made: dict[bytes, np.ndarray] = {}
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        rows = shrink(encoder.encode([wanted[one] for one in batch]))
        made.update(zip(batch, rows, strict=True))
        if say and (start // _BATCH) % 10 == 0:
            print(f"encoded {len(made)} of {len(keys)} sentences", flush=True)
    return made


def vectors_for_training(texts: Sequence[str], encoder: Encoder) -> np.ndarray:
    """The vectors of training examples: shipped, cached, else encoded now and cached."""
    known = {**read(cache_path()), **read(SHIPPED)}
    missing: list[str] = [text for text in texts if key(text, encoder) not in known]
    if missing:
        made = encode_all(missing, encoder)
        write(cache_path(), {**read(cache_path()), **made})
        known.update(made)
    return grow(np.array([known[key(text, encoder)] for text in texts]))


class Remembering:
    """An encoder that keeps the whole vectors of texts of our own writing in a file, and encodes no text twice."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.version, self.dimensions = encoder.version, encoder.dimensions
        self._encoder, self._path = encoder, path
        self._known = read(path)
        self._new = False

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            if key(text, self._encoder) not in self._known:
                self._known[key(text, self._encoder)] = self._encoder.encode([text])[0]
                self._new = True
        return np.array([self._known[key(text, self._encoder)] for text in texts], dtype=np.float32)

    def keep(self) -> None:
        """Writes what is new into the file."""
        if self._new:
            write(self._path, self._known, np.float32)
