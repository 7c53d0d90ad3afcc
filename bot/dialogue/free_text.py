"""What a free text means: one curated answer, or "did you mean", then the menu, then a person."""

from __future__ import annotations

from typing import Final

from bot.dialogue import answers, consent, core_texts, leaving, pending, place, risk, tongue, waiting, welcome, words
from bot.dialogue.draft import Draft, offers_person
from bot.dialogue.effects import Say
from bot.dialogue.events import Edited, Heard, Wrote
from nlu_data import judgement
from nlu_data.judgement import rank
from responses.languages import written
from responses.message import Button, Message

MAX_MEANT: Final = 3
# Nobody means these when they are not understood.
_NEVER_MEANT: Final = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "out_of_scope"})
# In line they need no answer of their own: "hello?" asks whether anybody is coming.
_SMALL_TALK: Final = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "complaint", "ask_human"})


def wrote(draft: Draft, event: Wrote) -> None:
    """The person wrote to the bot, perhaps while waiting for a counsellor."""
    key = words.keyboard(draft.content, event.text)
    if key == "leave":
        leaving.leave(draft)
    elif key == "person":
        consent.person(draft)
    else:
        _read(draft, event.text, event.heard)


def edited(draft: Draft, event: Edited) -> None:
    """The person changed a text: its risk counts, but what was answered is not answered again."""
    rose = risk.heard(draft, event.heard)
    danger = _danger_now(event.heard)
    best = _best(draft, event.heard)
    if danger is not None:
        if rose:
            risk.emergency(draft, danger)
    elif (
        draft.around.status == "bot"
        and not draft.content.is_core(draft.language)
        and draft.state.pending is None
        and best not in {None, draft.state.topic}
        and best not in _SMALL_TALK
    ):
        answers.answer(draft, str(best))


def _read(draft: Draft, text: str, heard: Heard) -> None:
    before = draft.state.level
    risk.heard(draft, heard)
    danger = _danger_now(heard)
    if danger is not None:
        risk.emergency(draft, danger)
        return
    if draft.content.is_core(draft.language):
        core_texts.wrote(draft, text, heard)
    elif pending.read(draft, text, heard):
        return
    else:
        asked = pending.let_go(draft)
        _respond(draft, text, heard)
        pending.ask_again(draft, asked)
    _offer_person(draft, before)
    _suggest_language(draft, text, heard)


def _respond(draft: Draft, text: str, heard: Heard) -> None:
    intent = _best(draft, heard)
    in_line = draft.around.status == "waiting"
    known = intent in _SMALL_TALK or intent == draft.state.topic
    if intent is not None and not (in_line and known):
        answers.answer(draft, intent)
    elif intent is None and place.named(draft, text):
        draft.change(misses=0)
    elif in_line:
        waiting.status(draft)
    elif heard.guesses is None:
        draft.say("understanding.down", *draft.menu())
    else:
        _miss(draft, heard)


def _best(draft: Draft, heard: Heard) -> str | None:
    """What was most likely meant; the lexicon's danger where the NLU sees none or sees nothing clearly."""
    intent, confidence = heard.guesses[0] if heard.guesses else ("", 0.0)
    alarm = heard.alarms[0].intent if heard.alarms else None
    clear = confidence >= judgement.MEANT_FROM
    best = intent if clear and (alarm is None or judgement.is_risk(intent)) else alarm
    return best if best in draft.content.intents else None


def _danger_now(heard: Heard) -> str | None:
    return next((alarm.intent for alarm in heard.alarms if alarm.level == "immediate"), None)


def _miss(draft: Draft, heard: Heard) -> None:
    """Nothing was understood: first three guesses, then the menu, then a person."""
    misses = draft.state.misses + 1
    draft.change(misses=misses)
    known = [name for name, _ in heard.guesses or () if name in draft.content.intents - _NEVER_MEANT][:MAX_MEANT]
    if misses == 1 and known:
        draft.change(pending="meant", meant=known[0])
        labels = tuple((Button(draft.content.label(name, draft.language), f"intent:{name}"),) for name in known)
        draft.say("understanding.meant", *labels, draft.button("none", "do:none"))
    elif misses <= 2:
        draft.say("understanding.menu", *draft.menu())
    else:
        draft.change(misses=0)
        person = draft.with_person(())
        draft.say("understanding.person", *person, draft.button("menu", "do:menu"))


def _offer_person(draft: Draft, before: str) -> None:
    """Offers a person when it has become serious and no button does so yet."""
    if draft.around.status != "bot" or not rank(before) < rank("high") <= rank(draft.state.level):
        return
    messages = [effect.message for effect in draft.effects if isinstance(effect, Say)]
    if not any(offers_person(message.buttons) for message in messages):
        draft.say("risk.person", *draft.with_person(()))


def _suggest_language(draft: Draft, text: str, heard: Heard) -> None:
    """Offers, once, the language in which the person seems to write."""
    content = draft.content
    seems = tongue.guess(text, heard, [content.languages[one] for one in content.offered])
    if seems is None or draft.state.suggested or draft.around.language is None:
        return
    if written(seems) == written(draft.language):
        return
    draft.change(suggested=True)
    suggestion = content.text("language.suggest", seems)
    draft.tell(Message(suggestion, welcome.language_buttons(content, seems)))
