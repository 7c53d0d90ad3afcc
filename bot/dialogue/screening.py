"""The questions: offered, never forced. What they are stands in responses/screening/."""

from __future__ import annotations

from typing import Final

from bot.dialogue import risk, words
from bot.dialogue.draft import Draft, Rows
from bot.dialogue.events import Heard
from nlu_data.judgement import Judgement
from responses import screening as instrument
from responses.message import Button, Message

_STOP: Final = "stop"


def start(draft: Draft) -> None:
    """Says how it goes and asks the first question that has no answer yet."""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return
    if instrument.next_question(draft.content.screening, dict(draft.state.answers)) is None:
        draft.change(answers=())  # all was answered once; who asks for the questions gets them again
    draft.say("screening.intro")
    draft.change(pending="screening", reasked=False)
    go_on(draft)


def go_on(draft: Draft) -> None:
    """Asks the next question, or says what the answers come to."""
    answers = dict(draft.state.answers)
    question = instrument.next_question(draft.content.screening, answers)
    if question is None:
        _end(draft)
        return
    text = f"{question.text(draft.language)}\n\n{question.why(draft.language)}"
    options: Rows = tuple(
        (Button(option.label(draft.language), f"screen:{question.id}:{option.value}"),) for option in question.options
    )
    skip = draft.button("skip", f"screen:{question.id}:{instrument.SKIP}")
    draft.tell(Message(text, (*options, skip, draft.button("stop", f"screen:{_STOP}"))))


def pressed(draft: Draft, rest: str) -> bool:
    """A button "screen:…"; False if it is none that we know, or belongs to questions that are over."""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return True
    if rest == _STOP:
        draft.change(pending=None)
        draft.say("screening.stopped", *draft.menu())
        return True
    question_id, _, value = rest.partition(":")
    known = next((one for one in draft.content.screening.questions if one.id == question_id), None)
    if known is None or value not in {instrument.SKIP, *(option.value for option in known.options)}:
        return False
    if draft.state.pending != "screening":
        if not draft.state.answers and draft.content.screening.questions[0].id != question_id:
            return False  # from an earlier conversation, whose other answers are gone
        draft.change(pending="screening")
    _take(draft, question_id, value)
    return True


def read(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads a text as an answer: an option in its words, yes or no, or a wish to skip."""
    question = instrument.next_question(draft.content.screening, dict(draft.state.answers))
    if question is None:
        return False
    said = words.bare(text)
    for option in question.options:
        if said in {words.bare(option.label(draft.language)), option.value}:
            _take(draft, question.id, option.value)
            return True
    if said == words.bare(draft.text("button.skip")):
        _take(draft, question.id, instrument.SKIP)
        return True
    answer = words.yes_or_no(draft.content, text, heard)
    value = {True: "yes", False: "no"}.get(answer) if answer is not None else None
    if value in {option.value for option in question.options}:
        _take(draft, question.id, str(value))
        return True
    return False


def _take(draft: Draft, question_id: str, value: str) -> None:
    """Keeps an answer. Danger now ends the questions at once."""
    answers = dict(draft.state.answers) | {question_id: value}
    draft.change(answers=tuple(answers.items()), reasked=False)
    result = instrument.result(draft.content.screening, answers)
    risk.note(draft, Judgement(result.level, tuple(f"screening:{one}" for one in result.reasons)))
    if result.level == "immediate":
        draft.change(pending=None)
        risk.emergency(draft, None)
    else:
        go_on(draft)


def _end(draft: Draft) -> None:
    draft.change(pending=None)
    level = instrument.result(draft.content.screening, dict(draft.state.answers)).level
    if level == "immediate":
        risk.emergency(draft, None)
    elif level == "none":
        draft.say("screening.none", *draft.menu())
    else:
        draft.say(f"screening.{level}", *draft.with_person(()), draft.button("menu", "do:menu"))
