"""The questions: offered, never forced. What they are stands in responses/screening/."""

from __future__ import annotations

from typing import Final

from bot.dialogue import risk, words
from bot.dialogue.draft import Draft, Rows
from bot.dialogue.events import Heard
from nlu_data.judgement import Judgement
from responses import screening
from responses.message import Button, Message
from responses.screening import SHORT, SKIP, Instrument, Question

_STOP: Final = "stop"
_QUESTIONS: Final = "screening"  # what waits for an answer, while questions are asked


def start(draft: Draft, name: str = SHORT) -> bool:
    """Says how it goes and asks the first question that has no answer yet; False if there are no such questions."""
    if name not in draft.content.instruments:
        return False
    if draft.around.status == "taken":
        draft.say("talking.here")
        return True
    if _next(draft, _target(draft, name)) is None:
        # all was answered once; who asks for the questions gets them again
        _drop(draft, [one for each in (name, _target(draft, name)) for one in _instrument(draft, each).questions])
    current = _target(draft, name)
    draft.change(pending=_QUESTIONS, instrument=current, reasked=False)
    if screening.begun(_instrument(draft, current), _kept(draft)):
        _drop(draft, [one for one in _instrument(draft, current).questions if one.again])
        draft.say("screening.resumed")
    else:
        _introduce(draft, current)
    go_on(draft)
    return True


def go_on(draft: Draft) -> None:
    """Asks the next question, or says what the answers come to. An answer may have led to other questions."""
    if draft.content.is_core(draft.language):  # chosen while a question waited
        draft.change(pending=None)
        draft.tell(draft.content.no_questions(draft.language))
        return
    name = _current(draft)
    target = _target(draft, name)
    if target != name:
        draft.change(instrument=target)
        if not screening.begun(_instrument(draft, target), _kept(draft)):
            _introduce(draft, target)
    question = _next(draft, target)
    if question is None:
        _end(draft, target)
    else:
        _ask(draft, _instrument(draft, target), question)


def pressed(draft: Draft, rest: str) -> bool:
    """A button "screen:…"; False if it is none that we know, or belongs to questions that are over."""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return True
    if rest == _STOP:
        _stop(draft)
        return True
    *named, question_id, value = rest.split(":") if rest.count(":") in {1, 2} else ("", "")
    instrument = draft.content.instruments.get(named[0] if named else SHORT)
    question = None if instrument is None else instrument.question(question_id)
    if instrument is None or question is None or (value != SKIP and question.option(value) is None):
        return False
    if not _is_of_this_conversation(draft, instrument, question):
        return False
    _take(draft, instrument, question, value)
    return True


