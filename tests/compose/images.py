"""What a Dockerfile says, and which files of the project get into its image."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bot.settings import ROOT

DOCKERFILES: Final = (ROOT / "bot" / "Dockerfile", ROOT / "nlu_data" / "Dockerfile")


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction of a Dockerfile; `stage` counts from 0."""

    stage: int
    name: str
    text: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.text)


def steps(dockerfile: Path) -> list[Step]:
    """Its instructions in order, comments and line ends aside."""
    whole = re.sub(r"^\s*#.*\n", "", dockerfile.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: list[Step] = []
    stage = -1
    for line in whole.replace("\\\n", " ").splitlines():
        if line.strip():
            name, _, text = line.strip().partition(" ")
            stage += name == "FROM"
            found.append(Step(stage, name, text.strip()))
    return found


def environment(dockerfile: Path) -> dict[str, str]:
    """What the finished image sets."""
    found: dict[str, str] = {}
    last = steps(dockerfile)[-1].stage
    for step in steps(dockerfile):
        if step.name == "ENV" and step.stage == last:
            found |= dict(word.split("=", 1) for word in step.words)
    return found


def sources(dockerfile: Path) -> list[str]:
    """The files and folders of the project that it copies."""
    copies = [step.words for step in steps(dockerfile) if step.name in {"COPY", "ADD"}]
    return [source for words in copies if not words[0].startswith("--from=") for source in words[:-1]]


@cache
def _rules() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    lines = (line.strip() for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines())
    return tuple(
        (line.startswith("!"), _pattern(line.removeprefix("!"))) for line in lines if line and not line.startswith("#")
    )


def _pattern(rule: str) -> re.Pattern[str]:
    """Docker's: `*` stays within a folder, `**/` is any number of folders, and what is in a folder goes with it."""
    pieces = re.split(r"(\*\*/|\*)", rule.strip("/"))
    written = {"**/": "(?:.*/)?", "*": "[^/]*"}
    return re.compile("".join(written.get(piece, re.escape(piece)) for piece in pieces) + "(?:/.*)?")


def is_ignored(path: str) -> bool:
    """Whether a path of the project stays out of every image: the last rule that fits it decides."""
    ignored = False
    for comes_in, pattern in _rules():
        if pattern.fullmatch(path):
            ignored = not comes_in
    return ignored


def context() -> list[str]:
    """All files of the project that the engine is handed."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        inside = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if not is_ignored(str(inside / name))]
        found += [str(inside / name) for name in files if not is_ignored(str(inside / name))]
    return found
