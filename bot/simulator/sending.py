"""Bot API methods that put messages into chats, change them and take them away."""

from __future__ import annotations

from typing import Final

from bot.simulator import entities, errors, files, images, keyboards
from bot.simulator.accounts import MAX_CAPTION, MAX_TEXT, Account
from bot.simulator.chats import Telegram
from bot.simulator.groups import Group
from bot.simulator.messages import Chat, Message
from bot.simulator.parameters import Json, Parameters, field

DELETABLE_SECONDS: Final = 48 * 60 * 60
_MAX_IDS: Final = 100
_ACTIONS: Final = frozenset(
    {
        *("cancel", "typing", "choose_sticker", "pick_up_location", "find_location"),
        *("record_video", "record_audio", "record_voice", "record_video_note"),
        *("upload_video", "upload_audio", "upload_voice", "upload_photo", "upload_document"),
        "upload_video_note",
    }
)


async def send_message(telegram: Telegram, parameters: Parameters) -> object:
    """sendMessage."""
    content = _text_content(parameters)
    return _send(telegram, parameters, content)


async def send_photo(telegram: Telegram, parameters: Parameters) -> object:
    """sendPhoto."""
    file = telegram.files.received(parameters.file("photo"), "photo", "photos", "photo.jpg")
    width, height = images.size(file.content) or (0, 0)
    content: Json = {"photo": [{**file.to_api(), "width": width, "height": height}]}
    return _send(telegram, parameters, {**content, **_caption(parameters)})


async def send_voice(telegram: Telegram, parameters: Parameters) -> object:
    """sendVoice."""
    file = telegram.files.received(parameters.file("voice"), "voice", "voice", "voice.oga")
    voice: Json = {**file.to_api(), "duration": parameters.integer("duration", least=0)}
    return _send(telegram, parameters, {"voice": {**voice, "mime_type": "audio/ogg"}, **_caption(parameters)})


async def send_document(telegram: Telegram, parameters: Parameters) -> object:
    """sendDocument."""
    file = telegram.files.received(parameters.file("document"), "document", "documents", "document")
    document: Json = {**file.to_api(), "file_name": file.name, "mime_type": file.media_type}
    return _send(telegram, parameters, {"document": document, **_caption(parameters)})


async def edit_message_text(telegram: Telegram, parameters: Parameters) -> object:
    """editMessageText."""
    content = _text_content(parameters)
    markup = _edited_markup(parameters)
    message = _to_edit(telegram, parameters)
    _check_length(content)
    if "text" not in message.content:
        raise errors.bad_request("There is no text in the message to edit")
    return _edit(telegram, message, content, markup)


async def edit_message_reply_markup(telegram: Telegram, parameters: Parameters) -> object:
    """editMessageReplyMarkup."""
    markup = _edited_markup(parameters)
    message = _to_edit(telegram, parameters)
    return _edit(telegram, message, message.content, markup)


async def delete_message(telegram: Telegram, parameters: Parameters) -> object:
    """deleteMessage."""
    if not parameters.text("chat_id"):
        raise errors.bad_request("Chat identifier is not specified")
    message_id = parameters.integer("message_id", least=0)
    if message_id == 0:
        raise errors.bad_request("Message identifier is not specified")
    message = addressed(telegram, parameters).find(message_id)
    if message is None:
        raise errors.bad_request("message to delete not found")
    _delete(telegram, [message])
    return True


async def delete_messages(telegram: Telegram, parameters: Parameters) -> object:
    """deleteMessages: those that are not there are passed over; one that is too old stops all."""
    numbers = parameters.structure("message_ids", "message_ids JSON object")
    if numbers is None or numbers == []:
        raise errors.bad_request("Message identifiers are not specified")
    if not isinstance(numbers, list):
        raise errors.bad_request("Expected an Array of message identifiers")
    if len(numbers) > _MAX_IDS:
        raise errors.bad_request("Too many message identifiers specified")
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool):
            raise errors.bad_request("Message identifier must be a Number")
        if number <= 0:
            raise errors.bad_request("Invalid message identifier specified")
    chat = addressed(telegram, parameters)
    _delete(telegram, [message for number in numbers if (message := chat.find(number)) is not None])
    return True


async def send_chat_action(telegram: Telegram, parameters: Parameters) -> object:
    """sendChatAction."""
    action = parameters.text("action").lower()
    if action not in _ACTIONS:
        raise errors.bad_request("Wrong parameter action in request")
    chat = writable(telegram, parameters)
    if isinstance(chat, Account):
        chat.shows_action(action)
    return True


def addressed(telegram: Telegram, parameters: Parameters) -> Chat:
    """The chat that chat_id names and the bot may look at; raises Refusal."""
    text = parameters.text("chat_id")
    if not text:
        raise errors.bad_request("chat_id is empty")
    chat = telegram.chat(int(text)) if text.removeprefix("-").isdecimal() else None
    if chat is None:
        raise errors.bad_request("chat not found")
    return chat


def writable(telegram: Telegram, parameters: Parameters) -> Chat:
    """The chat that chat_id names and the bot may write to; raises Refusal."""
    chat = addressed(telegram, parameters)
    if isinstance(chat, Group) and not chat.has_bot:
        raise errors.forbidden(f"bot is not a member of the {chat.kind} chat")
    if isinstance(chat, Account) and chat.blocked:
        raise errors.forbidden(errors.BLOCKED)
    if isinstance(chat, Account) and not chat.started:
        raise errors.forbidden("bot can't initiate conversation with a user")
    return chat


