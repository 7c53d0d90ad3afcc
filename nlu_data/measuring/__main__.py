"""What a model makes of many texts: `python -m nlu_data.measuring MODEL TEXTS RANKINGS [timed]`, in Rasa's environment.

TEXTS is a JSON list of texts. RANKINGS gets a JSON list with, for each text, all intents and their confidences, the
likeliest first, and the milliseconds that it took. Unless it is to be `timed`, vectors are kept for the next time: the
texts are those of the evaluation set, never a person's.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from pathlib import Path

import structlog
from rasa.core.agent import Agent

from nlu_data.components import library
from nlu_data.components.encoder import E5
from nlu_data.components.meaning import SentenceMeaning

_SAYS_EVERY = 100


def remembering() -> library.Remembering:
    """The encoder that every model loaded from now on uses: of the evaluation set it encodes each text once."""
    encoder = library.Remembering(E5(), library.cache_path("evaluation"))
    SentenceMeaning.make_encoder = staticmethod(lambda: encoder)
    return encoder


async def rankings(model: Path, texts: list[str]) -> list[list[object]]:
    """Parses one text after the other, as the server would."""
    agent = Agent.load(model)
    found: list[list[object]] = []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        milliseconds = 1000 * (time.perf_counter() - started)
        found.append([[[one["name"], one["confidence"]] for one in parsed["intent_ranking"]], milliseconds])
        if len(found) % _SAYS_EVERY == 0:
            print(f"measured {len(found)} of {len(texts)} messages", flush=True)
    return found


def main(model: str, texts: str, to: str, how: str = "") -> int:
    # else Rasa prints what it understands
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    encoder = None if how == "timed" else remembering()
    found = asyncio.run(rankings(Path(model), json.loads(Path(texts).read_text(encoding="utf-8"))))
    if encoder is not None:
        encoder.keep()
    Path(to).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
