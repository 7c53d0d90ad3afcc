"""In line for a counsellor: an honest time, what to do meanwhile, and the truth when the time went by."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_datetime

from bot.dialogue.discretion import LOCAL_TIME
from bot.dialogue.draft import Draft
from responses.message import Button, Message

_A_WEEK: Final = timedelta(days=6)


def clock(draft: Draft, when: datetime) -> str:
    """A time of day; with the weekday if it is another day, with the date if it is another week."""
    local, today = when.astimezone(LOCAL_TIME), draft.around.now.astimezone(LOCAL_TIME)
    pattern = "HH:mm"
    if local.date() != today.date():
        pattern = "EEEE, HH:mm" if local - today < _A_WEEK else "EEEE d. M. y, HH:mm"
    return format_datetime(local, pattern, tzinfo=LOCAL_TIME, locale=draft.content.languages[draft.language].locale)


def began(draft: Draft, organisation: str, promise: datetime | None) -> None:
    """The request is in line: by when an answer can be expected, and what to do if that is not now."""
    name = draft.content.organisation(organisation, draft.language)
    duty = draft.around.duty[organisation]
    if promise is None:
        text = draft.text("waiting.unknown", organisation=name)
    elif duty.now or duty.next_at is None:
        text = draft.text("waiting.promise", organisation=name, when=clock(draft, promise))
    else:
        starts, when = clock(draft, duty.next_at), clock(draft, promise)
        text = draft.text("waiting.closed", organisation=name, starts=starts, when=when)
    # with the keyboard: who came in an emergency has not got it yet
    draft.tell(Message(text, keyboard=draft.keyboard()), essential=True)
    if promise is None or not duty.now:
        draft.say("waiting.meanwhile", draft.button("later", "do:later"), lines=_lines(draft))


def status(draft: Draft) -> None:
    """Where the request stands."""
    promise = _promise(draft)
    rows = _others(draft)
    if promise is None or promise <= draft.around.now:
        draft.say("waiting.noted_late", *rows)
    else:
        draft.say("waiting.noted", *rows, when=clock(draft, promise))


def missed(draft: Draft) -> None:
    """The promise was not kept: the truth, and what else there is."""
    draft.change(promised_at=None)
    if draft.around.status != "waiting":
        return
    rows = (draft.button("stay", "do:stay"), *_others(draft), draft.button("later", "do:later"))
    draft.tell(Message(f"{draft.text('waiting.missed')}\n{_lines(draft)}", rows), essential=True)


def stay(draft: Draft) -> None:
    """The person keeps waiting."""
    if draft.around.status == "waiting":
        draft.say("waiting.stay")
    else:
        draft.say("menu.old_button", *draft.menu())


def _others(draft: Draft) -> tuple[tuple[Button, ...], ...]:
    """The way to another organisation, which asks for a consent of its own."""
    return tuple(
        draft.button("other", f"consent:{code}:ask", organisation=draft.content.organisation(code, draft.language))
        for code in sorted(draft.around.duty)
        if draft.state.organisation is not None and code != draft.state.organisation
    )


def _promise(draft: Draft) -> datetime | None:
    try:
        promise = datetime.fromisoformat(draft.state.promised_at or "")
    except ValueError:
        return None
    return promise if promise.tzinfo is not None else None


def _lines(draft: Draft) -> str:
    return draft.content.lines(draft.language, draft.state.side)
