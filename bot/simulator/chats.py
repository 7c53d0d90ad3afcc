"""The simulated Telegram: one bot, the people who write to it, and all that is between them."""

from __future__ import annotations

import asyncio
import random as randomness
from collections.abc import Callable
from typing import Final, TypeVar

from bot.simulator import names
from bot.simulator.accounts import Account, Press
from bot.simulator.changes import Changes
from bot.simulator.clock import Clock
from bot.simulator.faults import Faults
from bot.simulator.files import Files
from bot.simulator.groups import Group
from bot.simulator.messages import Chat
from bot.simulator.parameters import Json
from bot.simulator.profile import Profile
from bot.simulator.updates import Updates
from bot.simulator.webhook import Webhook

T = TypeVar("T")
DEFAULT_TOKEN: Final = "700000001:simulated-telegram-of-the-helpline0"  # noqa: S105 - opens nothing but this simulator
# Telegram does not say how long a press can be answered; a minute is on the strict side of what is reported
QUERY_SECONDS: Final = 60


class Telegram:
    """Everything that Telegram knows, in memory.

    It belongs to one event loop: people act by plain calls, which are done at once and whole; the bot acts
    through the HTTP server of `bot.simulator.server`. Nothing is kept when the process ends.
    """

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        *,
        name: str = "Bridge",
        username: str = "bridge_demo_bot",
        clock: Clock | None = None,
        random: randomness.Random | None = None,
    ) -> None:
        self.token = token
        self.bot_id = int(token.partition(":")[0])
        self.clock = clock or Clock()
        self.random = random or randomness.SystemRandom()
        self.changes = Changes()
        self.files = Files(self.random)
        self.updates = Updates(self.random.randrange(100_000_000, 900_000_000), self.clock, self._confirmed)
        self.webhook = Webhook(self.updates, self.clock, self.changes.publish)
        self.faults = Faults(self.changes.publish)
        self.profile = Profile(name, username)
        self.accounts: dict[int, Account] = {}
        self.groups: dict[int, Group] = {}
        self.queries: dict[str, tuple[Account, Press]] = {}
        self._message_id = self.random.randrange(1, 500)

    def person(
        self,
        language: str = "en",
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
    ) -> Account:
        """A new person whose app speaks this language; names that are not given are invented."""
        first, last, nick = names.invented(language, self.random)
        user_id = self.random.randrange(1_000_000_000, 7_000_000_000)
        user: Json = {"id": user_id, "is_bot": False, "first_name": first_name or first}
        if first_name is None or last_name is not None:
            user["last_name"] = last_name or last
        user["username"] = username or nick
        if language:
            user["language_code"] = language
        account = self.accounts[user_id] = Account(self, user)
        self.changes.publish(user_id)
        return account

    def group(self, title: str, kind: str = "supergroup") -> Group:
        """A new group: kind is group, supergroup or channel."""
        number = self.random.randrange(1_000_000_000, 2_000_000_000)
        chat_id = -number if kind == "group" else -1_000_000_000_000 - number
        group = self.groups[chat_id] = Group(self, chat_id, title, kind)
        return group

    def chat(self, chat_id: int) -> Chat | None:
        """The chat of this id, if the bot can know it."""
        account = self.accounts.get(chat_id)
        if account is not None:
            return account if account.known_to_bot else None
        return self.groups.get(chat_id)

    def bot_user(self) -> Json:
        """The bot as a User."""
        return {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": self.profile.name(),
            "username": self.profile.username,
        }

    def new_message_id(self) -> int:
        """The next message id: one row of numbers for all of the bot's private chats, as in Telegram."""
        self._message_id += 1
        return self._message_id

    def new_query_id(self) -> str:
        """An id for a press of a button."""
        return str(self.random.randrange(10**17, 10**18))

    def live_query(self, query_id: str) -> tuple[Account, Press] | None:
        """The press that can still be answered."""
        found = self.queries.get(query_id)
        if found is None or self.clock.now() - found[1].date > QUERY_SECONDS:
            return None
        return found

    def membership_changed(self, chat: Chat, by: Json, old: str, new: str) -> None:
        """Tells the bot that its own place in a chat changed."""
        bot = self.bot_user()
        until = {"until_date": 0}
        self.updates.push(
            "my_chat_member",
            {
                "chat": chat.to_api(),
                "from": by,
                "date": self.clock.now(),
                "old_chat_member": {"user": bot, "status": old, **(until if old == "kicked" else {})},
                "new_chat_member": {"user": bot, "status": new, **(until if new == "kicked" else {})},
            },
        )

    async def until(self, condition: Callable[[], T], timeout: float = 5.0, told: Callable[[], str] | None = None) -> T:
        """Waits until the condition holds, looking at every change, and gives its value.

        Raises TimeoutError after `timeout` seconds; `told` says what the error shows.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        subscription = self.changes.subscribe()
        try:
            while not (value := condition()):
                left = deadline - loop.time()
                if left <= 0 or subscription.closed:
                    raise TimeoutError(f"it did not come to that in {timeout} s\n{told() if told else ''}")
                await subscription.next(left)
            return value
        finally:
            self.changes.unsubscribe(subscription)

    def close(self) -> None:
        """Ends all waiting: the server goes down."""
        self.updates.close()
        self.webhook.close()
        self.faults.close()
        self.changes.close()

    def _confirmed(self) -> None:
        for account in self.accounts.values():
            account.note_read(self.updates.confirmed_below)
