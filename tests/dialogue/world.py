"""The world around a dialogue in tests: how it changes by what was done and said, as bot/turn.py makes it."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import effects, events
from bot.dialogue.discretion import NONE
from bot.dialogue.effects import Effect
from bot.dialogue.surroundings import Surroundings


def before(around: Surroundings, event: events.Event) -> Surroundings:
    """What the desk did to the conversation before the dialogue hears of it."""
    match event:
        case events.Took():
            return replace(around, status="taken")
        case events.GaveBack():
            return replace(around, status="waiting")
        case events.Closed():
            return replace(around, status="bot", level="none")
        case _:
            return around


def after(around: Surroundings, done: tuple[Effect, ...]) -> Surroundings:
    """The world as the effects leave it."""
    for effect in done:
        match effect:
            case effects.SetLanguage(language):
                around = replace(around, language=language)
            case effects.SetLevel(level):
                around = replace(around, level=level)
            case effects.Pause():
                around = replace(around, paused=True)
            case effects.Resume():
                around = replace(around, paused=False)
            case effects.SetDiscretion(discretion):
                around = replace(around, discretion=discretion)
            case effects.RequestHandoff():
                around = replace(around, status="waiting")
            case effects.Forget():
                around = replace(
                    around, status="bot", language=None, level="none", paused=False, discretion=NONE, missed=False
                )
            case _:
                pass
    return around
