"""Which organisation answers whom, and why."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

OF_SIDE = {"serbia": "atina", "kosovo": "pvpt"}
OF_LANGUAGE = {"sq": "pvpt", "sr-Latn": "atina", "sr-Cyrl": "atina"}


@dataclass(frozen=True, slots=True)
class Route:
    """The organisation a person is offered, and the key of the text that says why."""

    organisation: str
    reason: str


def route(*, wish: str | None, side: str | None, language: str, on_duty: Set[str], routable: Set[str]) -> Route | None:
    """The person's own choice first, then where they are, then their language, then who is on duty.

    Only organisations that somebody can read for are routable; None when there is none. It never sends anybody
    across the line because the nearer organisation is asleep: that is offered and asked, not decided here.
    """
    if wish is not None and wish in routable:
        return Route(wish, "routing.wish")
    by_side = OF_SIDE.get(side or "")
    if by_side is not None and by_side in routable:
        return Route(by_side, "routing.side")
    by_language = OF_LANGUAGE.get(language)
    if by_language is not None and by_language in routable:
        return Route(by_language, "routing.language")
    awake = sorted(on_duty & routable)
    if awake:
        return Route(awake[0], "routing.on_duty")
    if routable:
        return Route(min(routable), "routing.only")
    return None
