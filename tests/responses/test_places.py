"""A place is found in what people write, and not where there is none."""

from __future__ import annotations

import pytest

from responses.content import Content

PLACES = Content.load().places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("živim u Nišu", "rs-nis"),
        ("zivim u nisu", "rs-nis"),
        ("Живим у Нишу", "rs-nis"),
        ("jam nga Prizreni", "xk-prizren"),
        ("jom n Gjakov", "xk-gjakove"),
        ("u Novom Sadu sam", "rs-novi-sad"),
        ("Београд", "rs-beograd"),
        ("I live near Peja", "xk-peje"),
        ("iz Peći", "xk-peje"),
        ("prizern", "xk-prizren"),
        ("bujanovcu", "rs-bujanovac"),
        ("ne fushe kosove", "xk-fushe-kosove"),
        ("Severna Mitrovica", "xk-mitrovica-e-veriut"),
    ],
)
def test_a_place_in_any_form(text: str, expected: str) -> None:
    assert expected in [place.id for place in PLACES.find(text)]


@pytest.mark.parametrize(
    "text",
    ["ne znam", "on me bije", "he took my passport", "nuk e di", "nisam sigurna", "bor se sa mnom", "po", "da", ""],
)
def test_no_place_where_there_is_none(text: str) -> None:
    assert PLACES.find(text) == ()


def test_a_position_becomes_a_place_and_says_when_the_line_is_near() -> None:
    assert PLACES.nearest(43.32, 21.90).places[0].id == "rs-nis"
    assert not PLACES.nearest(44.80, 20.46).near_line
    assert PLACES.nearest(43.13, 20.75).near_line, "between Raška and Leposavić"
    assert PLACES.nearest(0.0, 0.0).places == ()


def test_every_place_has_a_name_in_every_language() -> None:
    place = PLACES.get("rs-nis")
    assert place is not None
    assert [place.name(one) for one in ("en", "sq", "sr-Latn", "sr-Cyrl")] == ["Niš", "Nish", "Niš", "Ниш"]
