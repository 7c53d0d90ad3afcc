"""The training examples: the shipped files, and what admins added and took away.

A shipped file is `nlu/<language>/<group>.yml`. Changes lie over the files; written back, they touch no other line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from nlu_data.normalise import fold

FOLDER: Final = Path(__file__).parent / "nlu"
MAX_LETTERS: Final = 600
_INTENT: Final = re.compile(r"- intent: (\w+)\s*")
_LINE: Final = re.compile(r"    - (.*\S)\s*")
# Rasa reads these as marks of its own.
_MARKS: Final = re.compile(r"[\[\]{}]")

Act = Literal["add", "remove"]


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """An example is a sentence, as people write it, of which somebody said which intent it has."""

    language: str
    intent: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """An example that is added to the others, or taken away from them."""

    act: Act
    example: Example


@dataclass(frozen=True, slots=True)
class Examples:
    """All examples of all languages, in the order of the files. `groups`: the group of each intent."""

    groups: Mapping[str, str]
    languages: tuple[str, ...]
    texts: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def read(cls, folder: Path = FOLDER) -> Examples:
        """The examples of a folder of files."""
        groups: dict[str, str] = {}
        texts: dict[tuple[str, str], tuple[str, ...]] = {}
        for path in _files(folder):
            language = path.parent.name
            for intent, lines in _blocks(path.read_text(encoding="utf-8")):
                groups.setdefault(intent, path.stem)
                texts[language, intent] = texts.get((language, intent), ()) + tuple(lines)
        return cls(groups, tuple(sorted({language for language, _ in texts})), texts)

    def __iter__(self) -> Iterator[Example]:
        for (language, intent), texts in self.texts.items():
            for text in texts:
                yield Example(language, intent, text)

    def of(self, language: str, intent: str) -> tuple[str, ...]:
        """The examples of one intent in one language."""
        return self.texts.get((language, intent), ())

    def changed(self, changes: Iterable[Change]) -> Examples:
        """These examples after the changes: what is there already isn't added, what isn't there isn't missed."""
        texts = {place: dict.fromkeys(lines) for place, lines in self.texts.items()}
        for change in changes:
            lines = texts.setdefault((change.example.language, change.example.intent), {})
            if change.act == "add":
                lines.setdefault(change.example.text)
            else:
                lines.pop(change.example.text, None)
        return Examples(self.groups, self.languages, {place: tuple(lines) for place, lines in texts.items()})

    def since(self, before: Examples) -> tuple[Change, ...]:
        """The changes that make these examples of those before, sorted."""
        old, new = frozenset(before), frozenset(self)
        changes = [Change("add", one) for one in new - old] + [Change("remove", one) for one in old - new]
        return tuple(sorted(changes))

    def write(self, to: Path, source: Path = FOLDER) -> tuple[Path, ...]:
        """Writes the files of `source` with these examples to `to`; gives those whose content is another than there."""
        written = []
        for path in _files(source):
            before = path.read_text(encoding="utf-8")
            after = _rewritten(before, self._wanted(path.parent.name, path.stem))
            target = to / path.relative_to(source)
            if not target.exists() or target.read_text(encoding="utf-8") != after:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(after, encoding="utf-8")
                written.append(target)
        return tuple(written)

    def _wanted(self, language: str, group: str) -> dict[str, tuple[str, ...]]:
        return {intent: self.of(language, intent) for intent, its in self.groups.items() if its == group}


def problem(text: str) -> str | None:
    """Why a text can't be an example: "empty", "long", "marks" or "lines"; None when it can."""
    if not any(letter.isalpha() for letter in fold(text)):
        return "empty"
    if len(text) > MAX_LETTERS:
        return "long"
    if "\n" in text or "\r" in text or not text.isprintable():
        return "lines"
    return "marks" if _MARKS.search(text) else None


def tidy(text: str) -> str:
    """A text as it stands in a file: one line, no space around it, none twice."""
    return " ".join(text.split())


def digest(changes: Sequence[Change]) -> bytes:
    """The changes as bytes that are the same wherever they come from."""
    flat = [[one.act, one.example.language, one.example.intent, one.example.text] for one in sorted(changes)]
    return json.dumps(flat, ensure_ascii=True).encode()


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.yml"))


def _blocks(content: str) -> Iterator[tuple[str, list[str]]]:
    intent, lines = "", list[str]()
    for line in content.splitlines():
        if begins := _INTENT.fullmatch(line):
            if intent:
                yield intent, lines
            intent, lines = begins[1], []
        elif example := _LINE.fullmatch(line):
            lines.append(example[1])
    if intent:
        yield intent, lines


def _rewritten(content: str, wanted: Mapping[str, Sequence[str]]) -> str:
    """The file with the wanted examples of each intent: those that stay keep their place, new ones come last."""
    left = {intent: dict.fromkeys(texts) for intent, texts in wanted.items()}
    kept: list[str] = []
    intent = ""

    def add_new() -> None:
        while kept and not kept[-1].strip():
            blank.append(kept.pop())
        kept.extend(f"    - {text}" for text in left.pop(intent, {}))
        kept.extend(blank)
        blank.clear()

    blank: list[str] = []
    for line in content.splitlines():
        begins, example = _INTENT.fullmatch(line), _LINE.fullmatch(line)
        if begins:
            add_new()
            intent = begins[1]
            kept.append(line)
        elif example and intent in left:
            if example[1] in left[intent]:
                del left[intent][example[1]]
                kept.append(line)
        else:
            kept.append(line)
    add_new()
    for intent, texts in left.items():
        if texts:
            kept += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join(kept) + "\n"
