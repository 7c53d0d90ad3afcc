"""Trains the shipped model before anything serves, and takes Rasa with it when it ends.

`python -m bot.nlu.first_training DATA_DIR`; what admins changed is trained by bot/nlu/trainer.py.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from nlu_data import model


def main(data_dir: Path) -> int:
    """Trains if the data changed and prints what Rasa says; 1 if that failed."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        model.train(lambda line: print(line, flush=True), data_dir)
    except (model.TrainingFailed, model.NotInstalled) as failure:
        print(str(failure) or failure.__doc__, file=sys.stderr)
        return 1
    return 0


def _stop(_: int, __: FrameType | None) -> None:
    # this process was made the leader of a group, and Rasa is the rest of it
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
