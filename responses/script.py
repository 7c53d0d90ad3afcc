"""Serbian in Cyrillic, made from Serbian in Latin, so that the two can never say different things."""

from __future__ import annotations

import re

import cyrtranslit

# What stays Latin: placeholders, commands, addresses, names that are brands.
_KEEP = re.compile(
    r"\{\w*\}|%\(\w+\)s|(?<!\w)/[a-z]+|https?://\S+|[\w.-]+@[\w.-]+|\b[\w-]+\.(?:org|net|com|rs|info)\b"
    r"|\b(?:Telegram|PVPT|ASTRA|WhatsApp|Viber|Facebook|Instagram|Google|iPhone|Android|SMS|SOS|PIN|GPS|Wi-Fi|English|"
    r"Shqip|Enter|Ctrl)\b"
)
# Two letters that are not one sound here; a zero-width joiner keeps them apart and goes afterwards.
_APART = re.compile(r"(?i)\b(in|kon|van|an)(j)(?=ek|ug|ekc)|(nad|pod|od)(ž)(?=iv|eg|al)")
_JOINER = "\u200d"


def to_cyrillic(text: str) -> str:
    """The same text in Serbian Cyrillic; what must stay Latin stays."""
    parts: list[str] = []
    end = 0
    for kept in _KEEP.finditer(text):
        parts += [_letters(text[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*parts, _letters(text[end:])])


def _letters(text: str) -> str:
    return str(cyrtranslit.to_cyrillic(_APART.sub(_mark, text), "sr")).replace(_JOINER, "")


def _mark(found: re.Match[str]) -> str:
    first, second = (part for part in found.groups() if part)
    return first + _JOINER + second
