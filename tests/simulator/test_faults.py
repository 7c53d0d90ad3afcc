"""Calls fail in the way that was ordered, as a real bot sees it, and as often."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.simulator import Account, Serving, Telegram, faults

CUT = (httpx.RemoteProtocolError, httpx.ReadError)


@pytest.mark.parametrize(
    ("fault", "failure", "words"),
    [
        ("429", RetryAfter, "Flood control exceeded"),
        ("403", Forbidden, "Forbidden: bot was blocked by the user"),
        ("500", NetworkError, "Internal Server Error"),
        ("502", NetworkError, r"Bad Gateway \(502\)"),
        ("504", NetworkError, r"Gateway Timeout \(504\)"),
    ],
)
async def test_an_answer_that_refuses(
    fault: str, failure: type[TelegramError], words: str, bot: Bot, world: Telegram, person: Account
) -> None:
    world.faults.order(fault, retry_after=7)
    with pytest.raises(failure, match=words):
        await bot.send_message(person.id, "hello")
    assert person.replies == []
    await bot.send_message(person.id, "hello again")
    assert person.replies == ["hello again"]


async def test_a_bot_that_is_too_quick_is_told_when_to_come_again(
    server: Serving, world: Telegram, person: Account
) -> None:
    world.faults.order("429", retry_after=7)
    async with httpx.AsyncClient(base_url=f"{server.base_url}{world.token}") as client:
        answer = await client.post("/sendMessage", json={"chat_id": person.id, "text": "hello"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


async def test_a_lost_answer_comes_as_a_504_though_the_person_sees_the_message(
    bot: Bot, world: Telegram, person: Account
) -> None:
    world.faults.order("lost_answer")
    with pytest.raises(NetworkError, match=r"Gateway Timeout \(504\)"):
        await bot.send_message(person.id, "hello")
    assert person.replies == ["hello"]


@pytest.mark.parametrize(("fault", "seen"), [("cut_before", []), ("cut_after", ["hello"])])
async def test_a_cut_connection_looks_alike_before_and_after(
    fault: str, seen: list[str], bot: Bot, world: Telegram, person: Account, caplog: pytest.LogCaptureFixture
) -> None:
    world.faults.order(fault)
    with pytest.raises(NetworkError) as failure:
        await bot.send_message(person.id, "hello")
    assert isinstance(failure.value.__cause__, CUT)
    assert not isinstance(failure.value, TimedOut)
    assert person.replies == seen
    await bot.send_message(person.id, "and on")
    assert person.replies == [*seen, "and on"]
    assert caplog.records == []


async def test_a_call_that_hangs_until_the_bot_gives_up(bot: Bot, world: Telegram, person: Account) -> None:
    world.faults.order("hang")
    with pytest.raises(TimedOut) as failure:
        await bot.send_message(person.id, "hello", read_timeout=0.1)
    assert isinstance(failure.value.__cause__, httpx.ReadTimeout)
    await world.until(lambda: world.faults.hanging == 0)
    assert person.replies == []


async def test_a_call_that_hangs_is_cut_when_the_faults_are_cleared(bot: Bot, world: Telegram, person: Account) -> None:
    world.faults.order("hang", times=3)
    call = asyncio.create_task(bot.send_message(person.id, "hello"))
    await world.until(lambda: world.faults.hanging == 1)
    assert not call.done()
    world.faults.clear()
    with pytest.raises(NetworkError) as failure:
        await call
    assert isinstance(failure.value.__cause__, CUT)
    assert (world.faults.outstanding, person.replies) == ((), [])
    await bot.send_message(person.id, "again")


async def test_only_calls_of_the_method_and_to_the_chat_fail_and_only_so_many(
    bot: Bot, world: Telegram, person: Account
) -> None:
    other = world.person("sq")
    other.starts()
    world.faults.order("500", method="sendMessage", chat_id=person.id, times=2)
    await bot.send_chat_action(person.id, "typing")
    await bot.send_message(other.id, "to the other")
    for left in (1, 0):
        with pytest.raises(NetworkError):
            await bot.send_message(person.id, "to the one")
        assert [fault.times for fault in world.faults.outstanding] == [left] * bool(left)
    await bot.send_message(person.id, "to the one")
    assert (person.replies, other.replies) == (["to the one"], ["to the other"])


async def test_what_was_ordered_first_happens_first(bot: Bot, world: Telegram, person: Account) -> None:
    world.faults.order("429", method="sendMessage")
    world.faults.order("403")
    with pytest.raises(RetryAfter):
        await bot.send_message(person.id, "hello")
    with pytest.raises(Forbidden):
        await bot.send_message(person.id, "hello")


@pytest.mark.parametrize("fault", ["500", "cut_before", "cut_after", "lost_answer"])
async def test_updates_that_were_not_received_come_again(
    fault: str, bot: Bot, world: Telegram, person: Account
) -> None:
    message = person.writes("please")
    world.faults.order(fault, method="getUpdates")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert not person.has_read(message)
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["/start", "please"]


async def test_a_call_that_would_be_refused_is_refused_unheard(bot: Bot, world: Telegram) -> None:
    world.faults.order("cut_after")
    with pytest.raises(NetworkError) as failure:
        await bot.send_message(1, "to nobody")
    assert isinstance(failure.value.__cause__, CUT)


@pytest.mark.parametrize("wrong", [{"kind": "418"}, {"times": 0}, {"times": 1001}, {"retry_after": 0}])
def test_a_fault_that_there_is_not_can_not_be_ordered(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"fault|retry_after"):
        faults.Fault(**{"kind": "500", **wrong})  # type: ignore[arg-type]


async def test_faults_are_ordered_listed_and_cleared_over_http(server: Serving, person: Account) -> None:
    async with httpx.AsyncClient(base_url=server.url) as client:
        first = await client.post("/faults", json={"fault": "500"})
        assert first.status_code == 201
        order = {"fault": "429", "method": "sendMessage", "chat_id": person.id, "times": 3, "retry_after": 9}
        await client.post("/faults", json=order)
        listed = (await client.get("/faults")).json()
        assert listed == {
            "outstanding": [{"fault": "500", "method": "", "chat_id": None, "times": 1}, order],
            "hanging": 0,
        }
        assert (await client.delete("/faults")).json() == {"outstanding": [], "hanging": 0}
        assert server.telegram.faults.outstanding == ()


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"fault": "teapot"},
        {"fault": "500", "method": "sendTelepathy"},
        {"fault": "500", "times": 0},
        {"fault": "500", "times": "often"},
        {"fault": "500", "chat_id": []},
        {"fault": "429", "retry_after": -1},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(order: dict[str, object], server: Serving) -> None:
    async with httpx.AsyncClient(base_url=server.url) as client:
        answer = await client.post("/faults", json=order)
    assert answer.status_code == 400
    assert answer.json()["detail"]
    assert server.telegram.faults.outstanding == ()


async def test_other_pages_can_not_order(server: Serving) -> None:
    headers = {"Origin": "https://evil.example"}
    async with httpx.AsyncClient(base_url=server.url) as client:
        for ask in _ways(client):
            assert (await ask(headers)).status_code == 403
    assert server.telegram.faults.outstanding == ()


def _ways(client: httpx.AsyncClient) -> list[Callable[[dict[str, str]], Awaitable[httpx.Response]]]:
    return [
        lambda headers: client.get("/faults", headers=headers),
        lambda headers: client.post("/faults", json={"fault": "500"}, headers=headers),
        lambda headers: client.delete("/faults", headers=headers),
    ]


async def test_the_server_ends_though_a_call_hangs(server: Serving, bot: Bot, person: Account) -> None:
    server.telegram.faults.order("hang", times=2)
    call = asyncio.create_task(bot.send_message(person.id, "hello"))
    await server.telegram.until(lambda: server.telegram.faults.hanging == 1)
    server.telegram.close()
    with pytest.raises(NetworkError):
        await call
