"""`python tied.py PARENT SIGNAL COMMAND…`: becomes that command, which gets the signal as soon as its parent is gone.

A supervisor that is killed can stop nobody; so the kernel does it. Run by its path, it imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Never returns: the process is the command from now on."""
    parent, signal_number, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal_number))
    if os.getppid() != int(parent):  # it went before the kernel knew whom to watch
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - the command is the supervisor's own


if __name__ == "__main__":
    main(sys.argv[1:])
