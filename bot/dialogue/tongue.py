"""Which language a first message is answered in, and which one a later message seems to be in. Only a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.dialogue import words
from bot.dialogue.draft import FALLBACK_LANGUAGE
from bot.dialogue.events import Heard
from responses.languages import Language

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


def first(text: str, heard: Heard, hint: str | None, offered: Iterable[Language]) -> str:
    """The language, one of those offered, for somebody who has not chosen one.

    The hint of the app decides, unless it is English, which many an app speaks whatever its owner does.
    Without one: the text, the lexicon's rule, English.
    """
    offered = tuple(offered)
    seems = guess(text, heard, offered)
    if hint not in {one.code for one in offered}:
        hint = None
    if hint is not None and seems is not None:
        weak = hint == FALLBACK_LANGUAGE or (hint, seems) == ("sr-Latn", "sr-Cyrl")
        return seems if weak else hint
    return hint or seems or FALLBACK_LANGUAGE


def guess(text: str, heard: Heard, offered: Iterable[Language]) -> str | None:
    """The language, one of those offered, that a text is most likely in; None if it doesn't say."""
    further = tuple(one for one in offered if one.core)
    latin = len(_LATIN.findall(text))
    by_letters = next((one.code for one in further if _is_all(one.letters, text) > latin), None)
    if by_letters is not None:
        return by_letters
    cyrillic = len(_CYRILLIC.findall(text))
    if cyrillic > latin:
        return "sr-Cyrl"
    said = words.bare(text).split()
    small_words = _SMALL_WORDS | {one.code: one.words for one in further}
    found = {language: sum(word in small for word in said) for language, small in small_words.items()}
    for alarm in heard.alarms:
        language = _OF_LEXICON.get(alarm.rule.partition("/")[0])
        if language is not None:
            found[language] += 1
    best, second = sorted(found, key=lambda language: -found[language])[:2]
    enough = 2 if len(said) > 2 else 1
    return best if found[best] >= enough and found[best] > found[second] else None


def _is_all(letters: str, text: str) -> int:
    """How many of a language's own letters a text has; 0 where it has others beside them that are not Latin."""
    if not letters:
        return 0
    own = re.findall(f"[{letters}]", text)
    others = [each for each in text if each.isalpha() and not _LATIN.match(each)]
    return len(own) if len(own) >= len(others) else 0