def _text_content(parameters: Parameters) -> Json:
    text = parameters.text("text")
    if not text:
        raise errors.bad_request("Message text is empty")
    options = parameters.structure("link_preview_options", "link preview options JSON object")
    if options is not None and not isinstance(options, dict):
        raise errors.bad_request("Object expected as link preview options")
    explicit = parameters.structure("entities", "entities JSON object")
    formed = entities.formatted(text, parameters.text("parse_mode"), explicit)
    content = formed.to_api()
    if options:
        content["link_preview_options"] = options
    return content


def _caption(parameters: Parameters) -> Json:
    explicit = parameters.structure("caption_entities", "caption_entities JSON object")
    caption = parameters.text("caption")
    formed = entities.formatted(caption, parameters.text("parse_mode"), explicit, may_be_empty=True)
    if entities.units(formed.text) > MAX_CAPTION:
        raise errors.bad_request("message caption is too long")
    return formed.to_api("caption") if formed.text else {}


def _check_length(content: Json) -> None:
    if entities.units(content.get("text", "")) > MAX_TEXT:
        raise errors.bad_request("message is too long")


def _send(telegram: Telegram, parameters: Parameters, content: Json) -> object:
    markup = keyboards.markup(parameters.structure("reply_markup", "reply keyboard markup JSON object"))
    chat = addressed(telegram, parameters)
    reply_to = _reply(telegram, chat, parameters)
    writable(telegram, parameters)
    _check_length(content)
    message = Message(
        id=telegram.new_message_id(),
        chat=chat,
        sender=telegram.bot_user(),
        date=telegram.clock.now(),
        content=content,
        from_bot=True,
        markup=markup,
        reply_to=reply_to,
        silent=parameters.flag("disable_notification"),
        protected=parameters.flag("protect_content"),
    )
    if isinstance(chat, Account):
        chat.receives(message)
    else:
        chat.log[message.id] = message
    return message.to_api()


def _reply(telegram: Telegram, chat: Chat, parameters: Parameters) -> Message | None:
    value = parameters.structure("reply_parameters", "reply parameters JSON object")
    if value is None:
        message_id = parameters.integer("reply_to_message_id", least=0)
        lenient = parameters.flag("allow_sending_without_reply")
    else:
        if not isinstance(value, dict):
            raise errors.bad_request("Object expected as reply parameters")
        if not value:
            return None
        try:
            message_id = max(0, field(value, "message_id", int, required=True))
            lenient = field(value, "allow_sending_without_reply", bool, False)
            other = field(value, "chat_id", str, "")
        except ValueError as reason:
            raise errors.bad_request(str(reason)) from None
        if other and other != str(chat.id):
            chat = addressed(telegram, Parameters({"chat_id": other}))
    if message_id == 0:
        return None
    message = chat.find(message_id)
    if message is None and not lenient:
        raise errors.bad_request("message to be replied not found")
    return message


def _edited_markup(parameters: Parameters) -> Json | None:
    value = parameters.structure("reply_markup", "reply keyboard markup JSON object")
    return keyboards.markup(value, only_inline=True)


def _to_edit(telegram: Telegram, parameters: Parameters) -> Message:
    message_id = parameters.integer("message_id", least=0)
    if not parameters.text("chat_id") and message_id == 0:
        if parameters.text("inline_message_id"):
            raise errors.bad_request("MESSAGE_ID_INVALID")
        raise errors.bad_request("Message identifier is not specified")
    message = addressed(telegram, parameters).find(message_id)
    if message is None:
        raise errors.bad_request("message to edit not found")
    # a message with a reply keyboard can never be edited
    other_markup = message.markup is not None and "inline_keyboard" not in message.markup
    if not message.from_bot or other_markup or message.forward is not None:
        raise errors.bad_request("Message can't be edited")
    return message


def _edit(telegram: Telegram, message: Message, content: Json, markup: Json | None) -> object:
    writable(telegram, Parameters({"chat_id": message.chat.id}))
    if content == message.content and markup == message.markup:
        raise errors.bad_request(errors.MESSAGE_NOT_MODIFIED)
    message.content = content
    message.markup = markup
    message.edited = telegram.clock.now()
    if isinstance(message.chat, Account):
        message.chat.changed(message)
    return message.to_api()


def _delete(telegram: Telegram, messages: list[Message]) -> None:
    now = telegram.clock.now()
    for message in messages:
        if isinstance(message.chat, Group) and not message.from_bot:
            raise errors.bad_request("Message can't be deleted")
        if now - message.date > DELETABLE_SECONDS:
            raise errors.bad_request("Message can't be deleted for everyone")
    for message in messages:
        message.gone_for_bot = message.gone_for_person = True
        if isinstance(message.chat, Account):
            message.chat.changed(message)


async def get_file(telegram: Telegram, parameters: Parameters) -> object:
    """getFile."""
    file = telegram.files.by_id(parameters.text("file_id"))
    if file is None:
        raise errors.bad_request("invalid file_id")
    if len(file.content) > files.MAX_DOWNLOAD:
        raise errors.bad_request("file is too big")
    return file.to_api(with_path=True)
