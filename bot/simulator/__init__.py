"""A simulated Telegram on this computer: a Bot API server for the bot, a chat page for people.

    python -m bot.simulator --port 8081          # then open http://127.0.0.1:8081

A test serves it in its own event loop and drives people as plain objects::

    from bot.simulator import Telegram, serving

    async with serving() as server:              # a free port of 127.0.0.1
        bot = Bot(server.telegram.token, base_url=server.base_url, base_file_url=server.base_file_url)
        # or give the bot under test HELPLINE_TELEGRAM_API_URL = server.url
        person = server.telegram.person("sq")    # names are invented
        person.starts()                          # /start; also writes(…), sends_location(…), blocks(), …
        await person.until(lambda: person.last_reply, timeout=10)
        person.presses("Shqip")                  # an inline button or one of the reply keyboard, by its text
        await person.until(lambda: "ndihm" in person.last_reply)
        assert person.buttons == ["Po", "Jo"]
        server.telegram.clock.advance(timedelta(hours=49))    # now nothing old can be deleted any more
        server.telegram.faults.order("cut_after", method="sendMessage", chat_id=person.id, times=2)

What people do are plain calls, done at once; `until` waits for what the bot does, without sleeping. What a
person sees now is `person.messages` (text, buttons, kind, edited), `replies`, `last_reply`, `buttons`,
`keyboard`, `action` (typing), `presses_made` (what the bot answered to presses).
`server.telegram.group("Title").adds_bot(person)` adds the bot to a group.

What can be made to fail, and how, is told in `faults`; on the chat page it is "Make Telegram fail", over HTTP
`POST /faults` with {"fault": "429", "method": "sendMessage", "chat_id": 1, "times": 1, "retry_after": 5}, all
but the first optional; `GET` lists what is still to happen, `DELETE` clears it. A webhook may be set to an
address of this computer, http too; how long answers are waited for is `server.telegram.webhook.pace`.

Modules: `chats` (the world), `accounts` (a person), `groups`, `messages`, `files`, `profile` (the bot's own
commands and descriptions), `updates` (the queue and its offsets), `webhook` (the other way out of it),
`faults` (what fails on request); `methods`, `sending` (the bot's calls),
`keyboards`, `entities`, `hypertext`, `markdown` (what they take), `errors` (how they refuse), `parameters`;
`api`, `page`, `views`, `connections`, `server` (HTTP).
"""

from bot.simulator.accounts import Account, Press
from bot.simulator.chats import DEFAULT_TOKEN, Telegram
from bot.simulator.groups import Group
from bot.simulator.messages import Button, Message
from bot.simulator.server import Serving, create_app, run, serving

__all__ = [
    "DEFAULT_TOKEN",
    "Account",
    "Button",
    "Group",
    "Message",
    "Press",
    "Serving",
    "Telegram",
    "create_app",
    "run",
    "serving",
]
