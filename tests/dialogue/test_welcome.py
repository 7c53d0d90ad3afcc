"""First contact, and the choice of a language."""

from __future__ import annotations

import pytest

from bot.dialogue.effects import SetLanguage
from responses.languages import LANGUAGES, NAMES
from tests.dialogue.scene import Scene, alarm


def test_the_first_contact_says_who_is_here_in_three_short_messages(newcomer: Scene) -> None:
    newcomer.commands("start")

    languages, about, question = newcomer.said
    assert [row[0].label for row in languages.buttons] == list(NAMES.values())
    assert about.text == newcomer.text("welcome.about")
    for must in ("bot", "72 hours", "/exit", "/forget", "Kosovo*", "1244"):
        assert must in about.text
    assert about.keyboard == ((newcomer.text("keyboard.person"), newcomer.text("keyboard.leave")),)
    assert question.text == newcomer.text("welcome.ask")
    assert "do:counsellor" in newcomer.values


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hint_of_the_app_only_preselects_the_language(language: str) -> None:
    scene = Scene(hint=language)
    scene.commands("start")
    assert SetLanguage(language) in scene.effects
    assert scene.texts[1] == scene.text("welcome.about")

    scene.presses("lang:sq")

    introduced_already = language == "sq"  # nobody reads the same twice
    assert scene.texts[0] == scene.text("welcome.ask" if introduced_already else "welcome.about")
    assert scene.around.language == "sq"


def test_a_first_message_in_free_text_is_answered_at_once_and_nothing_is_left_out(newcomer: Scene) -> None:
    newcomer.writes("my boss does not pay me", ("withheld_wages", 0.8))

    assert newcomer.texts == [
        newcomer.answer("withheld_wages"),
        newcomer.text("welcome.about"),
        newcomer.texts[2],
    ]
    assert {f"lang:{language}" for language in LANGUAGES} <= set(newcomer.values)


def test_a_first_message_of_danger_gets_the_numbers_first_and_the_introduction_later(newcomer: Scene) -> None:
    newcomer.writes("he is at the door with a knife", alarms=(alarm(),))

    assert "192" in newcomer.texts[0]
    assert len(newcomer.said) == 2  # what to do silently now, and nothing that pushes the button off the screen
    assert "lang:sq" not in newcomer.values
    assert newcomer.text("welcome.about") not in newcomer.texts

    newcomer.presses("do:safe")

    assert newcomer.text("welcome.about") in newcomer.texts
    assert "lang:sq" in newcomer.values


def test_a_mere_hello_gets_the_same_welcome_as_start(newcomer: Scene) -> None:
    newcomer.writes("hello", ("greet", 0.9))
    assert newcomer.texts[1:] == [newcomer.text("welcome.about"), newcomer.text("welcome.ask")]


@pytest.mark.parametrize(
    ("hint", "text", "language"),
    [
        (None, "burri im nuk me le te dal, cfare te bej", "sq"),
        (None, "muž me je zaključao u kući, pomozite", "sr-Latn"),
        (None, "муж ме је закључао", "sr-Cyrl"),
        (None, "hmm", "en"),
        ("en", "burri im nuk me le te dal, cfare te bej", "sq"),
        ("sr-Latn", "муж ме је закључао", "sr-Cyrl"),
        ("sq", "my husband has locked the door and I am afraid", "sq"),
    ],
)
def test_the_first_answer_is_in_the_likeliest_language(hint: str | None, text: str, language: str) -> None:
    scene = Scene(hint=hint)
    scene.writes(text, ("ask_shelter", 0.7))
    assert scene.around.language == language


def test_the_lexicons_rule_tells_the_language_when_nothing_else_does() -> None:
    scene = Scene(hint=None)
    scene.writes("ndihm", alarms=(alarm(language="sq"),))
    assert scene.around.language == "sq"


def test_a_new_language_repeats_what_was_answered_last(newcomer: Scene) -> None:
    newcomer.writes("my boss does not pay me", ("withheld_wages", 0.8))
    newcomer.presses("lang:sr-Cyrl")
    assert newcomer.texts == [newcomer.text("welcome.about"), newcomer.answer("withheld_wages")]


def test_a_new_language_repeats_the_question_that_waits(person: Scene) -> None:
    person.commands("place")
    person.presses_old("lang:sq")
    assert person.texts == [person.text("language.set"), person.text("place.ask")]


def test_somebody_who_writes_in_another_language_is_offered_it_once(person: Scene) -> None:
    albanian = "burri im nuk me le te dal, cfare te bej"
    person.writes(albanian, ("controlled_or_stalked", 0.8))
    assert person.values[-1] == "lang:sq"
    assert "shqip" in person.texts[-1]

    person.writes(albanian, ("controlled_or_stalked", 0.8))
    assert "lang:sq" not in person.values


def test_start_again_shows_who_is_here_and_the_menu(person: Scene) -> None:
    person.commands("start")
    assert person.texts == [person.text("welcome.about"), person.text("welcome.ask")]


def test_commands_that_are_not_known_lead_to_the_menu(person: Scene) -> None:
    person.commands("abracadabra")
    assert person.texts == [person.text("menu.unknown_command")]
    assert "do:counsellor" in person.values


def test_the_first_message_may_be_the_command_that_leaves(newcomer: Scene) -> None:
    newcomer.commands("exit")
    assert newcomer.texts == [newcomer.text("leaving.line")]
