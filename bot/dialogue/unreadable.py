"""What Telegram can send and the bot can't read: pictures, voices, files, stickers and what comes next year."""

from __future__ import annotations

from typing import Final

from bot.dialogue import free_text, talking
from bot.dialogue.draft import Draft
from bot.dialogue.events import Located, Sent, Wrote

_TEXTS: Final = {
    **dict.fromkeys(("voice", "audio"), "sent.voice"),
    **dict.fromkeys(("photo", "video", "video_note", "story", "paid_media"), "sent.photo"),
    **dict.fromkeys(("animation", "sticker", "dice"), "sent.sticker"),
    "document": "sent.document",
    "contact": "sent.contact",
    "shared": "unreadable.shared",
}
# Changes in the chat itself: there is nothing in them to put into words.
_NOTES: Final = {"pinned": "unreadable.pinned", "timer": "unreadable.timer", "note": "unreadable.note"}


def sent(draft: Draft, event: Sent) -> None:
    """Says what can't be read and asks for words; words that came with it count as written.

    Of an album, and of many in a short time, that is said once.
    """
    taken = draft.around.status == "taken"
    if event.text:
        said = Wrote(event.text, event.heard)
        if taken:
            talking.wrote(draft, said)
        else:
            free_text.wrote(draft, said)
    if draft.is_over or event.more or event.rush == "more":
        return
    if event.kind in _NOTES:
        rows = () if taken else draft.with_person(())
        draft.say(_NOTES[event.kind], *rows)
    elif taken:
        draft.say("talking.only_text")
    elif event.text:
        draft.say(_text(event))
    else:
        draft.say(_text(event), *draft.with_person(()), draft.button("menu", "do:menu"))


def beside_position(draft: Draft, event: Located) -> None:
    """Says of a position that goes on being shared that it is looked at once."""
    if event.live:
        draft.say("unreadable.live")


def _text(event: Sent) -> str:
    return _TEXTS.get(event.kind, "sent.other")
