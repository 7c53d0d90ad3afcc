"""Before anything leaves the bot: to which organisation, why, what it sees, and the person's yes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.dialogue import place, waiting, words
from bot.dialogue.draft import Draft
from bot.dialogue.effects import RequestHandoff
from bot.dialogue.events import Heard
from bot.dialogue.state import State
from handoff import promise, routing
from responses.message import Button, Message

HISTORY, FRESH, ASK = "history", "fresh", "ask"
# What a fresh start leaves behind.
_KEPT_BACK = ("answers", "instrument", "topic", "meant", "misses", "candidates")


@dataclass(frozen=True, slots=True)
class _Chosen:
    organisation: str
    reason: str
    awake: bool


def person(draft: Draft, wish: str | None = None) -> None:
    """The way to a counsellor, from wherever the person is."""
    if draft.around.status == "taken":
        draft.say("talking.here")
    elif draft.around.status == "waiting":
        waiting.status(draft)
    elif draft.state.level != "immediate" and draft.state.side is None and not draft.state.place_asked:
        draft.change(wish=wish or draft.state.wish)
        place.ask(draft, after=place.CONSENT)
    else:
        show(draft, wish)


def show(draft: Draft, wish: str | None = None) -> None:
    """The consent message."""
    if wish is not None:
        draft.change(wish=wish)
    chosen = _choose(draft)
    if chosen is None:
        _nobody(draft)
        return
    one = chosen.organisation
    parts = [draft.text("consent.ask", organisation=_name(draft, one), reason=draft.text(chosen.reason))]
    others = [code for code in sorted(draft.around.duty) if code != one]
    if not chosen.awake:
        parts.insert(0, _closed(draft, one, others))
    rows = [
        draft.button("share", f"consent:{one}:{HISTORY}"),
        draft.button("fresh", f"consent:{one}:{FRESH}"),
        *(draft.button("other", f"consent:{code}:{ASK}", organisation=_name(draft, code)) for code in others),
        draft.button("not_now", "consent:no"),
    ]
    _offered(draft, one, "consent")
    draft.tell(Message("\n\n".join(parts), tuple(rows)))


def offer_now(draft: Draft, numbers: str) -> Message:
    """The emergency numbers with the yes on the same message: no place is asked for, nothing else either."""
    leave: tuple[tuple[Button, ...], ...] = (draft.button("safe", "do:safe"), draft.button("exit", "do:exit"))
    chosen = _choose(draft, urgent=True)
    if chosen is None:
        draft.change(pending=None)
        return Message(f"{numbers}\n\n{draft.text('risk.nobody')}", leave)
    one = chosen.organisation
    key = "risk.offer" if chosen.awake else "risk.offer_closed"
    text = draft.text(key, organisation=_name(draft, one))
    _offered(draft, one, "emergency")
    return Message(f"{numbers}\n\n{text}", (draft.button("bring", f"consent:{one}:{HISTORY}"), *leave))


def contact(draft: Draft, organisation: str) -> None:
    """A counsellor is there for somebody who fell silent; they read nothing until the yes."""
    if draft.around.status != "bot" or organisation not in draft.around.duty:
        return
    _offered(draft, organisation, "emergency")
    rows = (
        draft.button("bring", f"consent:{organisation}:{HISTORY}"),
        draft.button("safe", "do:safe"),
        draft.button("exit", "do:exit"),
    )
    draft.tell(Message(draft.text("risk.contact", organisation=_name(draft, organisation)), rows), urgent=True)


def pressed(draft: Draft, rest: str) -> bool:
    """A button "consent:…"; False if it is none that we know."""
    if rest == "no":
        decline(draft)
        return True
    organisation, _, how = rest.partition(":")
    if how not in {HISTORY, FRESH, ASK}:
        return False
    if draft.around.status == "taken":
        draft.say("talking.here")
    elif organisation not in draft.around.duty:
        show(draft)
    elif how == ASK:
        show(draft, organisation)
    elif organisation in draft.state.offered:
        give(draft, organisation, with_history=how == HISTORY)
    else:
        show(draft, organisation)  # a yes to a message from an earlier conversation is no yes to this one
    return True


def read(draft: Draft, text: str, heard: Heard) -> bool:
    """Reads a text as the answer to "shall I pass it on?"."""
    answer = words.yes_or_no(draft.content, text, heard)
    if answer is None or not draft.state.offered:
        return False
    if answer:
        give(draft, draft.state.offered[-1], with_history=True)
    else:
        decline(draft)
    return True


def decline(draft: Draft) -> None:
    """The person says no; nothing has left."""
    draft.change(pending=None, wish=None)
    if draft.around.status == "waiting":
        waiting.status(draft)
    else:
        draft.say("consent.no", *draft.menu())


def give(draft: Draft, organisation: str, *, with_history: bool) -> None:
    """The person says yes: the request goes to the organisation, with what it must know."""
    if draft.around.status == "taken" or organisation not in draft.around.duty:
        person(draft)
        return
    if draft.around.status == "waiting" and draft.state.organisation == organisation:
        draft.change(pending=None)
        waiting.status(draft)
        return
    duty = draft.around.duty[organisation]
    ahead = draft.around.ahead.get(organisation, 0)
    by = promise.promised_at(draft.around.now, ahead, on_duty=duty.now, next_at=duty.next_at)
    note = _note(draft, organisation, with_history=with_history)
    draft.do(RequestHandoff(organisation, with_history, note, by))
    if not with_history:
        kept = draft.state
        draft.change(
            **{name: getattr(State(), name) for name in _KEPT_BACK},
            language=kept.language,
        )
    promised_at = None if by is None else by.isoformat()
    draft.change(pending=None, wish=None, organisation=organisation, promised_at=promised_at)
    waiting.began(draft, organisation, by)


def _note(draft: Draft, organisation: str, *, with_history: bool) -> dict[str, object]:
    """What the counsellor must know. Who starts fresh keeps back what they answered, too."""
    state = draft.state
    return {
        "municipality": state.municipality,
        "side": state.side,
        "both_sides": state.both_sides,
        "level": state.level,
        "reasons": [one for one in state.reasons if with_history or not one.startswith("screening:")],
        "screening": [list(one) for one in state.answers] if with_history else [],
        "consent": HISTORY if with_history else FRESH,
        "language": draft.language,
        "wish": organisation if state.wish == organisation else None,
    }


def _choose(draft: Draft, *, urgent: bool = False) -> _Chosen | None:
    """The organisation to offer. When it is a matter of now, one that is awake goes before one that sleeps."""
    duty = draft.around.duty
    awake = frozenset(code for code, one in duty.items() if one.now)
    route = routing.route(
        wish=draft.state.wish,
        side=draft.state.side,
        language=draft.language,
        on_duty=awake,
        routable=frozenset(duty),
    )
    if route is None:
        return None
    if urgent and awake and route.organisation not in awake:
        return _Chosen(min(awake), "routing.on_duty", awake=True)
    return _Chosen(route.organisation, route.reason, route.organisation in awake)


def _closed(draft: Draft, organisation: str, others: list[str]) -> str:
    """That nobody is there now, when somebody will be, and who else is there."""
    next_at: datetime | None = draft.around.duty[organisation].next_at
    text = (
        draft.text("consent.closed", when=waiting.clock(draft, next_at))
        if next_at is not None
        else draft.text("consent.closed_unknown")
    )
    there = [code for code in others if draft.around.duty[code].now]
    return " ".join([text, *(draft.text("consent.other_now", organisation=_name(draft, one)) for one in there)])


def _nobody(draft: Draft) -> None:
    draft.change(pending=None)
    lines = draft.content.lines(draft.language, draft.state.side)
    numbers = draft.content.emergency(draft.language, draft.state.side)
    text = f"{draft.text('consent.nobody')}\n{numbers}\n{lines}"
    draft.tell(Message(text, (draft.button("menu", "do:menu"),)), essential=True)


def _offered(draft: Draft, organisation: str, pending: str) -> None:
    offered = tuple(code for code in draft.state.offered if code != organisation)
    draft.change(offered=(*offered, organisation), pending=pending, reasked=False)


def _name(draft: Draft, organisation: str) -> str:
    return draft.content.organisation(organisation, draft.language)
