"""The source files, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# libyaml where the wheel has it: five times as fast, with the same result.
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> Any:
    """What a YAML file says; yaml.YAMLError where it is broken."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  (safe: both are)