def read(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads a text as an answer: an option in its words, yes or no, or a wish to skip."""
    instrument = _instrument(draft, _target(draft, _current(draft)))
    question = _next(draft, instrument.id)
    if question is None:
        return False
    value = _meant(draft, question, text, heard)
    if value is None:
        return False
    _take(draft, instrument, question, value)
    return True


def _meant(draft: Draft, question: Question, text: str, heard: Heard) -> str | None:
    said = words.bare(text)
    for option in question.options:
        if said in {words.bare(option.label(draft.language)), option.value}:
            return option.value
    if said == words.bare(draft.text("button.skip")):
        return SKIP
    answer = words.yes_or_no(draft.content, text, heard)
    value = {True: "yes", False: "no"}.get(answer) if answer is not None else None
    return None if question.option(value) is None else value


def _is_of_this_conversation(draft: Draft, instrument: Instrument, question: Question) -> bool:
    """Whether a button may count: not one from an earlier conversation, whose other answers are gone."""
    if draft.state.pending == _QUESTIONS and _current(draft) == instrument.id:
        return True
    first = _next(draft, instrument.id)
    return any(one.key in _kept(draft) for one in instrument.questions) or (
        first is not None and first.id == question.id
    )


def _kept(draft: Draft) -> dict[str, str]:
    return dict(draft.state.answers)


def _instrument(draft: Draft, name: str) -> Instrument:
    return draft.content.instruments[name]


def _current(draft: Draft) -> str:
    """The questions that are asked; the short ones where another version kept a name that we do not know."""
    name = draft.state.instrument
    return SHORT if name is None or name not in draft.content.instruments else name


def _target(draft: Draft, name: str) -> str:
    return screening.goes_on_in(draft.content.instruments, name, _kept(draft))


def _next(draft: Draft, name: str) -> Question | None:
    return screening.next_question(
        _instrument(draft, name), screening.known(draft.content.instruments, name, _kept(draft))
    )


def _drop(draft: Draft, questions: list[Question]) -> None:
    keys = {one.key for one in questions}
    draft.change(answers=tuple(one for one in draft.state.answers if one[0] not in keys))


def _introduce(draft: Draft, name: str) -> None:
    """What it is about, and the rules: skip, stop, who sees it, and what must be reported."""
    parts = (_instrument(draft, name).intro(draft.language), draft.text("screening.intro"))
    draft.tell(Message("\n\n".join(part for part in parts if part)))


def _ask(draft: Draft, instrument: Instrument, question: Question) -> None:
    text = f"{question.text(draft.language)}\n\n{question.why(draft.language)}"
    options: Rows = tuple(
        (Button(option.label(draft.language), instrument.button(question, option.value)),)
        for option in question.options
    )
    skip = draft.button("skip", instrument.button(question, SKIP))
    draft.tell(Message(text, (*options, skip, draft.button("stop", f"screen:{_STOP}"))))


def _take(draft: Draft, instrument: Instrument, question: Question, value: str) -> None:
    """Keeps an answer. Danger now ends the questions at once."""
    answers = _kept(draft) | {question.key: value}
    draft.change(answers=tuple(answers.items()), pending=_QUESTIONS, instrument=instrument.id, reasked=False)
    known = screening.known(draft.content.instruments, instrument.id, answers)
    result = screening.result(instrument, known)
    risk.note(draft, Judgement(result.level, tuple(f"screening:{one}" for one in result.reasons)))
    if result.level == "immediate":
        _emergency(draft, instrument)
    else:
        go_on(draft)


def _emergency(draft: Draft, instrument: Instrument) -> None:
    """The numbers and the way to a person come first, the warm words after them."""
    draft.change(pending=None)
    risk.emergency(draft, None)
    if "immediate" in instrument.results and draft.around.status == "bot" and not draft.content.is_core(draft.language):
        draft.tell(Message(_words(draft, instrument.id, "immediate")))


def _words(draft: Draft, name: str, level: str) -> str:
    return draft.content.result(name, level, draft.language, draft.state.side)


def _stop(draft: Draft) -> None:
    """Stops; what was answered stays, and the questions can go on where they stopped."""
    name = _target(draft, _current(draft))
    begun = draft.state.pending == _QUESTIONS or draft.state.instrument is not None
    unfinished = begun and _next(draft, name) is not None
    resume = (draft.button("screening_resume", f"do:{_instrument(draft, name).action}"),) if unfinished else ()
    draft.change(pending=None)
    draft.say("screening.stopped", *resume, *draft.menu())


def _end(draft: Draft, name: str) -> None:
    draft.change(pending=None)
    kept, instruments = _kept(draft), draft.content.instruments
    level = screening.told(instruments, name, kept)
    if level == "immediate":
        _emergency(draft, instruments[name])
        return
    more = [instruments[to].action for to in screening.offered(instruments, name, kept)]
    rows = draft.content.offers((*more, *instruments[name].follow_up), draft.language)
    if level != "none":
        rows = (*draft.with_person(()), *rows, draft.button("menu", "do:menu"))
    else:
        rows = (*draft.with_person(rows), draft.button("menu", "do:menu")) if rows else draft.menu()
    draft.tell(Message(_words(draft, name, level), rows))
