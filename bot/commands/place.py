"""What `helpline place` does: says which places a text names, for whoever adds names to responses/places.tsv."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from responses.languages import WRITTEN
from responses.places import Place, Places


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a text: the places in question, the likeliest first, each with the name that was found."""

    found: tuple[tuple[Place, str], ...]

    @classmethod
    def of(cls, places: Places, text: str) -> Self:
        names: dict[Place, str] = {}
        for place, name in places.named(text):
            names.setdefault(place, name)
        return cls(tuple(names.items()))

    @property
    def municipality(self) -> str | None:
        """The id of the one place that is meant; None if there is none, or several: then the bot asks."""
        return self.found[0][0].id if len(self.found) == 1 else None

    @property
    def side(self) -> str | None:
        """The side on which all of them lie: serbia or kosovo."""
        sides = {place.side for place, _ in self.found}
        return sides.pop() if len(sides) == 1 else None

    def to_json(self) -> dict[str, Any]:
        candidates = [place.id for place, _ in self.found]
        return {"municipality": self.municipality, "side": self.side, "candidates": candidates}

    def in_words(self) -> str:
        if not self.found:
            return "No place."
        several = len(self.found) > 1
        count = f"{len(self.found)} candidates: the bot asks which one is meant." if several else "1 candidate."
        return "\n".join([*map(_line, self.found), count])


def _line(one: tuple[Place, str]) -> str:
    place, name = one
    names = ", ".join(f"{place.names[language]} ({language})" for language in WRITTEN)
    side = {"serbia": "Serbia", "kosovo": "Kosovo*"}[place.side]
    return f"{place.id}  {names}; {side}; found by “{name}”"
