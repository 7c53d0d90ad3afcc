"""Set-up from the command line: `python3 -m bot.setup STEP...`."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "This is Python %d.%d (%s), and the helpline needs 3.11 or newer.\n"  # noqa: UP031
        "Install one, for example on Debian or Ubuntu:\n"
        "    sudo apt-get install python3.11 python3.11-venv\n"
        "then name it:\n"
        "    make demo PYTHON=python3.11" % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

from bot.setup import plan

sys.exit(plan.main(sys.argv[1:]))
