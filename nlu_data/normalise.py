"""The one way in which a text is folded: for Rasa, for the lexicon of danger and for the place finder.

Pure, standard library only, the same file for Python 3.10 (Rasa) and 3.11+ (everything else).
"""

import re
import unicodedata


def _table(pairs: str) -> dict[str, str]:
    """Read "from to from to …"."""
    words = iter(pairs.split())
    return dict(zip(words, words, strict=True))


# Marks that nobody sees but that split words: soft hyphen, joiners, bidi controls, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e0-\u20e4"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_CYRILLIC = _table(
    "а a б b в v г g д d ђ đ е e ж ž з z и i ј j к k л l љ lj м m н n њ nj о o п p р r с s т t ћ ć у u ф f"
    " х h ц c ч č џ dž ш š"
    # The neighbours' letters, so that a Macedonian, Russian or Bulgarian word still becomes readable.
    " ѓ đ ќ ć ѕ dz ѐ e ѝ i й j щ šč ы i э e ю ju я ja ё jo і i ї ji є je ґ g ў v"
) | {"ъ": "", "ь": ""}
# Letters by which a text isn't Serbian (nor Macedonian, which reads well in Serbian Latin).
_FOREIGN = frozenset("йщъыьэюяёіїєґўЙЩЪЫЬЭЮЯЁІЇЄҐЎ")
_CYRILLIC_WORD = re.compile("[\u0400-\u052f]+")
# Letters that only look alike. A word that mixes scripts is read in the script of its other letters.
_LOOKS_LATIN = _table(
    "а a в b е e к k м m н h о o р p с c т t у y х x ј j ѕ s і i ԁ d һ h ԛ q ԝ w ё e"
    " α a β b ε e η n ι i κ k ν v ο o ρ p τ t υ y χ x γ y ω w"
)
_LOOKS_CYRILLIC = _table("a а b в c с e е h ћ i і j ј k к m м o о p р s ѕ t т x х y у H Н B В")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER_ALPHABET = re.compile("[\u0370-\u03ff\u0400-\u052f]")

# What has a meaning of its own in a helpline. All other pictures say too many things to say one.
_PICTURES = _table(
    "🆘 sos 👋 hi 👍 ok 👌 ok ✅ ok 👎 no 🚫 no 🙏 please 🔪 knife 🗡 knife 🔫 gun 🚑 ambulance"
    " 🚓 police 🚔 police 👮 police"
)
_PICTURE = re.compile("|".join(map(re.escape, _PICTURES)))

# What Unicode does not take apart by itself, and the many ways to write one mark.
_LETTERS = str.maketrans(
    _table("đ dj ð dj ɖ dj ł l ø o æ ae œ oe ß ss þ th ı i ħ h ŋ n ſ s ə e ǝ e")
    | dict.fromkeys("’‘ʼ`´ʹ′‛＇", "'")
    | dict.fromkeys("“”„«»‟", '"')
    | dict.fromkeys("–—‐‑‒―−", "-")
)
_ELLIPSIS = re.compile(r"…|\.(?:\s*\.)+")
_REPEATED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_REPEATED_MARK = re.compile(r"([^\w\s])(?:\s*\1)+")
_DIGIT_IN_WORD = re.compile(r"(?<=[^\W\d_])[013457@$]{1,2}(?=[^\W\d_])")
_DIGITS = _table("0 o 1 i 3 e 4 a 5 s 7 t @ a $ s")
# Four single letters in a row are no sentence in any of the languages: somebody hides a word ("p o m o c").
# Marks stacked on one letter, as some write for fun: a few say as much, and hundreds take long to sort.
_STACKED = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
_SPACED_WORD = re.compile(r"(?<![^\W_])(?:[^\W\d_] ){3,}[^\W\d_](?![^\W_])")


def latin(text: str) -> str:
    """Return the text with Serbian Cyrillic as Latin and look-alike letters undone; marks, capitals stay.

    Text in another Cyrillic (Russian, say) stays as it is: an encoder knows it better than our Latin.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _STACKED.sub(r"\1", text)))
    if not _OTHER_ALPHABET.search(text):
        return text
    text = _WORD.sub(_one_script, text)
    if any(letter in _FOREIGN for letter in text):
        return text
    return _CYRILLIC_WORD.sub(_transliterate, text)


def fold(text: str) -> str:
    """Return the text as everything here compares it: Latin, lower case, no diacritics, single spaces.

    Also undone are stretched words ("heeelp"), digits and look-alikes inside words ("p0moć"), spaced-out
    words and doubled punctuation. A picture becomes a word ("🆘") or a space.
    """
    text = _PICTURE.sub(lambda found: f" {_PICTURES[found.group()]} ", text)
    text = _CYRILLIC_WORD.sub(_transliterate, latin(text)).lower().translate(_LETTERS)
    text = "".join(map(_bare, unicodedata.normalize("NFKD", text)))
    text = _ELLIPSIS.sub(" ", text)
    text = _DIGIT_IN_WORD.sub(lambda found: "".join(_DIGITS[sign] for sign in found.group()), text)
    text = _SPACED_WORD.sub(lambda found: found.group().replace(" ", ""), " ".join(text.split()))
    text = _REPEATED_MARK.sub(r"\1", _REPEATED_LETTER.sub(r"\1", text))
    return " ".join(text.split())


def _one_script(found: re.Match[str]) -> str:
    word = found.group()
    other = [letter for letter in word.lower() if _OTHER_ALPHABET.match(letter)]
    ours = [letter for letter in word.lower() if not _OTHER_ALPHABET.match(letter)]
    if not other or not ours:
        return word
    # Letters that exist in one script only decide; where there are none, the more frequent script does.
    only_other = sum(letter not in _LOOKS_LATIN for letter in other)
    only_ours = sum(letter not in _LOOKS_CYRILLIC for letter in ours)
    is_other = (only_other, len(other)) > (only_ours, len(ours))
    table = _LOOKS_CYRILLIC if is_other else _LOOKS_LATIN
    return "".join(_twin(letter, table) for letter in word)


def _twin(letter: str, table: dict[str, str]) -> str:
    if letter in table:
        return table[letter]
    twin = table.get(letter.lower(), letter)
    return twin.upper() if letter.isupper() else twin


def _transliterate(found: re.Match[str]) -> str:
    word = found.group()
    shouted = len(word) > 1 and word.isupper()
    letters = []
    for letter in word:
        plain = _CYRILLIC.get(letter.lower(), letter)
        letters.append(plain.upper() if shouted else plain.capitalize() if letter.isupper() else plain)
    return "".join(letters)


def _bare(letter: str) -> str:
    """Return the letter without its mark, a space for a picture."""
    if letter.isascii():
        return letter
    kind = unicodedata.category(letter)
    if kind[0] == "M":
        return ""
    return " " if kind in {"So", "Sk", "Cs", "Co", "Cn", "Cc", "Cf"} else letter
