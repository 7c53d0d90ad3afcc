"""Languages of core texts: hidden until somebody has read them, whole in what they must say, in reading order."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import responses
from handoff.console import pages
from responses import checks, languages
from responses.content import Content
from responses.direction import END, LEFT_TO_RIGHT, isolated
from responses.languages import KNOWN, LANGUAGES

SHIPPED = Path(str(responses.__file__)).parent
CONTENT = Content.load(unreviewed=True)
CORE = [code for code, one in KNOWN.items() if one.core]
SIDES = (None, "serbia", "kosovo", "abroad")
_ISOLATES = re.compile(f"[{LEFT_TO_RIGHT}{END}]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the texts, to be changed."""
    copied = tmp_path / "responses"
    shutil.copytree(SHIPPED, copied, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copied


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_turkish_and_arabic_are_there_and_nobody_is_offered_them_before_they_are_read() -> None:
    assert CORE == ["tr", "ar"]
    assert all(not KNOWN[one].reviewed for one in CORE)
    assert Content.load().offered == LANGUAGES
    assert CONTENT.offered == (*LANGUAGES, "tr", "ar")


@pytest.mark.parametrize("language", CORE)
def test_the_catalogue_says_that_no_native_speaker_has_read_it(language: str) -> None:
    path = SHIPPED / "locale" / KNOWN[language].folder / "LC_MESSAGES" / "bot.po"
    assert "Not yet reviewed by a native speaker" in path.read_text(encoding="utf-8")[:700]


def test_a_language_that_was_read_is_offered_to_everybody(folder: Path) -> None:
    change(folder / "languages.yml", "reviewed: []", 'reviewed: ["a Turkish interpreter, 2027-01-31"]')
    assert Content.load(folder).offered == (*LANGUAGES, "tr")


def test_texts_that_are_neither_whole_nor_core_are_refused(folder: Path) -> None:
    change(folder / "languages.yml", "texts: core", "texts: half")
    with pytest.raises(ValueError, match="tr has texts that are neither"):
        Content.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('msgid "risk.nobody"', 'msgid "risk.somebody"', "bot.po/ar: risk.nobody is missing"),
        ('msgid "organisation.pvpt"', 'msgid "organisation.x"', "bot.po/ar: organisation.pvpt is missing"),
        ('msgid "resource.police"', 'msgid "resource.x"', "bot.po/ar: resource.police is missing"),
        ("{starts}", "{begins}", "bot.po/ar/waiting.closed: other placeholders than in English"),
        ("كوسوفو*", "كوسوفو", "without its asterisk"),
        ("/exit", f"{LEFT_TO_RIGHT}/exit{END}", "a direction mark"),
        ("لست في خطر", "لست في خطر " * 4, "at most 30"),
    ],
)
def test_what_is_wrong_in_a_further_language_is_found(folder: Path, old: str, new: str, found: str) -> None:
    change(folder / "locale" / "ar" / "LC_MESSAGES" / "bot.po", old, new)
    problems = [problem for problem in checks.problems(Content.load(folder)) if "/ar" in problem]
    assert any(found in problem for problem in problems), problems


@pytest.mark.parametrize("language", CORE)
@pytest.mark.parametrize("side", SIDES)
def test_the_numbers_are_the_same_as_in_english_and_their_names_are_not_english(
    language: str, side: str | None
) -> None:
    for said in (CONTENT.emergency, CONTENT.lines):
        here, english = _ISOLATES.sub("", said(language, side)), said("en", side)
        assert re.findall(r"\+?\d[\d ]*\d", here) == re.findall(r"\+?\d[\d ]*\d", english)
        assert not {line for line in here.splitlines() if re.search("[a-zA-Z]{4}", line)} & set(english.splitlines())


@pytest.mark.parametrize("language", CORE)
def test_an_answer_that_is_not_there_is_not_english_and_leads_to_a_person(language: str) -> None:
    for intent in sorted(CONTENT.intents):
        message = CONTENT.answer(intent, language, "serbia")
        assert message.text == CONTENT.text("further.answer", language)
        assert "do:counsellor" in [button.value for row in message.buttons for button in row]
        assert not CONTENT.has_answer(intent, language)
        assert CONTENT.has_answer(intent, "en")


def test_a_text_that_is_missing_is_english_and_says_so() -> None:
    assert "screening.intro" not in CONTENT.texts["tr"]
    said = CONTENT.text("screening.intro", "tr")
    assert said == f"{CONTENT.texts['tr']['further.english']}\n{CONTENT.text('screening.intro', 'en')}"


def test_what_runs_from_left_to_right_is_kept_together() -> None:
    text = "الشرطة +381 61 63 84 071 ثم 192 / 194، /exit أو PVPT. (ASTRA SOS) 18:00–21:00"
    apart = isolated(text)
    assert re.findall(f"{LEFT_TO_RIGHT}([^{END}]*){END}", apart) == [
        "+381 61 63 84 071",
        "192 / 194",
        "/exit",
        "PVPT",
        "ASTRA SOS",
        "18:00–21:00",
    ]
    assert _ISOLATES.sub("", apart) == text
    assert isolated(apart) == apart


@pytest.mark.parametrize("key", sorted(CONTENT.texts["ar"]))
def test_no_number_and_no_latin_letter_of_an_arabic_text_stands_outside_an_isolate(key: str) -> None:
    values = dict.fromkeys(re.findall(r"\{(\w+)\}", CONTENT.texts["ar"][key]), "+381 11 785 0000")
    said = CONTENT.text(key, "ar", **values)
    assert len(said) <= 600
    assert not re.search("[A-Za-z0-9]", re.sub(f"{LEFT_TO_RIGHT}[^{END}]*{END}", "", said))
    assert said.count(LEFT_TO_RIGHT) == said.count(END)


def test_a_counsellor_reads_in_their_own_language_which_language_it_is() -> None:
    assert pages.persons_languages(CONTENT, "sr-Latn") == {
        "en": "English",
        "sq": "Shqip",
        "sr-Latn": "Srpski",
        "sr-Cyrl": "Српски",
        "tr": "turski (Türkçe)",
        "ar": "arapski (العربية)",
    }


def test_a_language_that_babel_does_not_know_has_english_days_and_its_own_name() -> None:
    one = languages.Language("qqq", "Ours", "qqq", core=True)
    assert (one.locale, one.named_in("sq")) == ("en", "Ours")
    assert KNOWN["sr-Cyrl"].locale == "sr_Cyrl"
