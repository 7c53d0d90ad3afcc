"""The lexicon of danger: rules, in every language, that look at every message before anything else does.

The rules are data (`lexicon/<language>.yml`; how to write one is in README.md). Pure: text in, alarms out.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from nlu_data import phrase

Level = Literal["elevated", "high", "immediate"]
LEVELS: tuple[Level, ...] = get_args(Level)
FOLDER = Path(__file__).parent / "lexicon"
# Every value stays the text that it is: the stock loader would read the Serbian "on" (he) as true.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class LexiconError(ValueError):
    """A file of the lexicon can't be used."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm says which rule saw danger in a message, and how urgent that rule takes it to be.

    `rule`: language/topic/rule@version of the language's file. `intent`: one of the seven `risk_*` names.
    """

    rule: str
    intent: str
    level: Level


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule is a danger in the words of those in it, and the harmless words not to be mistaken for it.

    `guards` matter where they share a word with what was found. `yes` and `no` are the rule's own test.
    """

    alarm: Alarm
    phrases: tuple[phrase.Phrase, ...]
    guards: tuple[phrase.Phrase, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]

    def holds(self, candidate: phrase.Phrase, text: str) -> bool:
        """Whether the phrase stands somewhere in the bare text and no guard speaks against it there."""
        return any(not self._guarded(span, text) for span in candidate.spans(text))

    def _guarded(self, span: tuple[int, int], text: str) -> bool:
        start, end = span
        return any(a < end and start < b for guard in self.guards for a, b in guard.spans(text))


class Lexicon:
    """The rules of all languages, made ready to look at messages."""

    def __init__(self, rules: Sequence[Rule], version: str) -> None:
        self.rules = tuple(rules)
        self.version = version
        self._by_anchor: dict[str, list[tuple[int, phrase.Phrase]]] = defaultdict(list)
        for number, rule in enumerate(self.rules):
            for candidate in rule.phrases:
                for anchor in candidate.anchors:
                    self._by_anchor[anchor].append((number, candidate))
        self._longest = max(map(len, self._by_anchor), default=0)

    @classmethod
    def load(cls, folder: Path | None = None) -> "Lexicon":
        """Read every `<language>.yml` of the folder, the shipped one by default. Raises `LexiconError`."""
        folder = folder or FOLDER
        files = sorted(folder.glob("*.yml"))
        if not files:
            raise LexiconError(f"{folder}: no language there")
        rules: list[Rule] = []
        versions: list[str] = []
        digest = hashlib.sha256()
        for file in files:
            source = file.read_bytes()
            digest.update(source)
            try:
                content = yaml.load(source, Loader=_LOADER)  # noqa: S506  it makes nothing but text
                versions.append(f"{content['language']}{int(content['version'])}")
                rules.extend(_rules(content))
            except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
                raise LexiconError(f"{file.name}: {error}") from error
        return cls(rules, f"{'.'.join(versions)}-{digest.hexdigest()[:8]}")

    def alarms(self, text: str) -> tuple[Alarm, ...]:
        """Return every rule that sees danger in the text, the most urgent first; none is no all-clear."""
        seen = phrase.bare(text)
        found: dict[int, Alarm] = {}
        tried: set[int] = set()
        for number, candidate in self._candidates(seen):
            if number in found or id(candidate) in tried:
                continue
            tried.add(id(candidate))
            if self.rules[number].holds(candidate, seen):
                found[number] = self.rules[number].alarm
        return tuple(sorted(found.values(), key=lambda alarm: (-LEVELS.index(alarm.level), alarm.rule)))

    def _candidates(self, seen: str) -> Iterator[tuple[int, phrase.Phrase]]:
        for word in set(seen.split()):
            yield from self._by_anchor.get(f"{word} ", ())
            for end in range(1, min(len(word), self._longest) + 1):
                yield from self._by_anchor.get(word[:end], ())


def _rules(content: Mapping[str, Any]) -> Iterator[Rule]:
    language, version, groups = content["language"], content["version"], content.get("words") or {}
    for topic, section in content["topics"].items():
        intent = section["intent"]
        if not intent.startswith("risk_"):
            raise LexiconError(f"{topic}: {intent} is no risk")
        for_all = tuple(phrase.read(source, groups) for source in section.get("not") or ())
        for name, rule in section["rules"].items():
            level = rule["level"]
            if level not in LEVELS:
                raise LexiconError(f"{topic}/{name}: {level} is no level")
            own = tuple(phrase.read(source, groups) for source in rule.get("not") or ())
            yield Rule(
                Alarm(f"{language}/{topic}/{name}@{version}", intent, level),
                tuple(phrase.read(source, groups) for source in rule["phrases"]),
                for_all + own,
                tuple(rule.get("yes") or ()),
                tuple(rule.get("no") or ()),
            )
