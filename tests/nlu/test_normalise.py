"""A text is folded in one way, whichever script, keyboard or mood it was written in."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu_data import model
from nlu_data.components import gheg
from nlu_data.normalise import fold, latin

LETTERS = "abcčćdđefghijklmnopqrsštuvwxyzžëç абвгдђежзијклљмнњопрстћуфхцчџш ABČĆĐËÇ АБЉЊЏ 0123456789 .,!?'’-\"@$"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Помозите ми, молим вас", "pomozite mi, molim vas"),
        ("ПОМОЋ", "pomoć"),
        ("Љубав, њива, џеп, ђак", "ljubav, njiva, džep, djak"),
        ("Gruaja është në shtëpi", "gruaja eshte ne shtepi"),
        ("Unë s’kam ku të shkoj", "une s'kam ku te shkoj"),
        ("žurno čekam ćerku", "zurno cekam cerku"),
        ("đubre", "djubre"),
        ("heeeeelp!!!!", "help!"),
        ("  help \n\t me ", "help me"),
        ("p0m0ć", "pomoć"),
        ("p o m o c", "pomoc"),
        ("straße", "strasse"),
    ],
)
def test_ways_to_write_one_thing(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("mixed", "plain"),
    [
        ("p\u043em\u043ec", "pomoc"),
        ("\u0440assport", "passport"),
        ("\u0455htëpi", "shtepi"),
        ("пoмoћ", "pomoc"),
        ("he\u00adlp", "help"),
        ("he\u200blp", "help"),
        ("\u202ehelp", "help"),
    ],
)
def test_letters_that_look_alike_and_marks_that_nobody_sees(mixed: str, plain: str) -> None:
    assert fold(mixed) == plain


@pytest.mark.parametrize(
    ("picture", "word"), [("🆘", "sos"), ("👍🏽", "ok"), ("🔪", "knife"), ("help 😀 me", "help me"), ("😀", "")]
)
def test_pictures_become_a_word_or_nothing(picture: str, word: str) -> None:
    assert fold(picture) == word


@pytest.mark.parametrize("number", ["192", "0800 11112", "+381 61 63 84 071", "16 years", "112"])
def test_numbers_stay_numbers(number: str) -> None:
    assert fold(number) == number


def test_the_encoder_keeps_marks_and_capitals() -> None:
    assert latin("Ђорђе, жена ЏЕП") == "Đorđe, žena DŽEP"
    assert latin("Është në shtëpi") == "Është në shtëpi"


def test_russian_is_left_to_the_encoder_but_readable_for_the_lexicon() -> None:
    assert latin("помогите, я тут") == "помогите, я тут"
    assert fold("помогите, я тут") == "pomogite, ja tut"


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("burri m'rreh e s'muj me dal", "burri më rreh e nuk mund me dal"),
        ("jom n'shpi, s’kom pare", "jam në shtëpi, nuk kam para"),
        ("qysh me shku", "si me shkuar"),
    ],
)
def test_gheg_becomes_standard_albanian(written: str, standard: str) -> None:
    assert gheg.standard(written) == standard


@pytest.mark.parametrize(
    "text",
    [
        "he took me to the bon jovi concert",
        "vec mi je rekao, ne smem kuci",
        "that's my ma",
        "ne te pare, boj se",
        "it's 5 per day",
    ],
)
def test_other_languages_are_left_alone(text: str) -> None:
    assert gheg.standard(text) == text


@given(st.text(alphabet=LETTERS, max_size=60))
def test_what_was_folded_stays_so(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_any_text_can_be_folded(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert not any("\u0400" <= letter <= "\u045f" for letter in folded)


@pytest.mark.rasa
def test_both_pythons_fold_alike() -> None:
    texts = ["Помоћ!!! 🆘", "Unë s’kam p0moć", "p o m o c \u0440assport", "½ ﬁn İstanbul straße 👍🏽", "я тут"]
    code = f"from nlu_data.normalise import fold; print(ascii([fold(one) for one in {texts!r}]))"
    said = {
        subprocess.run([python, "-c", code], cwd=model.ROOT, capture_output=True, encoding="utf-8", check=True).stdout
        for python in (sys.executable, str(model.PYTHON))
    }
    assert said == {ascii([fold(one) for one in texts]) + "\n"}
