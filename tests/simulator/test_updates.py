"""The queue of updates keeps Telegram's rules."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.simulator import Account, Telegram


async def _ids(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[int]:
    return [update.update_id for update in await bot.get_updates(offset=offset, limit=limit)]


async def test_an_offset_confirms_everything_below(bot: Bot, person: Account) -> None:
    for number in range(4):
        person.writes(str(number))
    first = await _ids(bot)
    assert first == list(range(first[0], first[0] + 5))
    assert await _ids(bot) == first
    assert await _ids(bot, offset=first[2]) == first[2:]
    assert await _ids(bot) == first[2:]
    assert await _ids(bot, offset=first[0]) == first[2:]
    assert await _ids(bot, limit=2) == first[2:4]
    assert await _ids(bot, offset=first[-1] + 1) == []
    assert await _ids(bot) == []


async def test_a_negative_offset_forgets_what_is_earlier(bot: Bot, person: Account) -> None:
    for number in range(4):
        person.writes(str(number))
    first = await _ids(bot)
    assert await _ids(bot, offset=-2) == first[-2:]
    assert await _ids(bot, offset=-9) == first[-2:]
    assert await _ids(bot) == first[-2:]


async def test_limits_are_kept_between_1_and_100(bot: Bot, person: Account) -> None:
    for number in range(120):
        person.writes(str(number))
    assert len(await _ids(bot)) == len(await _ids(bot, limit=1000)) == 100
    assert len(await _ids(bot, limit=0)) == len(await _ids(bot, limit=-3)) == 1


async def test_a_long_poll_waits_for_the_first_update(bot: Bot, world: Telegram, person: Account) -> None:
    await bot.get_updates(offset=(await _ids(bot))[-1] + 1)
    waiting = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.wait({waiting}, timeout=0.2)
    assert not waiting.done()
    person.writes("now")
    (update,) = await waiting
    assert update.message is not None
    assert update.message.text == "now"
    assert await world.until(lambda: True) is True


async def test_a_long_poll_ends_empty(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == ()


async def test_a_second_poll_ends_the_first(bot: Bot, person: Account) -> None:
    await bot.get_updates(offset=(await _ids(bot))[-1] + 1)
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.wait({first}, timeout=0.2)
    second = asyncio.create_task(bot.get_updates(timeout=10))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot"):
        await first
    person.writes("for the second")
    assert len(await second) == 1


async def test_only_the_kinds_that_were_asked_for(bot: Bot, world: Telegram, person: Account) -> None:
    start = (await bot.get_updates(allowed_updates=["callback_query", "edited_message"]))[0]
    message = person.writes("not wanted")
    person.edits(message, "wanted")
    (update,) = await bot.get_updates(offset=start.update_id + 1)
    assert update.edited_message is not None
    assert (await bot.get_webhook_info()).allowed_updates == ("callback_query", "edited_message")
    await bot.get_updates(allowed_updates=[])
    person.writes("wanted again")
    assert len(await bot.get_updates()) == 2
    assert world.updates.allowed is None


async def test_after_a_day_updates_are_gone(bot: Bot, world: Telegram, person: Account) -> None:
    world.clock.advance(timedelta(hours=25))
    person.writes("young")
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "young"


async def test_ticks_show_what_the_bot_confirmed(bot: Bot, person: Account) -> None:
    first, second = person.writes("one"), person.writes("two")
    ids = await _ids(bot)
    assert not person.has_read(first)
    await bot.get_updates(offset=ids[-1])
    assert person.has_read(first)
    assert not person.has_read(second)
    await bot.get_updates(offset=ids[-1] + 1)
    assert person.has_read(second)


async def test_200_people_at_once(bot: Bot, world: Telegram) -> None:
    people = [world.person() for _ in range(200)]
    for someone in people:
        someone.writes("hi")
    seen: list[int] = []
    offset = 0
    while updates := await bot.get_updates(offset=offset):
        offset = updates[-1].update_id + 1
        seen += [update.effective_chat.id for update in updates if update.effective_chat]
    assert seen == [someone.id for someone in people]
