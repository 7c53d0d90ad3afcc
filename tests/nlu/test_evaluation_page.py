"""The page of an evaluation: all that an editor works from, for every eye and every screen, without a network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page

from nlu_data import evaluation_page, judgement
from nlu_data.evaluate import Evaluation, Heard
from nlu_data.evaluation import Case
from nlu_data.examples import Examples
from nlu_data.lexicon import Alarm
from tests.console.conftest import browser  # noqa: F401 - a fixture

MIXED = "thanks:talk risk_self_harm:risk out_of_scope:talk partner_violence:violence risk_danger_now:risk"
GROUPS = dict(one.split(":") for one in MIXED.split())
RULE = Alarm("en/self-harm/kill-myself@3", "risk_self_harm", "immediate")
HOSTILE = "</q><script>alert('x')</script> & \"so on\""
ELEVATED, HIGH = judgement.ELEVATED_FROM, judgement.HIGH_FROM
BETWEEN = (ELEVATED + HIGH) / 2
HEARD = judgement.NO_DANGER_BELOW  # so much danger, and the rule is believed


def heard(language: str, intent: str, kind: str, text: str, *alarms: Alarm, took: float = 20.0, **sure: float) -> Heard:
    ranking = tuple(sorted(sure.items(), key=lambda guess: -guess[1]))
    return Heard(Case(language, intent, kind, text), ranking, alarms, took)


MESSAGES = (
    heard("en", "risk_self_harm", "message", "pills are counted", risk_self_harm=HIGH + 0.1, thanks=0.2),
    heard("en", "risk_self_harm", "message", "goodbye world", RULE, thanks=0.55, risk_self_harm=HEARD),
    heard("en", "risk_self_harm", "message", HOSTILE, thanks=0.61, risk_self_harm=ELEVATED - 0.05),
    heard("en", "risk_danger_now", "message", "he is on the stairs", thanks=0.5, risk_danger_now=ELEVATED - 0.01),
    heard("en", "risk_self_harm", "message", "the tall bridge", risk_self_harm=BETWEEN, thanks=0.1),
    heard("en", "thanks", "message", "cheers", thanks=0.95),
    heard("en", "thanks", "message", "saved my life", risk_self_harm=BETWEEN, thanks=0.1),
    heard("en", "out_of_scope", "idiom", "died laughing", risk_self_harm=ELEVATED + 0.01, out_of_scope=0.2),
    heard("en", "out_of_scope", "idiom", "killing myself at work", RULE, out_of_scope=0.8, risk_self_harm=HEARD),
    heard("en", "out_of_scope", "idiom", "dead tired", risk_self_harm=HIGH + 0.05),
    heard("en", "out_of_scope", "off_topic", "rain again", out_of_scope=0.9),
    heard("sq", "risk_danger_now", "message", "osht te dera", risk_danger_now=0.9),
    heard("sq", "partner_violence", "message", "prape ma bani", partner_violence=0.7, took=95.0),
    heard("sq", "out_of_scope", "off_topic", "a ka shi neser", out_of_scope=0.8),
)
# The same messages; the default pipeline sees one danger less and takes one idiom less for danger.
OTHERWISE = {"pills are counted", "dead tired", "prape ma bani"}
OURS = Evaluation(MESSAGES, GROUPS)
DEFAULT = Evaluation(
    tuple(Heard(one.case, (("thanks", 0.5),), (), 9.0) if one.case.text in OTHERWISE else one for one in MESSAGES),
    GROUPS,
)


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def all_words(element: Element, path: str) -> list[str]:
    return [words(one) for one in element.findall(path)]


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def seen(recall: float, alarms: float) -> str:
    return f"{percent(recall)} of danger seen, {percent(alarms)} alarms"


def shown(ours: Evaluation, default: Evaluation | None = None) -> Element:
    return ElementTree.fromstring(evaluation_page.page(ours, default, "a set.tsv"))  # noqa: S314 - our own page


def rows(page: Element, table: str) -> dict[str, list[list[str]]]:
    """The cells of the rows of a table, by the words before them; some words stand in several of its parts."""
    found: dict[str, list[list[str]]] = {}
    for row in page.findall(f".//table[@id='{table}']/tbody/tr"):
        head = row.find("th")
        assert head is not None
        found.setdefault(words(head), []).append(all_words(row, "td"))
    return found


@pytest.fixture(scope="module")
def page() -> Element:
    return shown(OURS, DEFAULT)


def test_both_stand_beside_the_targets(page: Element) -> None:
    figures = rows(page, "by-language")
    headings = page.findall(".//table[@id='by-language']/thead/tr/th")
    assert [words(one) for one in headings[2:]] == ["English", "Albanian", *2 * ["ours", "default"]]
    together, rules, nlu = figures["Danger seen: elevated or more"]
    missed_but_ahead = "60.0 % ✗ target not reached ▲ ahead of the default"
    reached_and_level = "100.0 % ✓ target reached = level with the default"
    assert together == ["≥ 97 %", missed_but_ahead, "40.0 %", reached_and_level, "100.0 %"]
    assert rules == ["", "20.0 %", "20.0 %", "0.0 %", "0.0 %"]
    assert nlu == ["", "40.0 %", "20.0 %", "100.0 %", "100.0 %"]
    idioms = figures["Alarms about idioms: high or more"][0]
    assert idioms == ["≤ 4 %", "66.7 % ✗ target not reached ▼ behind the default", "33.3 %", "–", "–"]
    assert figures["Alarms about talk: elevated or more"][0][1].startswith("50.0 % ✗")
    assert figures["First guess right"][0][::2] == ["≥ 80 %; sq ≥ 75 %", "28.6 %", "50.0 %"]
    assert figures["Messages (dangers among them)"] == [["", "7 (5)", "2 (1)"]]
    assert figures["Idioms, off-topic messages, talk"] == [["", "3, 1, 2", "0, 1, 0"]]


def test_every_figure_of_the_evaluation_is_there(page: Element) -> None:
    figures, shares = OURS.to_json(), list[float]()
    for part in (figures, figures["lexicon_only"], figures["nlu_only"]):
        shares += [part["risk_recall"]["en"], part["risk_recall_high"]["en"]]
        shares += [level["en"] for kind in part["alarms"].values() for level in kind.values()]
    shares += [figures[name]["en"] for name in ("top1", "top3", "macro_f1")]
    there = [cells[1] for some in rows(page, "by-language").values() for cells in some if len(cells) == 5]
    assert sorted(one.split(" %")[0] + " %" for one in there) == sorted(map(percent, shares))


def test_the_figures_of_all_languages(page: Element) -> None:
    figures, its = OURS.to_json(), DEFAULT.to_json()
    together = {name: cells[0] for name, cells in rows(page, "together").items()}
    assert together["95 of 100 answers take at most"] == ["< 80 ms", "95.0 ms ✗ target not reached", "20.0 ms"]
    assert together["Half of the answers take at most"] == ["", "20.0 ms", "20.0 ms"]
    both = [percent(one["calibration_error"]) for one in (figures, its)]
    assert together["Calibration error"] == ["", *both]
    asked, right = (cells for name, cells in together.items() if "Did you mean" in name or "among the three" in name)
    assert asked == ["", *(percent(one["did_you_mean"]["share"]) for one in (figures, its))]
    assert right == ["", *(percent(one["did_you_mean"]["right_among_three"]) for one in (figures, its))]


def test_what_is_short_of_the_targets_is_said_first(page: Element) -> None:
    short = page.find(".//section[@class='lead']")
    assert short is not None
    cells = [cell for some in rows(page, "by-language").values() for row in some for cell in row]
    judged, reached = sum("target" in cell for cell in cells), sum("✓" in cell for cell in cells)
    ahead, level, behind = (sum(sign in cell for cell in cells) for sign in "▲=▼")
    assert judged == 16
    said = all_words(short, "p")
    assert said[0] == f"{reached} of {judged} targets reached. Not reached:"
    assert said[1].startswith(f"Ahead of Rasa’s default pipeline in {ahead} of {judged} figures, level in {level}, ")
    assert said[1].endswith(f"behind in {behind}:")
    assert "Danger seen: elevated or more (≥ 97 %): English 60.0 %" in all_words(short, "ul[@id='short']/li")
    assert all_words(short, "ul[@id='behind']/li") == [
        "Alarms about idioms: elevated or more: English 100.0 %, the default 66.7 %",
        "Alarms about idioms: high or more: English 66.7 %, the default 33.3 %",
    ]


@pytest.mark.parametrize(
    ("where", "language", "ours", "default", "expected"),
    [
        (("risk_recall",), "en", 0.97, 0.9, ("97.0 %", "reached", "ahead")),
        (("risk_recall",), "en", 0.9697, 0.9697, ("96.97 %", "missed", "level")),
        (("risk_recall",), "sq", 0.97, 0.98, ("97.0 %", "reached", "behind")),
        (("alarms", "off_topic", "high"), "en", 0.01, 0.02, ("1.0 %", "reached", "ahead")),
        (("alarms", "off_topic", "high"), "en", 0.0103, 0.0, ("1.03 %", "missed", "behind")),
        (("top1",), "en", 0.78, None, ("78.0 %", "missed", "")),
        (("top1",), "sq", 0.78, None, ("78.0 %", "reached", "")),
        (("macro_f1",), "sq", 0.1, 0.9, ("10.0 %", "", "")),
        (("top1",), "tr", None, 0.5, ("–", "", "")),
    ],
)
def test_a_figure_is_judged_as_it_is_and_not_as_it_is_rounded(
    where: tuple[str, ...], language: str, ours: float | None, default: float | None, expected: tuple[str, str, str]
) -> None:
    given = [{language: share} if share is not None else {} for share in (ours, default)]
    cell = evaluation_page.cell(where, language, given[0], given[1])
    assert (cell.ours, cell.target, cell.against) == expected


def test_without_the_default_the_page_says_how_to_get_it() -> None:
    page = shown(OURS)
    (hint,) = all_words(page, ".//p[@id='no-default']")
    assert "helpline nlu evaluate FILE --default --html PAGE" in hint
    assert rows(page, "by-language")["Danger seen: elevated or more"][0] == [
        "≥ 97 %",
        "60.0 % ✗ target not reached",
        "100.0 % ✓ target reached",
    ]
    assert [words(one).split(":")[0] for one in page.findall(".//figcaption")][:1] == ["Ours"]
    assert "Rasa’s default pipeline: error" not in words(page)


def squares(heat: Element) -> dict[str, str]:
    """What a square says when pointed at, and its number."""
    return {
        words(one): words(text) for one, text in zip(heat.findall(".//g/title"), heat.findall(".//g/text"), strict=True)
    }


def test_the_matrix_has_a_square_for_each_pair_in_the_order_of_the_groups(page: Element) -> None:
    every, english, albanian = page.findall(".//div[@class='scroll heat']")
    ordered = ["thanks", "out_of_scope", "risk_self_harm", "risk_danger_now", "partner_violence"]
    for heat in (every, english, albanian):
        names, grid = heat.findall("svg")
        assert [words(one) for one in names.findall("text") if one.get("class") is None] == ordered
        assert all_words(grid, "text") == ordered
    assert squares(every) == {
        "thanks → thanks: 1 of 2 messages": "1",
        "thanks → risk_self_harm: 1 of 2 messages": "1",
        "risk_self_harm → thanks: 2 of 4 messages": "2",
        "risk_self_harm → risk_self_harm: 2 of 4 messages": "2",
        "risk_danger_now → thanks: 1 of 2 messages": "1",
        "risk_danger_now → risk_danger_now: 1 of 2 messages": "1",
        "partner_violence → partner_violence: 1 of 1 message": "1",
    }
    assert "risk_danger_now → thanks: 1 of 1 message" in squares(english)
    assert set(squares(albanian)) == {f"{one} → {one}: 1 of 1 message" for one in ordered[3:]}
    assert [words(one) for one in page.findall(".//section/details/summary")][:2] == ["English", "Albanian"]
    right, wrong = every.findall(".//g[@class='right']/rect"), every.findall(".//g[@class='wrong']/rect")
    for one in right:
        assert int(one.get("x", "")) == int(one.get("y", "")) - 160
    assert all(int(one.get("x", "")) != int(one.get("y", "")) - 160 for one in wrong)
    assert (len(right), len(wrong)) == (4, 3)


def test_the_worst_confusions_have_an_example(page: Element) -> None:
    every, english = page.findall(".//ol[@class='worst']")  # nothing was confused in Albanian
    assert len(every) == len(english) == len(OURS.confusions())
    assert words(every[0]) == "2 × risk_self_harm taken for thanks, for example goodbye world"
    assert every[0].find("q[@lang='en']") is not None
    assert "Nothing was confused." in words(page)


def test_a_guess_that_is_no_intent_of_ours_has_a_square_too() -> None:
    stranger = heard("en", "thanks", "message", "cheers", nlu_fallback=0.3)
    nothing = heard("en", "thanks", "message", "?")
    found = evaluation_page.matrix(Evaluation((stranger, nothing), GROUPS))
    assert found.intents[-2:] == ["", "nlu_fallback"]
    assert found.bands[-1] == ("other", 5, 2)
    assert "thanks → no guess: 1 of 2 messages" in squares(shown(Evaluation((stranger, nothing), GROUPS)))


def test_reliability_is_that_of_the_evaluation(page: Element) -> None:
    figures = page.findall(".//div[@class='plots large']/figure")
    assert len(figures) == 2
    for figure, found, name in zip(figures, (OURS, DEFAULT), ("Ours", "Rasa’s default pipeline"), strict=True):
        assert all_words(figure, "figcaption") == [f"{name}: error {percent(found.calibration_error())}"]
        expected = [[percent(sure), percent(right), str(number)] for sure, right, number in found.bins()]
        assert [[words(cell) for cell in row] for row in figure.findall(".//tbody/tr")] == expected
        assert all_words(figure, "svg/g/text") == [number for _, _, number in expected]
    first, (sure, right, _) = figures[0].find("svg/g/circle"), OURS.bins()[0]
    assert first is not None
    assert float(first.get("cx", "")) == pytest.approx(52 + 276 * sure, abs=0.1)
    assert float(first.get("cy", "")) == pytest.approx(264 - 252 * right, abs=0.1)


def test_the_curves_are_those_of_the_evaluation(page: Element) -> None:
    captions = all_words(page, ".//section[@aria-labelledby='curves']/h3")
    assert captions == [
        f"{level}, against alarms about {kind}: threshold {threshold:.2f}"
        for level, threshold in (("Elevated or more", ELEVATED), ("High or immediate", HIGH))
        for kind in ("idioms", "off-topic messages")
    ]
    # Albanian has no idioms here: no curve is made up for it.
    names = all_words(page, ".//section[@aria-labelledby='curves']//figcaption")
    assert names == 2 * ["English", "English", "Albanian"]
    assert all_words(page, ".//table[@class='curve']/caption") == names
    drawn = [
        (*which, least) for least in (1, 2) for which in (("en", "idiom"), ("en", "off_topic"), ("sq", "off_topic"))
    ]
    for table, which in zip(page.findall(".//table[@class='curve']"), drawn, strict=True):
        both = zip(OURS.curve(*which), DEFAULT.curve(*which), strict=True)
        expected = [[percent(share) for point in pair for share in point[1:]] for pair in both]
        assert [all_words(row, "td") for row in table.findall("tbody/tr")] == expected


@pytest.mark.parametrize(("place", "threshold", "least"), [(0, ELEVATED, 1), (3, HIGH, 2)])
def test_the_threshold_in_use_is_marked(page: Element, place: int, threshold: float, least: int) -> None:
    plot = page.findall(".//section[@aria-labelledby='curves']//figure/svg")[place]
    nearest, recall, alarms = min(OURS.curve("en", "idiom", least), key=lambda one: abs(one[0] - threshold))
    ring, points = plot.find("circle[@class='now']"), plot.findall("g[@class='ours']/g")
    assert ring is not None
    assert words(ring) == f"Threshold in use, {threshold:.2f}: {seen(recall, alarms)}"
    (dot,) = (one.find("circle") for one in points if f"threshold {nearest:.2f}: {seen(recall, alarms)}" in words(one))
    assert dot is not None
    assert (ring.get("cx"), ring.get("cy")) == (dot.get("cx"), dot.get("cy"))
    assert len(points) == len(plot.findall("g[@class='default']/g")) == 19
    figures = OURS.to_json()
    recall = figures["risk_recall" if least == 1 else "risk_recall_high"]["en"]
    alarms = figures["alarms"]["idiom"]["elevated" if least == 1 else "high"]["en"]
    assert all_words(plot, "path[@class='use']") == [f"As in the first table: {seen(recall, alarms)}"]
    assert all_words(page, ".//tr[@class='now']/th")[place].startswith(f"{nearest:.2f} (in use")


def test_a_threshold_between_two_points_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "ELEVATED_FROM", 0.22)
    page = shown(OURS)
    assert all_words(page, ".//section[@aria-labelledby='curves']/h3")[0].endswith("threshold 0.22")
    assert all_words(page, ".//tr[@class='now']/th")[0] == "0.20 (in use: 0.22)"


def test_the_dangers_that_were_missed(page: Element) -> None:
    english, albanian = page.findall(".//details[@class='missed']")
    assert all_words(english, "summary") == ["English: 2 of 5"]
    assert all_words(english, "ol/li") == [
        "he is on the stairs Means risk_danger_now; first guess thanks 0.50; "
        f"all dangers together {ELEVATED - 0.01:.2f}; no rule",
        f"{HOSTILE} Means risk_self_harm; first guess thanks 0.61; all dangers together {ELEVATED - 0.05:.2f}; no rule",
    ]
    assert words(albanian) == "Albanian: 0 of 1 None was missed."


def test_a_rule_that_saw_the_danger_and_was_not_believed_is_named() -> None:
    overruled = heard("en", "risk_self_harm", "message", "goodbye all", RULE, thanks=0.99)
    (item,) = all_words(shown(Evaluation((overruled,), GROUPS)), ".//details[@class='missed']/ol/li")
    assert "rules: en/self-harm/kill-myself@3 (not believed: the NLU was sure of the first guess)" in item


def test_the_false_alarms_the_most_urgent_first(page: Element) -> None:
    english, albanian = page.findall(".//details[@class='raised']")
    assert all_words(english, "summary") == ["English: 4 of 6"]
    alarms = all_words(english, "ol/li")
    assert alarms[0] == (
        "immediate idiom killing myself at work In truth nearest to out_of_scope; first guess out_of_scope 0.80; "
        f"all dangers together {HEARD:.2f}; rules: en/self-harm/kill-myself@3"
    )
    assert [one.split(" ")[:3] for one in alarms[1:]] == [
        ["high", "idiom", "dead"],
        ["elevated", "talk", "saved"],
        ["elevated", "idiom", "died"],
    ]
    assert f"Means thanks; first guess risk_self_harm {BETWEEN:.2f}" in alarms[2]
    assert words(albanian) == "Albanian: 0 of 1 None did."


def test_what_was_written_stays_text(page: Element) -> None:
    assert HOSTILE in [one.text for one in page.iter("q")]
    assert list(page.iter("script")) == []


def test_the_page_needs_nothing_but_itself() -> None:
    html = evaluation_page.page(OURS, DEFAULT, "<b>a & b</b>.tsv")
    page = ElementTree.fromstring(html)  # noqa: S314 - our own page
    assert all_words(page, ".//h1") == ["How well people are understood: <b>a & b</b>.tsv"]
    for element in page.iter():
        assert not {"src", "srcset", "style"} & set(element.attrib)
        assert not any(name.startswith("on") for name in element.attrib)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    links = [one.get("href", "") for one in page.iter("a")]
    assert len(links) == 5
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert not re.search(r"url\(|@import|https?:", html)


def test_a_set_without_messages_has_a_page_too() -> None:
    page = shown(Evaluation((), GROUPS), Evaluation((), GROUPS))
    assert "0 messages" in all_words(page, ".//main/p")[0]
    assert "0 of 0 targets reached." in words(page)


def test_a_language_that_nobody_named_keeps_its_code() -> None:
    page = shown(Evaluation((heard("tr", "thanks", "message", "sağ ol", thanks=0.9),), GROUPS))
    assert all_words(page, ".//table[@id='by-language']/thead/tr[1]/th")[2:] == ["Turkish"]
    assert evaluation_page.name("qtoy") == "qtoy"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page as wide as the shipped one: all intents, long words, everything in it."""
    every = Examples.read().groups
    long = heard("sr-Cyrl", "risk_danger_now", "message", "помоћ" * 80, greet=0.4, goodbye=0.3)
    whole = [heard("en", one, "message", one, **{two: 0.8}) for one, two in zip(every, [*every][::-1], strict=True)]
    evaluations = [Evaluation((*some, long, *whole), every) for some in (OURS.heard, DEFAULT.heard)]
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(evaluation_page.page(evaluations[0], evaluations[1], "a-set" * 30), encoding="utf-8")
    return path


async def accessible(page: Page) -> None:
    """axe finds nothing, and nothing is wider than the screen."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1100])
async def test_the_page_can_be_used_by_everybody(
    browser: Browser,  # noqa: F811 - the fixture
    file: Path,
    width: int,
    colours: Literal["light", "dark"],
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 820}, color_scheme=colours)
    page, asked = await context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(file.as_uri())
    await accessible(page)
    await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    await accessible(page)
    assert asked == [file.as_uri()]
