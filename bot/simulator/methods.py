"""The methods of the Bot API that this server knows; to all others it answers as Telegram does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot.simulator import errors, sending, webhook
from bot.simulator.accounts import Account
from bot.simulator.chats import Telegram
from bot.simulator.groups import Group
from bot.simulator.parameters import Json, Parameters, field

Method = Callable[[Telegram, Parameters], Awaitable[object]]

_MAX_COMMANDS: Final = 100


async def call(telegram: Telegram, name: str, parameters: Parameters) -> object:
    """Does what the method says and gives its result; raises Refusal."""
    method = METHODS.get(name.lower())
    if method is None:
        raise errors.unknown_method()
    return await method(telegram, parameters)


async def _get_me(telegram: Telegram, parameters: Parameters) -> object:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**telegram.bot_user(), **abilities}


async def _get_updates(telegram: Telegram, parameters: Parameters) -> object:
    if telegram.webhook.hook is not None:
        raise errors.Refusal(409, errors.CONFLICT_WITH_WEBHOOK)
    _allow(telegram, parameters)
    return await telegram.updates.get(
        offset=parameters.integer("offset"),
        limit=parameters.integer("limit", 100, 1, 100),
        timeout=parameters.integer("timeout", 0, 0),
    )


async def _set_webhook(telegram: Telegram, parameters: Parameters) -> object:
    url = parameters.text("url")
    if not url:
        return await _delete_webhook(telegram, parameters)
    if parameters.file("certificate") is not None:
        raise errors.bad_request("bad webhook: this simulated Telegram takes no certificate")
    at_once = parameters.integer("max_connections", webhook.USUAL_CONNECTIONS, 1, webhook.MAX_CONNECTIONS)
    hook = webhook.Hook(url, parameters.text("secret_token"), at_once)
    _drop(telegram, parameters)
    _allow(telegram, parameters)
    telegram.webhook.set(hook)
    return True


async def _delete_webhook(telegram: Telegram, parameters: Parameters) -> object:
    telegram.webhook.delete()
    _drop(telegram, parameters)
    return True


async def _get_webhook_info(telegram: Telegram, parameters: Parameters) -> object:
    return telegram.webhook.to_api()


def _allow(telegram: Telegram, parameters: Parameters) -> None:
    kinds = parameters.structure("allowed_updates", "allowed updates JSON object")
    if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds):
        telegram.updates.allow(kinds)


def _drop(telegram: Telegram, parameters: Parameters) -> None:
    if parameters.flag("drop_pending_updates"):
        telegram.updates.drop()


async def _answer_callback_query(telegram: Telegram, parameters: Parameters) -> object:
    found = telegram.live_query(parameters.text("callback_query_id"))
    if found is None:
        raise errors.bad_request(errors.QUERY_TOO_OLD)
    text = parameters.text("text")
    if len(text) > 200:
        raise errors.bad_request("MESSAGE_TOO_LONG")
    account, press = found
    press.answered = True
    press.text = text
    press.alert = parameters.flag("show_alert")
    account.changed(press.message)
    return True


async def _get_chat(telegram: Telegram, parameters: Parameters) -> object:
    chat = sending.addressed(telegram, parameters)
    gifts = dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        False,
    )
    full: Json = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return {**chat.to_api(), **full}


async def _leave_chat(telegram: Telegram, parameters: Parameters) -> object:
    chat = sending.addressed(telegram, parameters)
    if isinstance(chat, Account):
        raise errors.bad_request("Can't leave private chats")
    if isinstance(chat, Group):
        if not chat.has_bot:
            raise errors.forbidden(f"bot is not a member of the {chat.kind} chat")
        chat.bot_leaves()
    return True


async def _set_my_commands(telegram: Telegram, parameters: Parameters) -> object:
    value = parameters.structure("commands", "commands JSON object")
    if value is not None and not isinstance(value, list):
        raise errors.bad_request("Expected an Array of BotCommand")
    given = [_command(item) for item in value or []]
    scope = _scope(telegram, parameters)
    language = _language(parameters)
    commands = [_checked_command(*pair) for pair in given]
    if len(commands) > _MAX_COMMANDS:
        raise errors.bad_request("BOT_COMMANDS_TOO_MUCH")
    telegram.profile.set_commands(scope, language, commands)
    for account in telegram.accounts.values():
        account.changed()
    return True


async def _get_my_commands(telegram: Telegram, parameters: Parameters) -> object:
    return telegram.profile.commands(_scope(telegram, parameters), _language(parameters))


async def _delete_my_commands(telegram: Telegram, parameters: Parameters) -> object:
    telegram.profile.set_commands(_scope(telegram, parameters), _language(parameters), [])
    for account in telegram.accounts.values():
        account.changed()
    return True


async def _set_my_name(telegram: Telegram, parameters: Parameters) -> object:
    _keep(telegram.profile.names, parameters, "name", 64)
    return True


async def _set_my_description(telegram: Telegram, parameters: Parameters) -> object:
    _keep(telegram.profile.descriptions, parameters, "description", 512)
    return True


async def _set_my_short_description(telegram: Telegram, parameters: Parameters) -> object:
    _keep(telegram.profile.short_descriptions, parameters, "short_description", 120)
    return True


async def _set_chat_menu_button(telegram: Telegram, parameters: Parameters) -> object:
    value = parameters.structure("menu_button", "menu button JSON object")
    button = {"type": "default"} if value is None else value
    problem = "Can't parse menu button: "
    if not isinstance(button, dict):
        raise errors.bad_request(f"{problem}MenuButton must be an Object")
    try:
        kind = field(button, "type", str, required=True)
        if kind == "web_app":
            field(button, "text", str, required=True)
    except ValueError as reason:
        raise errors.bad_request(f"{problem}{reason}") from None
    if kind not in {"default", "commands", "web_app"}:
        raise errors.bad_request(f"{problem}MenuButton has unsupported type")
    chat_id = parameters.integer("chat_id", 0, 0, 2**60)
    if parameters.text("chat_id") and chat_id not in telegram.accounts:
        raise errors.bad_request("user not found" if chat_id else "Invalid chat_id specified")
    telegram.profile.menu_buttons[chat_id] = button
    return True


def _command(item: object) -> tuple[str, str]:
    problem = "Can't parse BotCommand: "
    if not isinstance(item, dict):
        raise errors.bad_request(f"{problem}expected an Object")
    try:
        return field(item, "command", str, required=True), field(item, "description", str, required=True)
    except ValueError as reason:
        raise errors.bad_request(f"{problem}{reason}") from None


def _checked_command(command: str, description: str) -> Json:
    command = command.strip().removeprefix("/")
    description = description.strip()
    if not command:
        raise errors.bad_request("Command must be non-empty")
    if len(command) > 32:
        raise errors.bad_request("Command length must not exceed 32")
    if not description:
        raise errors.bad_request("Command description must be non-empty")
    if len(description) > 256:
        raise errors.bad_request("Command description length must not exceed 256")
    if not command.isascii() or not command.replace("_", "a").isalnum() or command != command.lower():
        raise errors.bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _scope(telegram: Telegram, parameters: Parameters) -> Json:
    scope = parameters.structure("scope", "BotCommandScope JSON object")
    problem = "Can't parse BotCommandScope: "
    if scope is None:
        return {"type": "default"}
    if not isinstance(scope, dict):
        raise errors.bad_request(f"{problem}BotCommandScope must be an Object")
    kind = scope.get("type", "")
    if kind in {"", "default", "all_private_chats", "all_group_chats", "all_chat_administrators"}:
        return {"type": kind or "default"}
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        raise errors.bad_request(f"{problem}Unsupported type specified")
    try:
        chat_id = field(scope, "chat_id", str, required=True)
    except ValueError as reason:
        raise errors.bad_request(f"{problem}{reason}") from None
    sending.addressed(telegram, Parameters({"chat_id": chat_id}))
    return {"type": kind, "chat_id": chat_id}


def _language(parameters: Parameters) -> str:
    language = parameters.text("language_code")
    if language and not (len(language) == 2 and language.isascii() and language.isalpha() and language.islower()):
        raise errors.bad_request("Invalid language code specified")
    return language


def _keep(store: dict[str, str], parameters: Parameters, name: str, most: int) -> None:
    """Sets a text in one language; the limit is documented, the words of its refusal are our own."""
    language = _language(parameters)
    text = parameters.text(name)
    if len(text) > most:
        raise errors.bad_request(f"{name.upper()}_TOO_LONG")
    if text:
        store[language] = text
    elif language or name != "name":
        store.pop(language, None)


METHODS: Final[dict[str, Method]] = {
    name.lower(): method
    for name, method in {
        "getMe": _get_me,
        "getUpdates": _get_updates,
        "setWebhook": _set_webhook,
        "deleteWebhook": _delete_webhook,
        "getWebhookInfo": _get_webhook_info,
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendVoice": sending.send_voice,
        "sendDocument": sending.send_document,
        "editMessageText": sending.edit_message_text,
        "editMessageReplyMarkup": sending.edit_message_reply_markup,
        "deleteMessage": sending.delete_message,
        "deleteMessages": sending.delete_messages,
        "sendChatAction": sending.send_chat_action,
        "getFile": sending.get_file,
        "answerCallbackQuery": _answer_callback_query,
        "getChat": _get_chat,
        "leaveChat": _leave_chat,
        "setMyCommands": _set_my_commands,
        "getMyCommands": _get_my_commands,
        "deleteMyCommands": _delete_my_commands,
        "setMyName": _set_my_name,
        "setMyDescription": _set_my_description,
        "setMyShortDescription": _set_my_short_description,
        "setChatMenuButton": _set_chat_menu_button,
    }.items()
}
