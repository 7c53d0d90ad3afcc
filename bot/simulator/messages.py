"""A chat and the messages in it, seen from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.simulator.parameters import Json


class Chat:
    """A place where messages are: a person's chat with the bot, or a group."""

    def __init__(self, chat_id: int) -> None:
        self.id = chat_id
        self.log: dict[int, Message] = {}

    def to_api(self) -> Json:
        """As the Bot API writes a Chat."""
        raise NotImplementedError

    def find(self, message_id: int) -> Message | None:
        """The message, unless it is gone for the bot."""
        message = self.log.get(message_id)
        return None if message is None or message.gone_for_bot else message


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button as a person sees it."""

    text: str
    data: str | None = None
    url: str | None = None
    copies: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """One message; `content` holds the fields of the Bot API's Message that say what it is."""

    id: int
    chat: Chat
    sender: Json
    date: int
    content: Json
    from_bot: bool = False
    markup: Json | None = None
    reply_to: Message | None = None
    forward: Json | None = None
    edited: int | None = None
    silent: bool = False
    protected: bool = False
    gone_for_bot: bool = False
    gone_for_person: bool = False
    update_id: int | None = None
    pressed: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The text, or the caption of a picture or file."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def kind(self) -> str:
        """What it is: text, photo, voice, document, location, …"""
        for name in self.content:
            if not name.startswith(("caption", "entities", "link_preview")):
                return name
        return "text"

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return [
            [
                Button(
                    key["text"],
                    key.get("callback_data"),
                    key.get("url"),
                    key.get("copy_text", {}).get("text"),
                )
                for key in row
            ]
            for row in rows
        ]

    def button(self, text: str) -> Button | None:
        """The inline button with this text."""
        return next((button for row in self.buttons for button in row if button.text == text), None)

    def to_api(self, *, with_reply: bool = True) -> Json:
        """As the Bot API writes a Message."""
        fields: Json = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.to_api(),
            "date": self.date,
        }
        if self.edited is not None:
            fields["edit_date"] = self.edited
        if self.forward is not None:
            fields["forward_origin"] = self.forward
            fields["forward_date"] = self.forward["date"]
        if self.protected:
            fields["has_protected_content"] = True
        if with_reply and self.reply_to is not None and not self.reply_to.gone_for_bot:
            fields["reply_to_message"] = self.reply_to.to_api(with_reply=False)
        fields.update(self.content)
        if self.markup is not None and "inline_keyboard" in self.markup:
            fields["reply_markup"] = self.markup
        return fields


def seen_by_person(chat: Chat) -> Iterator[Message]:
    """The messages that are still on the person's screen, oldest first."""
    return (message for message in chat.log.values() if not message.gone_for_person)
