"""Cyrillic is made from Latin; what must stay Latin stays."""

from __future__ import annotations

import pytest

from responses.script import in_language, to_cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Njegova ljubav je u džepu", "Његова љубав је у џепу"),
        ("LJUBAV, NJEGOVA, DŽEP", "ЉУБАВ, ЊЕГОВА, ЏЕП"),
        ("đak, ćerka, čaša, šuma, žena", "ђак, ћерка, чаша, шума, жена"),
        ("Injekcija i konjugacija", "Инјекција и конјугација"),
        ("nadživeti, odžaliti, podžupan", "надживети, оджалити, поджупан"),
        ("odžak, Odžaci, injunkcija, Tanjug", "оџак, Оџаци, инјункција, Танјуг"),
        ("odjednom, konj, panj", "одједном, коњ, пањ"),
        ("Atina i Beograd", "Атина и Београд"),
        ("Kosovo*", "Косово*"),
    ],
)
def test_letters(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Napiši /exit ili /forget.", "Напиши /exit или /forget."),
        ("Pozovi: {police}. {child_line}", "Позови: {police}. {child_line}"),
        ("%(name)s piše", "%(name)s пише"),
        ("Idi na https://example.org/a?b=c odmah", "Иди на https://example.org/a?b=c одмах"),
        ("Alati: StopNCII.org, takeitdown.ncmec.org", "Алати: StopNCII.org, takeitdown.ncmec.org"),
        ("Piši na pomoc@primer.rs", "Пиши на pomoc@primer.rs"),
        ("PVPT, ASTRA, StopNCII, Telegram, SOS, SMS", "PVPT, ASTRA, StopNCII, Telegram, SOS, SMS"),
        ("da/ne", "да/не"),
    ],
)
def test_what_stays_latin(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_both_scripts_come_from_one_text() -> None:
    texts = {"en": "Help", "sq": "Ndihmë", "sr": "Pomoć"}
    assert [in_language(texts, one) for one in ("en", "sq", "sr-Latn", "sr-Cyrl")] == [
        "Help",
        "Ndihmë",
        "Pomoć",
        "Помоћ",
    ]
