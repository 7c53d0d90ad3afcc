"""What is held of the code without running it: style, types, and the one direction of imports."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.setup import command
from bot.setup.failure import SetupFailed

_PACKAGES = ("bot", "handoff", "responses", "nlu_data", "tests")
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style", ("ruff", "check", *_PACKAGES)),
    ("layout", ("ruff", "format", "--check", *_PACKAGES)),
    ("types", ("mypy",)),
    ("imports", ("lint-imports",)),
)


def hold(root: Path) -> None:
    """Run each check; the first that finds something ends it."""
    for name, (tool, *arguments) in CHECKS:
        print(f"== {name}: {' '.join((tool, *arguments))}", flush=True)
        argv = [str(root / ".venv" / "bin" / tool), *arguments]
        done = subprocess.run(argv, cwd=root, env=command.environment(), stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise SetupFailed(f"== {name}: {tool} found what you see above; no test was run")
