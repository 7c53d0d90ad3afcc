"""What admins changed, written back into files."""

from __future__ import annotations

from pathlib import Path

from bot.commands import production
from bot.settings import Settings
from handoff import wording


async def examples(chosen: Settings, folder: Path) -> tuple[Path, ...]:
    """Writes the examples as they are now to a folder; gives the files that differ from what was there."""
    async with production.transaction(chosen) as session:
        return (await wording.current(session)).write(folder)
