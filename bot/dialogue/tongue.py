"""Which language a first message is answered in, and which one a later message seems to be in. Only a guess."""

from __future__ import annotations

import re
from typing import Final

from bot.dialogue import words
from bot.dialogue.draft import FALLBACK_LANGUAGE
from bot.dialogue.events import Heard
from responses.languages import LANGUAGES

# Small words that belong to one of the languages only, folded. Words that two of them share are left out.
_SMALL_WORDS: Final = {
    "en": frozenset(
        "the is are my and you what how can where have want not with for this that he she they does do am was "
        "it's i'm im help please hello hi need who when why if of but your".split()
    ),
    "sq": frozenset(
        "une jam eshte nuk dhe cfare qe nje kam ka mund dua duhet burri ku kur pse kush por mua ty ai ajo ata "
        "jane ndihme ndihmo ndihmoni pershendetje tung flas shqip te prej keni tek nga nese shume ketu tani".split()
    ),
    "sr-Latn": frozenset(
        "sam je nisam nije se gde sta kako mogu hocu treba moj moja zdravo pomoc pomozite pomozi molim zasto "
        "kad kada ko ali ona oni su smo nema imam ja od kod ovde sada zelim necu iz muz".split()
    ),
}
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_LATIN: Final = re.compile("[a-zA-Z]")
_OF_LEXICON: Final = {"en": "en", "sq": "sq", "sr": "sr-Latn"}


def first(text: str, heard: Heard, hint: str | None) -> str:
    """The language for somebody who has not chosen one.

    The hint of the app decides, unless it  Without one: the text, the lexicon's rule, English.
    """
    seems = guess(text, heard)
    if hint in LANGUAGES and seems is not None:
        weak = hint == FALLBACK_LANGUAGE or (hint, seems) == ("sr-Latn", "sr-Cyrl")
        return seems if weak else hint
    return hint if hint in LANGUAGES else seems or FALLBACK_LANGUAGE


def guess(text: str, heard: Heard) -> str | None:
    """The language that a text is most likely in; None if it doesn't say."""
    cyrillic = len(_CYRILLIC.findall(text))
    if cyrillic > len(_LATIN.findall(text)):
        return "sr-Cyrl"
    said = words.bare(text).split()
    found = {language: sum(word in small for word in said) for language, small in _SMALL_WORDS.items()}
    for alarm in heard.alarms:
        language = _OF_LEXICON.get(alarm.rule.partition("/")[0])
        if language is not None:
            found[language] += 1
    best, second = sorted(found, key=lambda language: -found[language])[:2]
    enough = 2 if len(said) > 2 else 1
    return best if found[best] >= enough and found[best] > found[second] else None
