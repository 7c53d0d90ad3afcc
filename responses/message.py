"""A message, before any messenger: text, buttons as values, and the small keyboard that stays."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: the label is shown, the value (at most 64 bytes) comes back."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Message:
    """Rows of buttons belong to the message; `keyboard` replaces the keyboard that stays, None leaves it."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    keyboard: tuple[tuple[str, ...], ...] | None = None
