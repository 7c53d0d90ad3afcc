"""A person with a Telegram account: what they do, and what they see on their phone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from bot.simulator import entities, images, samples
from bot.simulator.messages import Button, Chat, Message, seen_by_person
from bot.simulator.parameters import Json

if TYPE_CHECKING:
    from bot.simulator.chats import Telegram

T = TypeVar("T")
MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
ACTION_SECONDS: Final = 5


@dataclass(slots=True)
class Press:
    """A press of an inline button, and what the bot answered to it."""

    id: str
    message: Message
    data: str
    date: int
    answered: bool = False
    text: str = ""
    alert: bool = False


class Account(Chat):
    """A person; their account and their private chat with the bot, which have one id in Telegram."""

    def __init__(self, telegram: Telegram, user: Json) -> None:
        super().__init__(user["id"])
        self._telegram = telegram
        self.user = user
        self.started = False
        self.blocked = False
        self.known_to_bot = False
        self.keyboard_markup: Json | None = None
        self.forced_reply: Message | None = None
        self.action: str | None = None
        self.action_until = 0
        self.presses_made: list[Press] = []
        self.seen_up_to = 0
        self.read_up_to = 0

    def __repr__(self) -> str:
        return f"<Account {self.id}>"

    # what they see

    @property
    def name(self) -> str:
        """First and last name."""
        return " ".join(filter(None, (self.user["first_name"], self.user.get("last_name"))))

    @property
    def language(self) -> str:
        """The language of their app (IETF tag)."""
        return str(self.user.get("language_code", ""))

    @property
    def messages(self) -> list[Message]:
        """What is on their screen now, oldest first: own and the bot's, without what was deleted."""
        return list(seen_by_person(self))

    @property
    def replies(self) -> list[str]:
        """The texts of the bot's messages on the screen, oldest first."""
        return [message.text for message in seen_by_person(self) if message.from_bot]

    @property
    def last_reply(self) -> str:
        """The text of the bot's last message on the screen; empty when there is none."""
        return next(reversed(self.replies), "")

    @property
    def buttons(self) -> list[str]:
        """The texts of the inline buttons of the bot's last message that has any."""
        for message in reversed(self.messages):
            if message.buttons:
                return [button.text for row in message.buttons for button in row]
        return []

    @property
    def keyboard(self) -> list[list[str]]:
        """The texts of the reply keyboard, row by row; empty when none is shown."""
        return [[key["text"] for key in row] for row in (self.keyboard_markup or {}).get("keyboard", [])]

    @property
    def unread(self) -> int:
        """How many of the bot's messages they have not seen."""
        return sum(message.from_bot and message.id > self.seen_up_to for message in seen_by_person(self))

    def has_read(self, message: Message) -> bool:
        """Whether the bot has received (confirmed) this message of theirs: the second tick."""
        return message.id <= self.read_up_to

    def note_read(self, below: int) -> None:
        """The bot confirmed all updates below this id."""
        for message in reversed(self.log.values()):
            if message.id <= self.read_up_to:
                return
            if not message.from_bot and message.update_id is not None and message.update_id < below:
                self.read_up_to = message.id
                self._changed(None)
                return

    async def until(self, condition: Callable[[], T], timeout: float = 5.0) -> T:
        """Waits until the condition holds, looking at every change of the world, and gives its value.

        Raises TimeoutError, with the end of the chat, after `timeout` seconds.
        """
        return await self._telegram.until(condition, timeout, self._told)

    def _told(self) -> str:
        return "\n".join(
            f"{'bot' if message.from_bot else 'person'}: {message.text or message.kind}"
            for message in self.messages[-8:]
        )

    # what they do

    def starts(self, payload: str = "") -> Message:
        """Presses Start."""
        return self.writes(f"/start {payload}".rstrip())

    def writes(self, text: str, reply_to: Message | None = None) -> Message:
        """Sends a text; one that is too long leaves in pieces, as apps do. Gives the last message.

        Raises ValueError for a text of nothing, which no app sends.
        """
        formed = entities.plain(text)
        if not formed.text:
            raise ValueError("nothing to send")
        pieces = [formed] if entities.units(formed.text) <= MAX_TEXT else _pieces(formed.text)
        if reply_to is None and self.forced_reply is not None:
            reply_to, self.forced_reply = self.forced_reply, None
        for piece in pieces:
            message = self._sends(piece.to_api(), reply_to=reply_to)
        return message

    def presses(self, text: str) -> Press | Message:
        """Presses the button with this text: an inline one, newest message first, else one of the keyboard.

        Raises LookupError when there is no such button.
        """
        for message in reversed(self.messages):
            button = message.button(text)
            if button is not None:
                return self.presses_button(message, button)
        return self.presses_key(text)

    def presses_button(self, message: Message, button: Button) -> Press:
        """Presses an inline button that sends callback data; raises LookupError for one that does not."""
        if button.data is None:
            raise LookupError(f"«{button.text}» opens a link or copies a text: the bot hears nothing of it")
        press = Press(self._telegram.new_query_id(), message, button.data, self._telegram.clock.now())
        self.presses_made.append(press)
        self._telegram.queries[press.id] = (self, press)
        shown: Json
        if message.gone_for_bot:
            shown = {"chat": self.to_api(), "message_id": message.id, "date": 0}
        else:
            shown = message.to_api()
        self._telegram.updates.push(
            "callback_query",
            {
                "id": press.id,
                "from": self.user,
                "message": shown,
                "chat_instance": str(-7 * self.id - 1),
                "data": button.data,
            },
        )
        self._changed(message)
        return press

    def presses_key(self, text: str, latitude: float = 43.3209, longitude: float = 21.8958) -> Message:
        """Presses a button of the reply keyboard; one that asks for the position sends this one."""
        key = next(
            (key for row in (self.keyboard_markup or {}).get("keyboard", []) for key in row if key["text"] == text),
            None,
        )
        if key is None:
            raise LookupError(f"no button «{text}»; there are {self.buttons} and {self.keyboard}")
        if (self.keyboard_markup or {}).get("one_time_keyboard"):
            self.keyboard_markup = None
        if key.get("request_location"):
            return self.sends_location(latitude, longitude)
        if key.get("request_contact"):
            return self.sends_contact()
        return self.writes(text)

    def sends_photo(self, content: bytes | None = None, caption: str = "") -> Message:
        """Sends a picture; without one the ready sample."""
        content = samples.photo() if content is None else content
        width, height = images.size(content) or (0, 0)
        file = self._telegram.files.add(content, "photos", "photo.jpg")
        return self._sends({"photo": [{**file.to_api(), "width": width, "height": height}], **_caption(caption)})

    def sends_voice(self, content: bytes | None = None, seconds: int = 3) -> Message:
        """Sends a recorded voice message (OGG/Opus); without one the ready sample."""
        content = samples.voice() if content is None else content
        file = self._telegram.files.add(content, "voice", "voice.oga", "audio/ogg")
        return self._sends({"voice": {**file.to_api(), "duration": seconds, "mime_type": file.media_type}})

    def sends_document(self, content: bytes | None = None, name: str = "note.txt", caption: str = "") -> Message:
        """Sends a file; without one a small text."""
        content = samples.document() if content is None else content
        media_type = "text/plain" if name.endswith(".txt") else ""
        file = self._telegram.files.add(content, "documents", name, media_type)
        document = {**file.to_api(), "file_name": name, "mime_type": file.media_type}
        return self._sends({"document": document, **_caption(caption)})

    def sends_video_note(self, content: bytes = b"\x00\x00\x00\x18ftypmp42", seconds: int = 2) -> Message:
        """Sends a round video message."""
        file = self._telegram.files.add(content, "video_notes", "note.mp4", "video/mp4")
        return self._sends({"video_note": {**file.to_api(), "length": 240, "duration": seconds}})

    def sends_sticker(self, emoji: str = "🙂") -> Message:
        """Sends a sticker that stands for the emoji."""
        file = self._telegram.files.add(emoji.encode(), "stickers", "sticker.webp", "image/webp")
        sticker = {**file.to_api(), "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._sends({"sticker": {**sticker, "type": "regular", "emoji": emoji}})

    def sends_contact(self, phone: str = "+381600000000", first_name: str | None = None) -> Message:
        """Shares a contact; without a name their own."""
        contact: Json = {"phone_number": phone, "first_name": first_name or self.user["first_name"]}
        if first_name is None:
            contact["user_id"] = self.id
        return self._sends({"contact": contact})

    def sends_location(self, latitude: float, longitude: float) -> Message:
        """Shares a position in degrees."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError("no such place on Earth")
        return self._sends({"location": {"latitude": latitude, "longitude": longitude}})

    def sends_album(self, pictures: int = 5, caption: str = "") -> list[Message]:
        """Sends several pictures at once: a message for each, the caption under the first."""
        content, album = samples.photo(), self._telegram.new_query_id()
        width, height = images.size(content) or (0, 0)
        sent = []
        for number in range(pictures):
            file = self._telegram.files.add(content, "photos", "photo.jpg")
            photo = {"photo": [{**file.to_api(), "width": width, "height": height}], "media_group_id": album}
            sent.append(self._sends({**photo, **_caption(caption if number == 0 else "")}))
        return sent

    def sends(self, **content: object) -> Message:
        """Sends anything else, as the Bot API writes what stands in a message: dice={"emoji": "🎲", "value": 3}."""
        return self._sends(content)

    def forwards(self, message: Message) -> Message:
        """Forwards a message (own or the bot's) to the bot."""
        origin = {"type": "user", "sender_user": message.sender, "date": message.date}
        return self._sends(dict(message.content), forward=origin)

    def edits(self, message: Message, text: str) -> None:
        """Changes the text of an own message."""
        formed = entities.plain(text)
        if message.from_bot or "text" not in message.content or not formed.text:
            raise ValueError("only an own text can be changed to another text")
        if formed.text == message.text:
            return
        message.content = formed.to_api()
        message.edited = self._telegram.clock.now()
        if not message.gone_for_bot:
            self._telegram.updates.push("edited_message", message.to_api())
        self._changed(message)

    def deletes(self, *messages: Message, also_for_bot: bool = True) -> None:
        """Deletes messages; Telegram tells bots nothing of it."""
        for message in messages:
            message.gone_for_person = True
            message.gone_for_bot = message.gone_for_bot or also_for_bot
            self._changed(message)

    def clears_history(self, *, also_for_bot: bool = True) -> None:
        """Deletes the whole chat."""
        self.keyboard_markup = self.forced_reply = None
        self.deletes(*self.messages, also_for_bot=also_for_bot)

    def blocks(self) -> None:
        """Blocks the bot."""
        self._membership("member", "kicked")

    def unblocks(self) -> None:
        """Unblocks the bot (apps then press Start too: `starts`)."""
        self._membership("kicked", "member")

    def sees(self) -> None:
        """Has the chat open: nothing is unread."""
        newest = max(self.log, default=0)
        if newest > self.seen_up_to:
            self.seen_up_to = newest
            self._changed(None)

    # what Telegram does to them

    def to_api(self) -> Json:
        known = ("first_name", "last_name", "username")
        names: Json = {name: self.user[name] for name in known if name in self.user}
        return {"id": self.id, **names, "type": "private"}

    def receives(self, message: Message) -> None:
        """The bot's message arrives."""
        self.log[message.id] = message
        self.action = None
        markup = message.markup or {}
        if "keyboard" in markup:
            self.keyboard_markup = markup
        elif "remove_keyboard" in markup:
            self.keyboard_markup = None
        self.forced_reply = message if "force_reply" in markup else self.forced_reply
        self._changed(message)

    def shows_action(self, action: str) -> None:
        """The bot is typing: shown for five seconds or until its next message."""
        self.action = None if action == "cancel" else action
        self.action_until = self._telegram.clock.now() + ACTION_SECONDS
        self._changed(None)

    def changed(self, message: Message | None = None) -> None:
        """Tells whoever watches that this chat looks different now."""
        self._changed(message)

    def _sends(self, content: Json, *, reply_to: Message | None = None, forward: Json | None = None) -> Message:
        if self.blocked:
            raise ValueError("a person who blocked the bot can't write to it")
        self.started = self.known_to_bot = True
        message = Message(
            id=self._telegram.new_message_id(),
            chat=self,
            sender=self.user,
            date=self._telegram.clock.now(),
            content=content,
            reply_to=reply_to,
            forward=forward,
        )
        self.log[message.id] = message
        self.seen_up_to = message.id
        message.update_id = self._telegram.updates.push("message", message.to_api())
        self._changed(message)
        return message

    def _membership(self, old: str, new: str) -> None:
        if self.blocked == (new == "kicked"):
            return
        self.blocked = new == "kicked"
        self._telegram.membership_changed(self, self.user, old, new)
        self._changed(None)

    def _changed(self, message: Message | None) -> None:
        self._telegram.changes.publish(self.id, None if message is None else message.id)


def _caption(caption: str) -> Json:
    formed = entities.plain(caption)
    if entities.units(formed.text) > MAX_CAPTION:
        raise ValueError("the caption is too long")
    return formed.to_api("caption") if formed.text else {}


def _pieces(text: str) -> Sequence[entities.FormattedText]:
    """Cuts at a space where one is near the limit, never inside a character."""
    pieces = []
    while text:
        end = min(len(text), MAX_TEXT)
        while entities.units(text[:end]) > MAX_TEXT:
            end -= 1
        if end < len(text):
            with contextlib.suppress(ValueError):
                end = text.rindex(" ", end // 2, end)
        pieces.append(entities.plain(text[:end]))
        text = text[end:].lstrip()
    return [piece for piece in pieces if piece.text]
