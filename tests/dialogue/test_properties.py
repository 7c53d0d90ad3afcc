"""Whatever happens, in whichever order: the dialogue goes on, and what must always work does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue import events, words
from bot.dialogue.discretion import Discretion
from bot.dialogue.effects import DeleteRecent, Effect, Forget, Pause, RequestHandoff, Resume, Say, SetLevel
from bot.dialogue.events import Heard
from bot.dialogue.state import SIDES, State
from bot.dialogue.step import step
from bot.dialogue.surroundings import Surroundings
from handoff.roster import Duty
from nlu_data.judgement import LEVELS, rank
from nlu_data.lexicon import LEVELS as ALARMS
from nlu_data.lexicon import Alarm
from responses.languages import LANGUAGES
from tests.dialogue import world
from tests.dialogue.scene import content

INTENTS = sorted(content().intents)
QUESTIONS = content().screening.questions
KINDS = ("photo", "voice", "document", "sticker", "contact", "other", "of tomorrow")
PLACES = ("xk-prizren", "atlantis")
TEXTS = ("yes", "ne", "po", "18-22", "🌧", "Prizren", "Srbija", "Talk to a person", "Dil tani", "помоћ", "🆘", "a" * 300)
VALUES = [
    *(
        f"do:{name}"
        for name in "menu counsellor screening place hide language exit forget again stay safe none later".split()
    ),
    *("do:discreet", "do:both_sides"),
    *(f"intent:{name}" for name in INTENTS),
    *(f"lang:{language}" for language in LANGUAGES),
    *(f"place:{name}" for name in (*PLACES, "no", "")),
    *(f"side:{side}" for side in (*SIDES, "skip", "moon")),
    *(f"screen:{one.id}:{option.value}" for one in QUESTIONS for option in one.options),
    *(f"screen:{one.id}:skip" for one in QUESTIONS),
    *("hours:evening", "hours:any", "hours:x", "sign:rain", "sign:none", "sign:x", "later:2026-07-01T20:00+00:00"),
    *("screen:stop", "screen:nothing:at all", "consent:no", "forget:yes", "forget:no", "forget:perhaps"),
    *(f"consent:{code}:{how}" for code in ("atina", "pvpt", "third") for how in ("history", "fresh", "ask", "x")),
]

guesses = st.none() | st.lists(
    st.tuples(st.sampled_from([*INTENTS, "of_tomorrow"]), st.floats(0, 1)), max_size=5, unique_by=lambda one: one[0]
).map(lambda found: tuple(sorted(found, key=lambda one: -one[1])))
alarms = st.lists(
    st.builds(
        Alarm,
        st.sampled_from(("en/x/y@1", "sq/x/y@1", "sr/x/y@1", "?")),
        st.sampled_from([one for one in INTENTS if one.startswith("risk_")]),
        st.sampled_from(ALARMS),
    ),
    max_size=2,
).map(lambda found: tuple(sorted(found, key=lambda one: -ALARMS.index(one.level))))
heard = st.builds(Heard, guesses, st.just(()) | alarms)
hints = st.none() | st.sampled_from(LANGUAGES)
texts = st.sampled_from(TEXTS) | st.text(max_size=30)
own = st.one_of(
    st.builds(events.Wrote, texts, heard, hints),
    st.builds(events.Edited, texts, heard, hints),
    st.builds(
        events.Command,
        st.sampled_from("start menu person language place privacy quiet exit forget help x".split()),
        st.text(max_size=5),
        hints,
    ),
    st.builds(events.Pressed, st.sampled_from(VALUES) | st.text(max_size=20), hints),
    st.builds(events.Located, st.lists(st.sampled_from(PLACES), max_size=3).map(tuple), st.booleans(), hints),
    st.builds(events.Sent, st.sampled_from(KINDS), st.just("") | texts, heard, hints),
)
others = st.sampled_from(
    (
        *(events.Blocked(), events.Unblocked(), events.PromiseMissed()),
        *(events.Took(), events.GaveBack(), events.Closed()),
    )
)
duties = st.dictionaries(
    st.sampled_from(("atina", "pvpt", "third")),
    st.builds(Duty, st.booleans(), st.none() | st.just(datetime(2026, 3, 29, 1, 30, tzinfo=UTC))),
)
surroundings = st.builds(
    Surroundings,
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    duty=duties,
    ahead=st.dictionaries(st.sampled_from(("atina", "pvpt")), st.integers(0, 50)),
    missed=st.booleans(),
    language=st.none() | st.sampled_from(LANGUAGES),
)


def live(
    state: State, around: Surroundings, happened: list[events.Event]
) -> tuple[State, Surroundings, tuple[Effect, ...]]:
    """Lets all of it happen and checks each step; gives what is there in the end."""
    done: tuple[Effect, ...] = ()
    for event in happened:
        around = world.before(around, event)
        was, pending = max(rank(state.level), rank(around.level)), state.pending
        state, done = step(state, event, content(), around)
        check(state, event, around, was, done)
        check_consent(event, pending, done)
        around = world.after(replace(around, now=around.now + timedelta(minutes=7)), done)
        state = State() if around.status == "taken" else State.from_json(json.loads(json.dumps(state.to_json())))
    return state, around, done


def check(state: State, event: events.Event, around: Surroundings, was: int, done: tuple[Effect, ...]) -> None:
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state
    forgotten = any(isinstance(effect, Forget) for effect in done)
    if not forgotten and not isinstance(event, events.Closed):
        assert rank(state.level) >= was
    for effect in done:
        if isinstance(effect, SetLevel):
            assert rank(effect.level) > was
        if isinstance(effect, Say):
            assert 0 < len(effect.message.text) <= 600, effect.message.text
            for row in effect.message.buttons:
                for button in row:
                    assert 0 < len(button.value.encode()) <= 64
                    assert 0 < len(button.label) <= 40
            assert not (effect.message.buttons and effect.message.keyboard is not None)
    says = [effect for effect in done if isinstance(effect, Say)]
    resumed = any(isinstance(effect, Resume) for effect in done)
    if around.paused and not resumed:
        assert says == []
    if any(isinstance(effect, Pause) for effect in done):
        assert all(effect.while_paused for effect in says)
    silent = (events.Edited, events.Blocked, events.Unblocked, events.PromiseMissed)
    if not around.paused and around.status != "taken" and not isinstance(event, silent):
        assert says, f"no answer to {event}"


def check_consent(event: events.Event, pending: str | None, done: tuple[Effect, ...]) -> None:
    """Nothing leaves the bot but by a tap on a yes, or by a yes in words to the question that was just asked."""
    request = next((effect for effect in done if isinstance(effect, RequestHandoff)), None)
    if request is None:
        return
    how = "history" if request.with_history else "fresh"
    if isinstance(event, events.Pressed):
        assert event.value == f"consent:{request.organisation}:{how}"
    else:
        assert isinstance(event, events.Wrote | events.Sent)
        assert pending in {"consent", "emergency"}
        assert words.yes_or_no(content(), event.text, event.heard) is True


MANY = settings(max_examples=100, deadline=None)
happenings = st.lists(own | others, max_size=12)
discretions = st.builds(
    Discretion, st.none() | st.just((time(8), time(12))) | st.just((time(22), time(2))), st.none() | st.just("🌧")
)


@MANY
@given(surroundings, happenings)
def test_any_sequence_of_events_goes_well(around: Surroundings, happened: list[events.Event]) -> None:
    live(State(), around, happened)


@MANY
@given(surroundings, happenings)
def test_start_always_speaks(around: Surroundings, happened: list[events.Event]) -> None:
    state, around, _ = live(State(), around, happened)
    _, around, done = live(state, around, [events.Command("start")])
    assert not around.paused
    assert any(isinstance(effect, Say) for effect in done)


@MANY
@given(surroundings, happenings, st.booleans())
def test_exit_always_leaves(around: Surroundings, happened: list[events.Event], by_button: bool) -> None:
    state, around, _ = live(State(), around, happened)
    leaves = events.Pressed("do:exit") if by_button else events.Command("exit")
    _, around, done = live(state, around, [leaves])
    assert DeleteRecent() in done
    assert around.paused


@MANY
@given(surroundings, happenings)
def test_forget_always_forgets(around: Surroundings, happened: list[events.Event]) -> None:
    state, around, _ = live(State(), around, happened)
    state, around, done = live(state, around, [events.Command("forget")])
    if Forget() not in done:
        state, around, done = live(state, around, [events.Pressed("forget:yes")])
    assert Forget() in done
    assert state == State()


@MANY
@given(surroundings, happenings)
def test_the_way_to_a_person_is_always_open(around: Surroundings, happened: list[events.Event]) -> None:
    around = replace(around, duty={"atina": Duty(True, None), "pvpt": Duty(True, None)})
    state, around, _ = live(State(), around, happened)
    state, around, _ = live(state, around, [events.Command("start")])
    if around.status != "bot":
        return  # a counsellor is asked for or there
    for _ in range(4):
        state, around, done = live(state, around, [events.Command("person")])
        values = [b.value for e in done if isinstance(e, Say) for row in e.message.buttons for b in row]
        chosen = next((one for one in values if one.endswith(":history")), "side:skip")
        state, around, _ = live(state, around, [events.Pressed(chosen)])
        if around.status == "waiting":
            return
    raise AssertionError("no counsellor was asked")


@MANY
@given(surroundings, happenings, st.sampled_from(("atina", "pvpt", "third")), st.sampled_from(("history", "fresh")))
def test_a_tap_gives_no_consent_to_what_was_not_shown_in_this_conversation(
    around: Surroundings, happened: list[events.Event], organisation: str, how: str
) -> None:
    """An old yes, to a message of an earlier conversation, shows the question again."""
    state, around, _ = live(State(), around, happened)
    offered = organisation in state.offered
    _, _, done = live(state, around, [events.Pressed(f"consent:{organisation}:{how}")])
    if any(isinstance(effect, RequestHandoff) for effect in done):
        assert offered


def gives_no_sign(event: events.Event, discretion: Discretion) -> bool:
    match event:
        case events.Command(name="start"):
            return False
        case events.Wrote(text=text):
            return words.sign(text) != discretion.sign
        case _:
            return True


@MANY
@given(surroundings, happenings, happenings, discretions)
def test_who_left_hears_nothing_until_they_say_so(
    around: Surroundings, happened: list[events.Event], afterwards: list[events.Event], discretion: Discretion
) -> None:
    state, around, _ = live(State(), around, [*happened, events.Command("exit")])
    around = replace(around, discretion=discretion)
    for event in afterwards:
        if not gives_no_sign(event, discretion):
            continue
        state, around, done = live(state, around, [event])
        if any(isinstance(effect, Forget) for effect in done):
            assert not any(isinstance(effect, Say) for effect in done)
            return
        assert around.paused
        assert not any(isinstance(effect, Say) for effect in done)


@MANY
@given(surroundings, happenings, st.booleans(), st.booleans())
def test_after_forgetting_nothing_remains(
    around: Surroundings, happened: list[events.Event], paused: bool, in_words: bool
) -> None:
    state, around, _ = live(State(), around, [*happened, *([events.Command("exit")] if paused else [])])
    yes = events.Wrote("yes") if in_words and around.status != "taken" else events.Pressed("forget:yes")
    state, around, done = live(state, around, [events.Command("forget")])
    if Forget() not in done:
        state, around, done = live(state, around, [yes])
    assert Forget() in done
    assert state.to_json() == State().to_json()
    assert (around.language, around.level, around.status) == (None, "none", "bot")
    said = [effect.message for effect in done if isinstance(effect, Say)]
    lines = {content().text("leaving.forgotten", language) for language in LANGUAGES}
    assert all(message.text in lines and not message.buttons and message.keyboard == () for message in said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from((*LEVELS, *LANGUAGES, *INTENTS)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@MANY
@given(st.dictionaries(st.sampled_from(list(State().to_json())), JSON), surroundings, own)
def test_whatever_another_version_kept_can_be_lived_with(
    kept: dict[str, Any], around: Surroundings, event: events.Event
) -> None:
    live(State.from_json(kept), around, [event, events.Pressed("consent:atina:history"), event])


@MANY
@given(st.sampled_from(("bot", "waiting", "taken")), surroundings, own)
def test_an_empty_state_is_enough_in_every_status(status: str, around: Surroundings, event: events.Event) -> None:
    live(State(), replace(around, status=status), [event])
