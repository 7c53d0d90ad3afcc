"""Updates are posted to the bot's own address, as Telegram does it, until the bot says that it has them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict

from bot.simulator import Account, Telegram, serving
from bot.simulator.server import bound
from bot.simulator.webhook import Pace
from tests.simulator import receiver as receivers
from tests.simulator.conftest import Wire
from tests.simulator.receiver import Receiver, receiving

SECRET = "a-secret_of-2"
AT_ONCE = Pace(patience=5, pause=0.01, longest=0.05)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


@pytest.fixture(autouse=True)
def quick(world: Telegram) -> None:
    world.webhook.pace = AT_ONCE


async def test_an_update_comes_with_the_secret_and_is_read_then(bot: Bot, person: Account, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, secret_token=SECRET)
    message = person.writes("zdravo, ćao")
    start, post = await receiver.gets(2)
    assert start.text == "/start"
    assert post.line == "POST /hook?a=b HTTP/1.1"
    assert post.headers["x-telegram-bot-api-secret-token"] == SECRET
    assert post.headers["content-type"] == "application/json"
    assert post.update["update_id"] == start.update["update_id"] + 1
    assert post.update["message"]["message_id"] == message.id
    assert post.text == "zdravo, ćao"
    await person.until(lambda: person.has_read(message))
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_without_a_secret_no_header_comes(bot: Bot, person: Account, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    (post,) = await receiver.gets()
    assert "x-telegram-bot-api-secret-token" not in post.headers


async def test_with_one_connection_all_comes_in_order(bot: Bot, world: Telegram, receiver: Receiver) -> None:
    people = [world.person() for _ in range(10)]
    await bot.set_webhook(receiver.url, max_connections=1)
    for number, someone in enumerate(people * 3):
        someone.writes(str(number))
    assert await receiver.gets_texts(30) == [str(number) for number in range(30)]
    assert receiver.most_at_once == 1


async def test_what_is_answered_500_comes_twice_and_nothing_overtakes_it(
    bot: Bot, world: Telegram, person: Account, receiver: Receiver
) -> None:
    receiver.answers = [receivers.OK, receivers.FAILED, receivers.FAILED]
    await bot.set_webhook(receiver.url, max_connections=1)
    stored = person.writes("stored, and then an error")
    world.person("sq").writes("somebody else")
    assert await receiver.gets_texts(5) == ["/start", *["stored, and then an error"] * 3, "somebody else"]
    await person.until(lambda: person.has_read(stored))
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.last_error_date is not None


async def test_no_more_than_so_many_at_a_time(bot: Bot, world: Telegram, receiver: Receiver) -> None:
    receiver.open.clear()
    await bot.set_webhook(receiver.url, max_connections=3)
    people = [world.person() for _ in range(8)]
    messages = [someone.writes("hello") for someone in people]
    await receiver.gets(3)
    assert (await bot.get_webhook_info()).pending_update_count == 8
    assert receiver.has_no_more()
    receiver.open.set()
    await receiver.gets(5)
    await world.until(lambda: all(map(Account.has_read, people, messages)))
    assert receiver.most_at_once == 3


async def test_a_chats_messages_keep_their_order_but_a_press_may_overtake(
    bot: Bot, world: Telegram, person: Account, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    await receiver.gets()
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    await bot.send_message(person.id, "?", reply_markup=keys)
    receiver.open.clear()
    person.writes("one")
    person.writes("two")
    person.presses("Yes")
    assert sorted(await receiver.gets_texts(2)) == ["one", "yes"]
    assert receiver.has_no_more()
    receiver.open.set()
    assert await receiver.gets_texts(1) == ["two"]


async def test_who_does_not_answer_in_time_is_asked_again(
    bot: Bot, world: Telegram, person: Account, receiver: Receiver
) -> None:
    world.webhook.pace = Pace(patience=0.1, pause=0.01, longest=0.01)
    receiver.open.clear()
    await bot.set_webhook(receiver.url)
    assert await receiver.gets_texts(2) == ["/start", "/start"]
    assert (await bot.get_webhook_info()).last_error_message == "Read timeout expired"
    receiver.open.set()
    await person.until(lambda: person.has_read(person.messages[0]))


async def test_who_cuts_the_connection_is_asked_again(bot: Bot, person: Account, receiver: Receiver) -> None:
    receiver.answers = [receivers.CUT]
    await bot.set_webhook(receiver.url)
    assert await receiver.gets_texts(2) == ["/start", "/start"]
    assert (await bot.get_webhook_info()).last_error_message == "Webhook connection closed"


async def test_a_receiver_that_is_down_is_waited_for(bot: Bot, world: Telegram, person: Account) -> None:
    with bound() as free:
        port = free.getsockname()[1]
    await bot.set_webhook(f"http://localhost:{port}/")
    await world.until(lambda: world.webhook.last_error)
    info = await bot.get_webhook_info()
    assert (info.last_error_message, info.pending_update_count) == ("Connection refused", 1)
    async with receiving(port) as receiver:
        await receiver.gets()
        await person.until(lambda: person.has_read(person.messages[0]))


async def test_a_receiver_may_say_when_to_come_again(bot: Bot, person: Account, receiver: Receiver) -> None:
    receiver.answers = [b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"]
    await bot.set_webhook(receiver.url)
    first, second = await receiver.gets(2)
    assert second.at - first.at > 0.9


def test_the_pauses_grow() -> None:
    pace = Pace()
    assert [pace.after(failures) for failures in range(1, 10)] == [0, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_a_redirection_is_not_followed(bot: Bot, person: Account, receiver: Receiver) -> None:
    async with receiving() as elsewhere:
        answer = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n"
        receiver.answers = [answer.encode()]
        await bot.set_webhook(receiver.url)
        await receiver.gets(2)
        assert elsewhere.has_no_more()
    assert (await bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 302 Found"


async def test_a_call_in_the_answer_is_passed_over(bot: Bot, person: Account, receiver: Receiver) -> None:
    call = f'{{"method": "sendMessage", "chat_id": {person.id}, "text": "hello"}}'.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(call)}\r\n\r\n"
    receiver.answers = [head.encode() + call]
    await bot.set_webhook(receiver.url)
    await person.until(lambda: person.has_read(person.messages[0]))
    assert person.replies == []


async def test_with_a_webhook_there_is_no_polling(
    bot: Bot, world: Telegram, person: Account, receiver: Receiver, wire: Wire
) -> None:
    world.updates.drop()
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.wait({poll}, timeout=0.1)
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use deleteWebhook to"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_without_the_webhook_what_waits_comes_by_polling(bot: Bot, person: Account, receiver: Receiver) -> None:
    receiver.open.clear()
    await bot.set_webhook(receiver.url)
    await receiver.gets()
    person.writes("still waiting")
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    receiver.open.set()
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["/start", "still waiting"]
    assert receiver.has_no_more()


async def test_what_waits_is_dropped_when_that_is_asked_for(bot: Bot, person: Account, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    person.writes("after that")
    assert await receiver.gets_texts(1) == ["after that"]
    await person.until(lambda: person.has_read(person.messages[-1]))
    receiver.open.clear()
    person.writes("dropped in the middle")
    await receiver.gets()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_only_the_kinds_that_were_asked_for(bot: Bot, person: Account, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, allowed_updates=["callback_query"])
    await receiver.gets()  # it was there before
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
    await bot.send_message(person.id, "?", reply_markup=keys)
    person.writes("not wanted")
    person.presses("Yes")
    assert await receiver.gets_texts(1) == ["yes"]


async def test_the_same_webhook_again_changes_nothing_and_another_one_takes_over(
    bot: Bot, person: Account, receiver: Receiver
) -> None:
    receiver.open.clear()
    await bot.set_webhook(receiver.url, secret_token=SECRET)
    await receiver.gets()
    await bot.set_webhook(receiver.url, secret_token=SECRET)
    person.writes("two")
    async with receiving() as other:
        await bot.set_webhook(other.url, secret_token=SECRET)
        assert await other.gets_texts(2) == ["/start", "two"]
    assert receiver.has_no_more()


async def test_what_is_told_of_a_webhook(bot: Bot, receiver: Receiver) -> None:
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == ("", 0, None)
    await bot.set_webhook(receiver.url, max_connections=7, allowed_updates=["message"], ip_address="192.0.2.1")
    info = await bot.get_webhook_info()
    assert (info.url, info.has_custom_certificate, info.pending_update_count) == (receiver.url, False, 0)
    assert (info.last_error_date, info.last_error_message) == (None, None)
    assert (info.max_connections, info.allowed_updates) == (7, ("message",))
    await bot.set_webhook(receiver.url)
    assert (await bot.get_webhook_info()).max_connections == 40
    await bot.set_webhook(receiver.url, max_connections=1000)
    assert (await bot.get_webhook_info()).max_connections == 100


@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("http://", "", "invalid webhook URL specified"),
        ("http://127.0.0.1:99999/", "", "invalid webhook URL specified"),
        ("ftp://127.0.0.1/", "", "invalid webhook URL specified"),
        ("http://example.org/", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("https://127.0.0.1:8000/", "", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https://example.org/", "", "bad webhook: this simulated Telegram calls no other computer than its own"),
        ("example.org/hook", "", "bad webhook: this simulated Telegram calls no other computer than its own"),
        ("http://127.0.0.1@example.org/", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("http://127.0.0.1\\@example.org/", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("http://127.0.0.1.example.org/", "", "bad webhook: An HTTPS URL must be provided for webhook"),
        ("http://127.0.0.1/", "x" * 257, "secret token is too long"),
        ("http://127.0.0.1/", "a b", "secret token contains unallowed characters"),
        ("http://127.0.0.1/", "ćao", "secret token contains unallowed characters"),
    ],
)
async def test_what_is_refused(url: str, secret: str, words: str, bot: Bot, world: Telegram, wire: Wire) -> None:
    with pytest.raises(BadRequest):
        await bot.set_webhook(url, secret_token=secret)
    assert wire.description == f"Bad Request: {words}"
    assert world.webhook.hook is None


@pytest.mark.parametrize("url", ["http://localhost:1/", "http://127.0.0.1/", "https://127.0.0.1:8443/", "localhost"])
async def test_what_is_taken(url: str, bot: Bot) -> None:
    await bot.set_webhook(url, secret_token="x" * 256)
    assert (await bot.get_webhook_info()).url == url


async def test_a_certificate_is_refused(bot: Bot, receiver: Receiver, wire: Wire) -> None:
    with pytest.raises(BadRequest):
        await bot.set_webhook(receiver.url, certificate=b"-----BEGIN CERTIFICATE-----")
    assert wire.description == "Bad Request: bad webhook: this simulated Telegram takes no certificate"


async def test_the_server_ends_though_a_receiver_does_not_answer(receiver: Receiver) -> None:
    receiver.open.clear()
    async with serving() as other, Bot(other.telegram.token, base_url=other.base_url) as bot:
        other.telegram.person().starts()
        await bot.set_webhook(receiver.url)
        await receiver.gets()
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 2
