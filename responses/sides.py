"""Sides: on which one a position lies, and how far the line between them is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

Point = tuple[float, float]
_KM_PER_DEGREE = 111.2


def kilometres(one: Point, other: Point) -> float:
    """The distance of two positions (degrees) on the globe."""
    a, b = math.radians(one[0]), math.radians(other[0])
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 12742.0 * math.asin(math.sqrt(half))


@dataclass(frozen=True, slots=True, repr=False)
class Sides:
    """The line between the two sides and the outer edge of each, as points (degrees) from end to end."""

    line: tuple[Point, ...]
    edges: Mapping[str, tuple[Point, ...]]

    @classmethod
    def load(cls, path: Path) -> Self:
        parts: dict[str, list[Point]] = {}
        rows = [row for row in path.read_text(encoding="utf-8").splitlines() if not row.startswith("#")]
        for row in rows[1:]:
            part, latitude, longitude = row.split("\t")
            parts.setdefault(part, []).append((float(latitude), float(longitude)))
        return cls(tuple(parts.pop("line")), {side: tuple(points) for side, points in parts.items()})

    def side(self, position: Point) -> str | None:
        """The side on which a position lies; None abroad."""
        return next((side for side, edge in self.edges.items() if _inside(position, (*self.line, *edge))), None)

    def to_line(self, position: Point) -> float:
        """Kilometres to the line between the sides."""
        return _to_path(position, self.line)

    def to_edge(self, position: Point) -> float:
        """Kilometres to the nearest outer edge of either side."""
        return min(_to_path(position, edge) for edge in self.edges.values())


def _inside(position: Point, points: tuple[Point, ...]) -> bool:
    """Whether a ring of points surrounds a position: a ray to the east crosses it an odd number of times.

    `points` are the line followed by an edge, which starts where the line ends.
    """
    y, x = position
    inside = False
    for (y1, x1), (y2, x2) in zip(points, (*points[1:], points[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def _to_path(position: Point, points: tuple[Point, ...]) -> float:
    return min(_to_piece(position, start, end) for start, end in itertools.pairwise(points))


def _to_piece(position: Point, start: Point, end: Point) -> float:
    """Kilometres to a straight piece; over these few kilometres the globe is flat."""
    shrink = math.cos(math.radians(position[0]))
    x1, y1 = (start[1] - position[1]) * shrink, start[0] - position[0]
    x2, y2 = (end[1] - position[1]) * shrink, end[0] - position[0]
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / length))
    return _KM_PER_DEGREE * math.hypot(x1 + along * (x2 - x1), y1 + along * (y2 - y1))
