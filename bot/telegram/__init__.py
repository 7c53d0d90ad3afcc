"""Translation between Telegram and the helpline, and nothing else.

`events` makes the helpline's events of Telegram's updates, `calls` makes Bot API calls of what goes out,
`errors` says what a failed call means, `connection` is the way to the Bot API.
"""

import os

# python-telegram-bot gives spans of time as timedelta only to those who ask, and warns all others
os.environ.setdefault("PTB_TIMEDELTA", "true")
