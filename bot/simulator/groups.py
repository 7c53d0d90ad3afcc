"""A group or channel that the bot may be added to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.simulator import entities
from bot.simulator.messages import Chat, Message
from bot.simulator.parameters import Json

if TYPE_CHECKING:
    from bot.simulator.accounts import Account
    from bot.simulator.chats import Telegram


class Group(Chat):
    """A group, supergroup or channel; the bot meets it only when somebody adds it there."""

    def __init__(self, telegram: Telegram, chat_id: int, title: str, kind: str) -> None:
        super().__init__(chat_id)
        self._telegram = telegram
        self.title = title
        self.kind = kind
        self.has_bot = False

    def to_api(self) -> Json:
        return {"id": self.id, "title": self.title, "type": self.kind}

    def adds_bot(self, by: Account) -> None:
        """Somebody adds the bot."""
        self.has_bot = by.known_to_bot = True
        self._telegram.membership_changed(self, by.user, "left", "member")
        if self.kind != "channel":
            self._posted(by, {"new_chat_members": [self._telegram.bot_user()]})

    def writes(self, by: Account, text: str) -> Message:
        """Somebody writes there; of a group the bot hears commands only (privacy mode), of a channel all."""
        by.known_to_bot = True
        return self._posted(by, entities.plain(text).to_api())

    def bot_leaves(self) -> None:
        """The bot left."""
        self.has_bot = False
        self._telegram.membership_changed(self, self._telegram.bot_user(), "member", "left")

    def _posted(self, by: Account, content: Json) -> Message:
        message = Message(
            id=self._telegram.new_message_id(),
            chat=self,
            sender=by.user,
            date=self._telegram.clock.now(),
            content=content,
        )
        self.log[message.id] = message
        heard = "text" not in content or str(content["text"]).startswith("/")
        if self.has_bot and self.kind == "channel":
            self._telegram.updates.push("channel_post", message.to_api())
        elif self.has_bot and heard:
            message.update_id = self._telegram.updates.push("message", message.to_api())
        return message
