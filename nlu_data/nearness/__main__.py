"""Which texts mean nearly the same: `python -m nlu_data.nearness EXAMPLES OTHERS LEAST TO`, in Rasa's environment.

EXAMPLES and OTHERS are JSON lists of texts of our own writing. TO gets {"among": pairs, "between": pairs}: pairs of
examples, and of an other text with an example, as [number, number, cosine] with a cosine of LEAST or more.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from nlu_data.components import library
from nlu_data.components.encoder import E5

_BLOCK = 512


def pairs(rows: np.ndarray, columns: np.ndarray, least: float, *, once: bool) -> list[tuple[int, int, float]]:
    """All pairs of a row and a column that are so near; `once`: both are the same list, each pair counts once."""
    found: list[tuple[int, int, float]] = []
    for start in range(0, len(rows), _BLOCK):
        cosines = rows[start : start + _BLOCK] @ columns.T
        for row, column in zip(*np.nonzero(cosines >= least), strict=True):
            if not once or column > start + row:
                found.append((int(start + row), int(column), round(float(cosines[row, column]), 4)))
    return found


def main(examples: str, others: str, least: str, to: str) -> int:
    encoder = E5()
    texts = [json.loads(Path(path).read_text(encoding="utf-8")) for path in (examples, others)]
    vectors = library.vectors_for_training(texts[0], encoder)
    remembered = library.Remembering(encoder, library.cache_path("evaluation"))
    tested = remembered.encode(texts[1]) if texts[1] else np.zeros((0, encoder.dimensions), dtype=np.float32)
    remembered.keep()
    # all vectors lie in one narrow cone: without its middle the rest tells them apart
    middle = vectors.mean(axis=0)
    centred, other = (_unit(rows - middle) for rows in (vectors, tested))
    found = {
        "among": pairs(centred, centred, float(least), once=True),
        "between": pairs(other, centred, float(least), once=False),
    }
    Path(to).write_text(json.dumps(found), encoding="utf-8")
    return 0


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
