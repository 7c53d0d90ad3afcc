"""`python -m bot.simulator`: the local Bot API server with its chat page."""

from __future__ import annotations

import argparse
import sys

from bot.simulator import server
from bot.simulator.chats import DEFAULT_TOKEN, Telegram


def main(arguments: list[str] | None = None) -> int:
    """Runs until stopped; gives 1 when the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="port on 127.0.0.1 (0: any free one)")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the token that the bot must use")
    parser.add_argument("--name", default="Bridge", help="the bot's first name")
    parser.add_argument("--username", default="bridge_demo_bot", help="the bot's user name")
    parser.add_argument(
        "--person",
        action="append",
        default=[],
        metavar="LANGUAGE",
        help="a person who is there from the start (may be repeated)",
    )
    chosen = parser.parse_args(arguments)
    telegram = Telegram(chosen.token, name=chosen.name, username=chosen.username)
    for language in chosen.person:
        telegram.person(language)
    try:
        server.run(telegram, chosen.port)
    except OSError as problem:
        print(f"Port {chosen.port} can't be used: {problem.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
