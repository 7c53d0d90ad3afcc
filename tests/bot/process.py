"""`python -m tests.bot.process receive|work`: one part of the bot as a process that a test may kill.

The settings come as JSON on standard input; "ready" is printed when the part runs.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime

from bot.telegram.connection import connect
from handoff.vault import ServerKeys
from nlu_data.lexicon import Lexicon
from responses.content import Content
from tests.bot.parts import closed_port, put_together


async def main(part: str) -> None:
    given = json.loads(sys.stdin.readline())
    keys = ServerKeys.from_text(given["keys"])
    bot = connect(given["token"], given["api_url"])
    async with put_together(
        given["database"],
        keys,
        bot,
        lambda: datetime.now(UTC),
        Content.load(),
        Lexicon.load(),
        f"http://127.0.0.1:{closed_port()}",
        heartbeat=0.5,
        stalled_after=2.5,
    ) as parts:
        print("ready", flush=True)
        await parts.run(asyncio.Event(), [part])


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
