"""What the chat page is told about people and messages (JSON)."""

from __future__ import annotations

from bot.simulator.accounts import Account
from bot.simulator.chats import Telegram
from bot.simulator.messages import Message
from bot.simulator.parameters import Json

_MEDIA = ("photo", "voice", "document", "sticker", "video_note", "location", "contact")


def account(telegram: Telegram, who: Account) -> Json:
    """A person's row in the list, and what surrounds their chat: keyboard, typing state, commands."""
    visible = who.messages
    last = visible[-1] if visible else None
    return {
        "id": who.id,
        "name": who.name,
        "username": who.user.get("username", ""),
        "language": who.language,
        "started": who.started,
        "blocked": who.blocked,
        "unread": who.unread,
        "read_up_to": who.read_up_to,
        "last": None if last is None else {"text": preview(last), "date": last.date, "bot": last.from_bot},
        "keyboard": who.keyboard_markup,
        "forced_reply": None if who.forced_reply is None else who.forced_reply.id,
        "action": who.action if who.action_until > telegram.clock.now() else None,
        "commands": list(telegram.profile.commands_shown(who.id, who.language)),
        "about": telegram.profile.descriptions.get(who.language, telegram.profile.descriptions.get("", "")),
    }


def message(who: Account, shown: Message) -> Json:
    """A message as the person sees it; only its id when it is gone."""
    if shown.gone_for_person:
        return {"id": shown.id, "gone": True}
    view: Json = {
        "id": shown.id,
        "bot": shown.from_bot,
        "date": shown.date,
        "edited": shown.edited is not None,
        "kind": shown.kind,
        "text": shown.text,
        "entities": shown.content.get("entities") or shown.content.get("caption_entities") or [],
        "buttons": (shown.markup or {}).get("inline_keyboard", []),
        "silent": shown.silent,
        "protected": shown.protected,
        "forwarded": None if shown.forward is None else shown.forward["sender_user"]["first_name"],
        "reply": None,
        "presses": [
            {
                "id": press.id,
                "data": press.data,
                "answered": press.answered,
                "text": press.text,
                "alert": press.alert,
            }
            for press in who.presses_made
            if press.message is shown
        ][-3:],
    }
    if shown.reply_to is not None:
        replied = shown.reply_to
        view["reply"] = {"id": replied.id, "text": "" if replied.gone_for_person else preview(replied)}
    for name in _MEDIA:
        if name in shown.content:
            view[name] = shown.content[name]
    return view


def preview(shown: Message) -> str:
    """One line about a message."""
    return shown.text or {"photo": "🖼 Photo", "voice": "🎤 Voice message", "location": "📍 Location"}.get(
        shown.kind,
        str(shown.content.get("sticker", {}).get("emoji", "")) or shown.kind.replace("_", " ").capitalize(),
    )


def world(telegram: Telegram) -> Json:
    """Everything, for a page that has just connected."""
    return {
        "bot": {"name": telegram.profile.name(), "username": telegram.profile.username},
        "accounts": [account(telegram, who) for who in telegram.accounts.values()],
        "messages": {
            str(who.id): [message(who, shown) for shown in who.messages] for who in telegram.accounts.values()
        },
        "faults": faults(telegram),
    }


def faults(telegram: Telegram) -> Json:
    """What is to fail, in the order in which it was asked for, and how many calls hang now."""
    return {
        "outstanding": [
            {
                "fault": one.kind,
                "method": one.method,
                "chat_id": one.chat_id,
                "times": one.times,
                **({"retry_after": one.retry_after} if one.kind == "429" else {}),
            }
            for one in telegram.faults.outstanding
        ],
        "hanging": telegram.faults.hanging,
    }
