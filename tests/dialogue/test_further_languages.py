"""A language of core texts: the whole way to a counsellor in it, danger in any language, and never English unasked."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.dialogue
import responses
from bot.dialogue import consent, core_texts, events
from bot.dialogue.draft import Draft
from bot.dialogue.effects import RequestHandoff, Say, SetLanguage
from bot.dialogue.state import SIDES, State
from bot.dialogue.step import step
from bot.dialogue.surroundings import Surroundings
from handoff.roster import Duty
from nlu_data.judgement import rank
from responses import checks
from responses.content import Content
from responses.languages import CORE, KNOWN, LANGUAGES
from tests.dialogue import scene as scenes
from tests.dialogue import test_properties as properties
from tests.dialogue import world
from tests.dialogue.scene import ASLEEP, AWAKE, Scene, alarm

ALL = Content.load(unreviewed=True)
FURTHER = [code for code, one in KNOWN.items() if one.core]
FOLDER = Path(str(responses.__file__)).parent
ARABIC = re.compile("[\u0621-\u064a]")


def speaks(content: Content, monkeypatch: pytest.MonkeyPatch, language: str) -> Scene:
    """Somebody who has pressed Start and then this language."""
    monkeypatch.setattr(scenes, "content", lambda: content)
    scene = Scene(hint=None)
    scene.commands("start")
    scene.presses(f"lang:{language}")
    return scene


@pytest.fixture(params=FURTHER)
def person(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return speaks(ALL, monkeypatch, request.param)


@pytest.fixture
def arab(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return speaks(ALL, monkeypatch, "ar")


# which languages there are


def test_nobody_is_shown_a_language_that_nobody_has_read() -> None:
    newcomer = Scene(hint="ar")
    newcomer.commands("start")
    assert not {"lang:tr", "lang:ar"} & set(newcomer.values)
    assert SetLanguage("en") in newcomer.effects
    newcomer.presses_old("lang:ar")
    assert newcomer.around.language == "en"


def test_each_language_is_asked_for_in_itself_and_by_its_own_name(person: Scene) -> None:
    person.commands("language")
    (asked,) = person.said
    assert [row[0].label for row in asked.buttons] == [one.name for one in KNOWN.values()]
    assert asked.text.splitlines() == [ALL.text("language.choose", one) for one in ALL.offered]


@pytest.mark.parametrize(
    ("hint", "text", "language"),
    [
        ("ar", "hmm", "ar"),
        (None, "أنا خائفة ولا أعرف ماذا أفعل", "ar"),
        ("en", "ساعدوني", "ar"),
        (None, "kocam beni eve kilitledi, cok korkuyorum, lutfen yardim", "tr"),
        ("en", "merhaba", "tr"),
        (None, "burri im nuk me le te dal, cfare te bej", "sq"),
        (None, "muž me je zaključao u kući, pomozite", "sr-Latn"),
        (None, "من می‌ترسم، کمک کنید", "en"),  # Persian: not ours, so not taken for Arabic
        ("tr", "my husband has locked the door", "tr"),
    ],
)
def test_the_first_answer_is_in_the_likeliest_language(
    monkeypatch: pytest.MonkeyPatch, hint: str | None, text: str, language: str
) -> None:
    monkeypatch.setattr(scenes, "content", lambda: ALL)
    newcomer = Scene(hint=hint)
    newcomer.writes(text, nlu_down=True)
    assert newcomer.around.language == language


def test_somebody_who_writes_arabic_to_the_english_bot_is_offered_arabic(monkeypatch: pytest.MonkeyPatch) -> None:
    english = speaks(ALL, monkeypatch, "en")
    english.state = replace(english.state, suggested=False)
    english.writes("زوجي أخذ جواز سفري", nlu_down=True)
    assert english.texts[-1] == ALL.text("language.suggest", "ar")
    assert english.values[-1] == "lang:ar"


# the way to a counsellor


def test_from_start_to_a_waiting_counsellor(person: Scene) -> None:
    language = person.around.language
    assert person.texts == [person.text("welcome.about"), person.text("welcome.ask")]
    assert person.said[0].keyboard == ((person.text("keyboard.person"), person.text("keyboard.leave")),)
    person.writes(person.text("keyboard.person"), nlu_down=True)
    assert person.texts == [person.text("place.ask")]
    person.presses("side:serbia")
    noted, asked = person.texts
    assert noted == person.text("place.noted_side", side=person.text("side.serbia"))
    assert ALL.organisation("atina", str(language)) in asked
    person.presses("consent:atina:history")
    handoff = person.handoff
    assert handoff is not None
    assert handoff.note["language"] == language
    assert person.text("waiting.promise", organisation="#", when="20:20").split("#")[0] in person.texts[0]
    assert person.taps <= 6
    person.counsellor_takes()
    assert person.texts == [person.text("talking.started")]


def test_out_of_hours_the_weekday_is_in_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    arab = speaks(ALL, monkeypatch, "ar")
    arab.around = replace(arab.around, duty={"atina": ASLEEP, "pvpt": ASLEEP})
    arab.commands("person")
    arab.presses("side:serbia")
    assert "الخميس" in arab.texts[-1]
    assert "Thursday" not in "".join(arab.texts)


@pytest.mark.parametrize(("text", "yes"), [("نعم", True), ("لا", False), ("أجل", True)])
def test_yes_and_no_are_understood(arab: Scene, text: str, yes: bool) -> None:
    arab.commands("person")
    arab.presses("side:kosovo")
    arab.writes(text, nlu_down=True)
    assert (arab.handoff is not None) == yes


# free text


def test_free_text_is_for_an_interpreter_and_never_guessed_at(person: Scene) -> None:
    for _ in range(4):
        person.writes("???", ("labour_exploitation", 0.9), ("ask_cost", 0.4))
        assert person.texts[0] == person.text("further.free_text")
        assert person.values[0] == "do:counsellor"
        assert not any(value in person.values for value in ("intent:labour_exploitation", "do:none", "do:screening"))


def test_danger_in_any_language_leads_to_the_numbers_and_nothing_follows_them(person: Scene) -> None:
    language = str(person.around.language)
    for of in ("en", "sq", "sr"):
        person.state = replace(person.state, topic=None)
        person.writes("…", ("risk_danger_now", 0.9), alarms=(alarm(language=of),))
        (said,) = person.texts
        assert said.startswith(ALL.emergency(language, None))
        assert "192" in said
        assert person.values[0] == "consent:atina:history"
    assert person.state.level == "immediate"


def test_the_danger_button_of_the_menu_leads_to_the_numbers(person: Scene) -> None:
    person.commands("menu")
    person.presses("intent:risk_danger_now")
    assert len(person.texts) == 1
    assert "192" in person.texts[0]


def test_while_waiting_what_is_written_is_kept_for_the_counsellor(person: Scene) -> None:
    person.commands("person")
    person.presses("side:serbia")
    person.presses("consent:atina:history")
    person.writes("???", ("labour_exploitation", 0.9))
    assert person.texts == [person.text("waiting.noted", when="20:20")]


def test_an_old_text_that_was_changed_is_not_answered(person: Scene) -> None:
    person.edits("???", ("labour_exploitation", 0.9))
    assert person.texts == []


def test_a_place_is_understood_in_latin_letters(person: Scene) -> None:
    person.commands("place")
    person.writes("Prizren", nlu_down=True)
    assert person.texts == [person.text("place.confirm", place="Prizren", side=person.text("side.kosovo"))]


# what has no words in the language


@pytest.mark.parametrize("value", ["do:screening", "do:none", "screen:hurt:yes", "screen:stop", "do:both_sides"])
def test_a_button_that_leads_where_there_are_no_words_leads_to_the_menu(person: Scene, value: str) -> None:
    person.presses_old(value)
    assert person.texts == [person.text("menu.old_button")]
    assert "do:counsellor" in person.values


def test_an_answer_from_before_the_change_of_language_is_for_an_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    arab = speaks(ALL, monkeypatch, "en")
    arab.writes("my boss does not pay me", ("withheld_wages", 0.8))
    arab.commands("language")
    arab.presses("lang:ar")
    assert arab.texts == [arab.text("welcome.about"), arab.text("further.answer")]
    arab.commands("language")
    arab.presses("lang:en")
    assert arab.texts[-1] == arab.answer("withheld_wages")


@pytest.mark.parametrize("pending", ["screening", "meant"])
def test_a_question_that_waits_in_another_language_is_let_go(person: Scene, pending: str) -> None:
    person.state = replace(person.state, pending=pending, meant="ask_cost")
    person.writes("yes", ("affirm", 0.9))
    assert person.texts[0] == person.text("further.free_text")
    assert person.state.pending is None


def test_the_questions_do_not_go_on_in_a_language_without_words_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    arab = speaks(ALL, monkeypatch, "en")
    arab.presses_old("do:screening")
    arab.presses_old("lang:ar")
    assert all(ARABIC.search(text) for text in arab.texts)


def test_an_answer_of_danger_to_a_question_still_on_the_screen_leads_to_the_numbers(person: Scene) -> None:
    person.presses_old("screen:safe:now")
    assert person.state.level == "immediate"
    assert person.texts[0].startswith(ALL.emergency(str(person.around.language), None))
    assert person.texts[1:] == []


def test_every_key_that_the_core_speaks_is_there() -> None:
    elsewhere = {"screening.py", "answers.py", "free_text.py"}
    files = [path for path in sorted(Path(bot.dialogue.__file__).parent.glob("*.py")) if path.name not in elsewhere]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    buttons = {f"button.{name}" for name in re.findall(r'button\(\s*"([a-z_]+)"', source)}
    spoken = {key for key in re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", source) if key in ALL.texts["en"]}
    assert len(spoken) > 50
    for language in FURTHER:
        assert (spoken | buttons) - set(ALL.texts[language]) == set()
    assert all(key.startswith((*CORE, "button.")) for key in spoken | buttons)


@pytest.mark.parametrize("language", FURTHER)
def test_what_somebody_else_may_read_is_harmless(language: str) -> None:
    revealing = re.compile(r"(?i)yard|danış|şiddet|polis|tehlike|ticaret|مساعد|خطر|عنف|شرطة|اتجار|atina|pvpt")
    keys = [key for key in ALL.texts[language] if key.startswith("command.")]
    assert len(keys) == 9
    for key in (*keys, "leaving.line", "leaving.forgotten", "later.hello"):
        assert not revealing.search(ALL.text(key, language))


# whatever happens


@pytest.mark.parametrize("language", FURTHER)
@pytest.mark.parametrize("side", [None, *SIDES])
@pytest.mark.parametrize("atina", [AWAKE, ASLEEP, Duty(False, None)])
def test_consent_and_emergency_stay_short_however_they_are_put_together(
    language: str, side: str | None, atina: Duty
) -> None:
    around = replace(Scene().around, duty={"atina": atina, "pvpt": atina}, language=language)
    for organisation in ("atina", "pvpt"):
        draft = Draft(State(side=side, wish=organisation), ALL, around)
        consent.show(draft)
        draft.tell(consent.offer_now(draft, ALL.emergency(language, side)))
        consent.give(draft, organisation, with_history=True)
        for effect in draft.effects:
            text = getattr(getattr(effect, "message", None), "text", "")
            assert len(text) <= 600, text


labels = {text for one in LANGUAGES for key, text in ALL.texts[one].items() if key.startswith("button.")}
suggestions = {ALL.text("language.suggest", one) for one in LANGUAGES}
presses = st.sampled_from([*properties.VALUES, *(f"lang:{one}" for one in FURTHER)]).map(events.Pressed)


@settings(max_examples=100, deadline=None)
@given(
    properties.surroundings,
    st.sampled_from(FURTHER),
    st.lists(properties.own | presses | properties.others, max_size=12),
)
def test_any_sequence_of_events_goes_well_and_nothing_is_said_in_another_language(
    around: Surroundings, language: str, happened: list[events.Event]
) -> None:
    state, around = State(), replace(around, language=language)
    for event in happened:
        around = world.before(around, event)
        was = max(rank(state.level), rank(around.level))
        state, done = step(state, event, ALL, around)
        properties.check(state, event, around, was, done)
        after = world.after(around, done)
        if around.language == after.language and after.language in FURTHER:
            for said in (effect.message for effect in done if isinstance(effect, Say)):
                assert not said.text.startswith(ALL.texts[str(after.language)]["further.english"])
                assert after.language != "ar" or said.text in suggestions or ARABIC.search(said.text), said.text
                assert not {button.label for row in said.buttons for button in row} & labels
        around = after
        state = State() if around.status == "taken" else state


# another one, without code


@pytest.fixture
def with_esperanto(tmp_path: Path) -> Path:
    """A copy of the texts to which a translator adds Esperanto: a line and a file."""
    folder = tmp_path / "responses"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (folder / "languages.yml").open("a", encoding="utf-8") as file:
        file.write("eo: {name: Esperanto, texts: core, reviewed: [], words: mi vi estas bonvolu helpu kaj}\n")
    catalogue = Catalog(locale="eo", domain="bot")
    for key, text in ALL.texts["tr"].items():
        catalogue.add(key, f"°{text}")
    path = folder / "locale" / "eo" / "LC_MESSAGES" / "bot.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as written:
        write_po(written, catalogue)
    return folder


def test_another_language_needs_a_line_and_a_file_and_no_code(
    with_esperanto: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "eo" not in Content.load(with_esperanto).offered
    content = Content.load(with_esperanto, unreviewed=True)
    assert content.offered == (*LANGUAGES, *FURTHER, "eo")
    assert [problem for problem in checks.problems(content) if "/eo" in problem] == []

    newcomer = speaks(content, monkeypatch, "eo")
    assert newcomer.texts == [newcomer.text("welcome.about"), newcomer.text("welcome.ask")]
    newcomer.writes("bonvolu helpu", ("ask_shelter", 0.9))
    assert newcomer.texts == [newcomer.text("further.free_text")]
    newcomer.presses("do:counsellor")
    newcomer.presses("side:skip")
    newcomer.presses("consent:atina:fresh")
    assert newcomer.did(RequestHandoff)
    assert all(text.startswith("°") for text in newcomer.texts)

    by_words = Scene(hint=None)
    by_words.writes("mi estas sola", nlu_down=True)
    assert by_words.around.language == "eo"


def test_what_works_in_such_a_language_is_said_once() -> None:
    for value in ("do:counsellor", "do:exit", "forget:yes", "consent:no", "lang:en", "intent:risk_danger_now"):
        assert core_texts.has_words_for(*value.split(":", 1))
    for value in ("do:screening", "do:none", "do:hide", "screen:stop", "moon:1"):
        assert not core_texts.has_words_for(*value.split(":", 1))
