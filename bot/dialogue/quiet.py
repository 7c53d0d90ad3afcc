"""Discreet mode: the person says when their phone is safe and chooses a sign; and may ask to be written to later."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.dialogue import words
from bot.dialogue.discretion import LOCAL_TIME, NONE, Discretion
from bot.dialogue.draft import Draft, Rows
from bot.dialogue.effects import DeleteHeard, Say, SetDiscretion
from bot.dialogue.events import Heard
from bot.dialogue.waiting import clock
from responses.message import Button, Message

_HOURS: Final = {"morning": (time(8), time(12)), "afternoon": (time(12), time(17)), "evening": (time(17), time(22))}
_ANY: Final = "any"
_SIGNS: Final = {"rain": "🌧", "coffee": "☕", "book": "📚"}
_NO_SIGN: Final = "none"
LONGEST_SIGN: Final = 30
_LATER: Final = (time(9), time(13), time(18), time(21))
_TIME: Final = r"(\d{1,2})(?:[:.h](\d{2}))?(?:\s*h)?"
_SPAN: Final = re.compile(rf"\b{_TIME}\s*(?:-|–|—|do|deri(?: n[ëe])?|to|until|till|a)\s*{_TIME}\b", re.IGNORECASE)
_MOMENT: Final = re.compile(rf"\b{_TIME}\b")
_LAST_HOUR: Final = 24


def start(draft: Draft) -> None:
    """Asks for the hours; who has discreet mode already may change it or end it."""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return
    if draft.around.discretion == NONE:
        ask_hours(draft)
    else:
        rows = (draft.button("discreet_new", "do:discreet_new"), draft.button("discreet_off", "do:discreet_off"))
        draft.say("discreet.is_on", *rows, draft.button("menu", "do:menu"))


def ask_hours(draft: Draft) -> None:
    """When is the phone safe?"""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return
    draft.change(pending="hours", reasked=False, hours=None)
    spans = ((Button(_span(*hours), f"hours:{name}"),) for name, hours in _HOURS.items())
    draft.say("discreet.hours", *spans, draft.button("any_time", f"hours:{_ANY}"), draft.button("not_now", "do:menu"))


def pressed_hours(draft: Draft, name: str) -> bool:
    """A button "hours:…"; False if it is none of ours."""
    if name != _ANY and name not in _HOURS:
        return False
    _take_hours(draft, _HOURS.get(name))
    return True


def read_hours(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads "18-22" or "od 18 do 22h"; what is something else is answered as such."""
    hours = _hours(text)
    if hours is None:
        return False
    _take_hours(draft, None if hours[0] == hours[1] else hours)  # from 0 to 24: at any time
    return True


def _take_hours(draft: Draft, hours: tuple[time, time] | None) -> None:
    draft.change(pending="sign", reasked=False, hours=None if hours is None else _span(*hours))
    signs = ((Button(sign, f"sign:{name}"),) for name, sign in _SIGNS.items())
    draft.say("discreet.sign", *signs, draft.button("no_sign", f"sign:{_NO_SIGN}"), draft.button("not_now", "do:menu"))


def pressed_sign(draft: Draft, name: str) -> bool:
    """A button "sign:…"; False if it is none of ours, or its question is over."""
    if draft.state.pending != "sign" or (name != _NO_SIGN and name not in _SIGNS):
        return False
    _keep(draft, None if name == _NO_SIGN else words.sign(_SIGNS[name]))
    return True


def read_sign(draft: Draft, text: str, heard: Heard) -> bool:
    """Any short word may be the sign; what says danger, or is a sentence, is none."""
    sign = words.sign(text)
    if heard.alarms or not sign or len(text) > LONGEST_SIGN or words.keyboard(draft.content, text) is not None:
        return False
    draft.do(DeleteHeard())
    _keep(draft, sign)
    return True


def _keep(draft: Draft, sign: str | None) -> None:
    hours = _hours(draft.state.hours or "")
    discretion = Discretion(hours, sign)
    draft.change(pending=None, hours=None)
    draft.do(SetDiscretion(discretion))
    if discretion == NONE:
        draft.say("discreet.nothing", *draft.menu())
    elif hours is None:
        draft.say("discreet.set_sign", *draft.menu())
    else:
        key = "discreet.set_hours" if sign is None else "discreet.set_both"
        draft.say(key, *draft.menu(), hours=_span(*hours))


def end(draft: Draft) -> None:
    """No hours and no sign any more."""
    draft.change(pending=None)
    draft.do(SetDiscretion(NONE))
    draft.say("discreet.off", *draft.menu())


def ask_later(draft: Draft) -> None:
    """At which time may the bot write first?"""
    if draft.around.status == "taken":
        draft.say("talking.here")
        return
    draft.change(pending="later", reasked=False)
    draft.say("later.ask", *_moments(draft), draft.button("not_now", "do:menu"))


def pressed_later(draft: Draft, value: str) -> bool:
    """A button "later:TIME"; one that is over asks again."""
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return False
    if when.tzinfo is None:
        return False
    if when <= draft.around.now or when > draft.around.now + timedelta(days=2):
        ask_later(draft)
    else:
        _write_at(draft, when)
    return True


def read_later(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads a time of day."""
    found = None if heard.alarms else _MOMENT.search(text)
    at = None if found is None else _time(*found.groups())
    if at is None or words.count(text) > 4:
        return False
    _write_at(draft, _next_time(draft, at))
    return True


def _write_at(draft: Draft, when: datetime) -> None:
    draft.change(pending=None)
    # asked for by the person and harmless to read, so it also leaves in the silence that they chose
    draft.do(Say(Message(draft.text("later.hello")), while_paused=True, at=when))
    draft.say("later.set", *draft.menu(), when=clock(draft, when))


def _moments(draft: Draft) -> Rows:
    found = sorted(_next_time(draft, at) for at in _LATER)
    return tuple((Button(clock(draft, when), f"later:{when.isoformat(timespec='minutes')}"),) for when in found)


def _next_time(draft: Draft, at: time) -> datetime:
    local = draft.around.now.astimezone(LOCAL_TIME)
    found = datetime.combine(local.date(), at, LOCAL_TIME)
    if found <= local:
        found = datetime.combine(local.date() + timedelta(days=1), at, LOCAL_TIME)
    return found.astimezone(UTC)


def _hours(text: str) -> tuple[time, time] | None:
    """From and to, if a text names both."""
    found = _SPAN.search(text)
    if found is None:
        return None
    begins, ends = _time(*found.groups()[:2]), _time(*found.groups()[2:])
    return None if begins is None or ends is None else (begins, ends)


def _time(hour: str | None, minute: str | None) -> time | None:
    """The time of day of two numbers; 24 is midnight."""
    try:
        return time(int(hour or "") % _LAST_HOUR if hour == str(_LAST_HOUR) else int(hour or ""), int(minute or 0))
    except ValueError:
        return None


def _span(begins: time, ends: time) -> str:
    return f"{begins:%H:%M}–{ends:%H:%M}"
