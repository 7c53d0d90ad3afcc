"""The evaluation set: messages of which it was decided what they mean by somebody who never saw the training data.

A file is tab-separated with the header `lang intent kind text`. `lang`: a language that there are examples of, with its
script where it has two (en, sr-Latn, sr-Cyrl, sq). `kind`: message, idiom (harmless words of danger) or off_topic.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from nlu_data.examples import FOLDER as EXAMPLES

FOLDER: Final = Path(__file__).parent / "evaluation"
HEADER: Final = ("lang", "intent", "kind", "text")
KINDS: Final = ("message", "idiom", "off_topic")


@cache
def languages() -> frozenset[str]:
    """The languages that there are examples of."""
    return frozenset(path.name for path in EXAMPLES.iterdir() if path.is_dir())


class WrongFile(ValueError):
    """A file is no evaluation set; the words name the file, the line and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message, and the intent that it has."""

    language: str
    intent: str
    kind: str
    text: str


def read(paths: Iterable[Path] | None = None) -> tuple[Case, ...]:
    """The cases of these files, the shipped ones by default. Raises WrongFile."""
    wanted = sorted(FOLDER.glob("*.tsv")) if paths is None else paths
    return tuple(case for path in wanted for case in _read(path))


def fingerprint(cases: Sequence[Case]) -> str:
    """16 hexadecimal digits: figures compare only when they come from the same cases."""
    whole = "\n".join("\t".join((one.language, one.intent, one.kind, one.text)) for one in cases)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _read(path: Path) -> Iterable[Case]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as failure:
        raise WrongFile(f"{path}: {getattr(failure, 'strerror', None) or 'not UTF-8'}") from None
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(next(rows, ())) != HEADER:
        raise WrongFile(f"{path}: the first line must be: {' '.join(HEADER)}, with tabs between")
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        if len(row) != len(HEADER):
            raise WrongFile(f"{path}, line {number}: {len(row)} columns instead of {len(HEADER)}")
        case = Case(*row)
        if case.language.split("-")[0] not in languages() or case.kind not in KINDS or not case.text.strip():
            known = ", ".join(sorted(languages()))
            raise WrongFile(f"{path}, line {number}: lang is {known} (sr-Latn, sr-Cyrl); kind is {', '.join(KINDS)}")
        yield case
