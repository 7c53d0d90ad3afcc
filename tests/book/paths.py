"""The paths of the book, as docs/conversations/paths.yml tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, Final

from responses import source

FOLDER: Final = File(__file__).parents[2] / "docs" / "conversations"
LANGUAGES: Final = ("en", "sq", "sr-Latn", "sr-Cyrl")
_WRITTEN: Final = frozenset(("en", "sq", "sr"))
VERBS: Final = frozenset(
    (
        *("command", "writes", "edits", "presses", "presses_old", "answers", "sends", "shares", "counsellor"),
        *("time_passes", "promise_missed", "duty", "keyboard"),
    )
)


class WrongPath(ValueError):
    """A path of the book can't be read or played."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: who does what.

    `means`: what a text is understood as, None where the NLU is down. `rush`: one too many in a
    short time, first or more.
    """

    verb: str
    value: Any
    means: tuple[tuple[str, float], ...] | None = ()
    rush: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the helpline. `duty`: each organisation's, awake, asleep or unknown; `about`: what to look at."""

    id: str
    chapter: str
    title: str
    about: str
    duty: Mapping[str, str]
    steps: tuple[Step, ...]


def load(file: File | None = None) -> tuple[Path, ...]:
    """All paths in the order of the file; WrongPath for a step that says nothing we know."""
    read: Mapping[str, Mapping[str, Any]] = source.read(file or FOLDER / "paths.yml")
    return tuple(_path(id_, chapter, one) for chapter, paths in read.items() for id_, one in paths.items())


def _path(id_: str, chapter: str, read: Mapping[str, Any]) -> Path:
    steps = tuple(_step(id_, one) for one in read["steps"])
    duty = read.get("duty", {"atina": "awake", "pvpt": "awake"})
    return Path(id_, chapter, read["title"], " ".join(read["about"].split()), duty, steps)


def _step(path: str, read: Mapping[str, Any]) -> Step:
    verbs = [verb for verb in read if verb in VERBS]
    if len(verbs) != 1 or set(read) - VERBS - {"means", "rush"}:
        raise WrongPath(f"{path}: {dict(read)} is no step")
    verb = verbs[0]
    value = read[verb]
    if verb in {"writes", "edits"} and (not isinstance(value, Mapping) or set(value) != _WRITTEN):
        raise WrongPath(f"{path}: a text is needed in each of {', '.join(sorted(_WRITTEN))}: {value}")
    return Step(verb, value, _means(read.get("means", {})), str(read.get("rush", "")))


def _means(read: Mapping[str, float] | str) -> tuple[tuple[str, float], ...] | None:
    if isinstance(read, str):
        return None
    return tuple(sorted(((intent, float(one)) for intent, one in read.items()), key=lambda one: -one[1]))
