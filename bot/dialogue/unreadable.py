"""What Telegram can send and the bot can't read: pictures, voices, files, stickers and what comes next year."""

from __future__ import annotations

from typing import Final

from bot.dialogue import free_text, talking
from bot.dialogue.draft import Draft
from bot.dialogue.events import Sent, Wrote

_TEXTS: Final = {
    "voice": "voice",
    "audio": "voice",
    "photo": "photo",
    "video": "photo",
    "video_note": "photo",
    "animation": "sticker",
    "sticker": "sticker",
    "dice": "sticker",
    "document": "document",
    "contact": "contact",
}


def sent(draft: Draft, event: Sent) -> None:
    """Says what can't be read and asks for words; words that came with it count as written."""
    if draft.around.status == "taken":
        if event.text:
            talking.wrote(draft, Wrote(event.text, event.heard))
        if not draft.is_over:
            draft.say("talking.only_text")
        return
    key = f"sent.{_TEXTS.get(event.kind, 'other')}"
    if event.text:
        free_text.wrote(draft, Wrote(event.text, event.heard))
        if not draft.is_over:
            draft.say(key)
    else:
        draft.say(key, *draft.with_person(()), draft.button("menu", "do:menu"))
