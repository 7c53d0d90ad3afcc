"""Serbian in Cyrillic, made from Serbian in Latin, so that the two can never say different things."""

from __future__ import annotations

import re
from collections.abc import Mapping

import cyrtranslit

from responses.languages import written

# What stays Latin: placeholders, commands, addresses of any kind, names that are brands.
_KEEP = re.compile(
    r"\{\w*\}|%\(\w+\)s|(?<![\w/])/[a-z_]+|https?://\S+|[\w.-]*@[\w.-]+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:org|net|com|info|eu|rs|ks)\b(?:/[\w/.-]*)?"
    r"|\b(?:Telegram|PVPT|ASTRA|StopNCII|NCII|Take It Down|WhatsApp|Viber|Signal|Messenger|Facebook|Instagram|TikTok"
    r"|Snapchat|YouTube|Google|iPhone|iOS|Android|Windows|SMS|SOS|PIN|GPS|VPN|PDF|Wi-Fi|English|Shqip|Enter|Ctrl)\b"
)
# Two letters that are two sounds here, at the seam of prefix and word: injekcija, konjugacija, nadživeti.
_APART = re.compile(
    r"(?i)\b(?:(in|kon)(j)(?=ekc|ekt|unk|ug)|(van)(j)(?=ezi)|(tan)(j)(?=ug)|(nad|pod|pred|od)(ž)(?=iv|al|nj|anr|up|vak|et))"
)
_JOINER = "\u200d"
_SHOUTED = re.compile("LJ|NJ|DŽ")  # cyrtranslit knows Lj only


def to_cyrillic(text: str) -> str:
    """The same text in Serbian Cyrillic; what must stay Latin stays."""
    parts: list[str] = []
    end = 0
    for kept in _KEEP.finditer(text):
        parts += [_letters(text[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*parts, _letters(text[end:])])


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a chosen language, from texts in the written ones."""
    text = texts[written(language)]
    return to_cyrillic(text) if language == "sr-Cyrl" else text


def _letters(text: str) -> str:
    text = _SHOUTED.sub(lambda found: found.group().capitalize(), _APART.sub(_mark, text))
    return str(cyrtranslit.to_cyrillic(text, "sr")).replace(_JOINER, "")


def _mark(found: re.Match[str]) -> str:
    first, second = (part for part in found.groups() if part)
    return first + _JOINER + second
