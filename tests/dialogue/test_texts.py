"""The texts that the dialogue speaks: all there, all used, none too long however they are put together."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import bot.dialogue
from bot.dialogue import consent
from bot.dialogue.draft import Draft
from bot.dialogue.state import SIDES, State
from handoff.roster import Duty
from responses.languages import LANGUAGES
from tests.dialogue.scene import ASLEEP, AWAKE, Scene, content

# Keys that are put together, or that others speak: the content, the receiver, the answering job.
ELSEWHERE = re.compile(
    r"(command|words|sent|side|routing|button|screening|keyboard|pairing)\..*|emergency\.abroad|error\.sorry"
)
FOLDER = Path(bot.dialogue.__file__).parent


def test_every_key_that_is_spoken_is_there_and_none_is_left_over() -> None:
    source = "\n".join(path.read_text() for path in sorted(FOLDER.glob("*.py")))
    spoken = set(re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", source))
    buttons = {f"button.{name}" for name in re.findall(r'button\(\s*"([a-z_]+)"', source)}
    for language in LANGUAGES:
        keys = set(content().texts[language])
        assert spoken | buttons <= keys
        assert {key for key in keys - spoken if not ELSEWHERE.fullmatch(key)} <= {"menu.text"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", [None, *SIDES])
@pytest.mark.parametrize("atina", [AWAKE, ASLEEP, Duty(False, None)])
def test_consent_and_emergency_stay_short_however_they_are_put_together(
    language: str, side: str | None, atina: Duty
) -> None:
    around = replace(Scene().around, duty={"atina": atina, "pvpt": atina}, language=language)
    for organisation in ("atina", "pvpt"):
        draft = Draft(State(side=side, wish=organisation), content(), around)
        consent.show(draft)
        message = consent.offer_now(draft, content().emergency(language, side))
        draft.tell(message)
        consent.give(draft, organisation, with_history=True)
        for effect in draft.effects:
            text = getattr(getattr(effect, "message", None), "text", "")
            assert len(text) <= 600, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_somebody_else_may_read_is_harmless(language: str) -> None:
    revealing = re.compile(
        r"(?i)help|counsel|violen|traffick|police|ndihm|dhun|trafik|polic|ekip|pomo[cć]|nasil|trgov|tim\b"
        r"|помоћ|насиљ|трговин|полиц|atina|pvpt|атина"
    )
    keys = [key for key in content().texts[language] if key.startswith("command.")]
    assert len(keys) == 9
    for key in (*keys, "leaving.line", "leaving.forgotten"):
        text = content().text(key, language)
        assert not revealing.search(text)
        assert len(text) <= 40
    hello = content().text("later.hello", language)
    assert not revealing.search(hello)
    assert len(hello) <= 80


def test_each_catalogue_says_that_no_native_speaker_has_read_it() -> None:
    for language in ("en", "sq", "sr_Latn"):
        head = (content().folder / "locale" / language / "LC_MESSAGES" / "bot.po").read_text()[:300]
        assert "Not yet reviewed by a native speaker" in head
