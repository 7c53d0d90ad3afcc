"""What the bot tells about itself: names, descriptions, commands, menu button."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.simulator.parameters import Json


class Profile:
    """The bot's public face, in every language that it set."""

    def __init__(self, name: str, username: str) -> None:
        self.username = username
        self.names: dict[str, str] = {"": name}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.menu_buttons: dict[int, Json] = {}
        self._commands: dict[tuple[str, str], list[Json]] = {}

    def name(self, language: str = "") -> str:
        """The bot's name in a language, else the one for all."""
        return self.names.get(language) or self.names[""]

    def commands(self, scope: Json, language: str) -> list[Json]:
        """The commands set for exactly this scope and language."""
        return self._commands.get((_key(scope), language), [])

    def set_commands(self, scope: Json, language: str, commands: list[Json]) -> None:
        """Sets the commands; none deletes them."""
        if commands:
            self._commands[_key(scope), language] = commands
        else:
            self._commands.pop((_key(scope), language), None)

    def commands_shown(self, chat_id: int, language: str) -> Sequence[Json]:
        """What a person sees in the chat: the narrowest scope wins, their language before the one for all."""
        for scope in (
            {"type": "chat", "chat_id": chat_id},
            {"type": "all_private_chats"},
            {"type": "default"},
        ):
            for tongue in (language.partition("-")[0], ""):
                found = self.commands(scope, tongue)
                if found:
                    return found
        return []


def _key(scope: Json) -> str:
    return json.dumps({name: str(value) for name, value in sorted(scope.items())})
