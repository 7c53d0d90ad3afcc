"""What a model makes of many texts: `python -m nlu_data.measuring MODEL TEXTS RANKINGS`, in Rasa's environment.

TEXTS is a JSON list of texts. RANKINGS gets a JSON list with, for each text, all intents and their confidences, the
likeliest first, and how many milliseconds that took. The texts are of our own writing, never a person's.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from rasa.core.agent import Agent

_SAYS_EVERY = 100


async def rankings(model: Path, texts: list[str]) -> list[dict[str, object]]:
    """Parses one text after the other, as the server would."""
    agent = Agent.load(model)
    found: list[dict[str, object]] = []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        milliseconds = 1000 * (time.perf_counter() - started)
        ranking = [[one["name"], one["confidence"]] for one in parsed["intent_ranking"]]
        found.append({"ranking": ranking, "ms": round(milliseconds, 2)})
        if len(found) % _SAYS_EVERY == 0:
            print(f"measured {len(found)} of {len(texts)} messages", flush=True)
    return found


def main(model: str, texts: str, to: str) -> int:
    found = asyncio.run(rankings(Path(model), json.loads(Path(texts).read_text(encoding="utf-8"))))
    Path(to).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
