"""The two environments, the helpline's and Rasa's: each holds what its lock file says."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.setup import command, failure, interpreter, uv
from bot.setup.failure import SetupFailed
from bot.setup.progress import Progress

STAMP = ".laid-by-setup"


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment is a folder .venv in which exactly the packages of one lock file are installed.

    project: the folder of pyproject.toml and uv.lock; gib: the room it takes on the disk, in GiB; old: the
    oldest Python it may have; new: the first one it may not.
    """

    name: str
    what: str
    usually: str
    project: Path
    gib: float
    old: tuple[int, int]
    new: tuple[int, int] | None = None

    @property
    def folder(self) -> Path:
        """Where the environment lies."""
        return self.project / ".venv"

    @property
    def python(self) -> Path:
        """The environment's own Python."""
        return self.folder / "bin" / "python"


def app(root: Path) -> Environment:
    """The helpline's environment, with all that its tests need."""
    what = "installing the helpline's packages into .venv/"
    return Environment("app", what, "3-40 s: 180 MB to fetch", root, 0.8, (3, 11))


def nlu(root: Path) -> Environment:
    """Rasa's environment."""
    what = "installing Rasa's packages into nlu_data/.venv/"
    return Environment("nlu", what, "15 s to 3 minutes: 1 GB to fetch", root / "nlu_data", 3.0, (3, 10), (3, 11))


def lay(wanted: Environment, root: Path, progress: Progress) -> None:
    """Install what the lock file says, unless the environment stands and nothing has changed since."""
    if is_laid(wanted):
        progress.skipped(wanted.name, f"up to date ({wanted.folder.relative_to(root)}/)")
        return
    tool = uv.ready(root, progress)
    with progress.step(wanted.name, wanted.what, wanted.usually):
        python = _python(wanted, tool, root, progress)
        need_room(wanted, tool)
        sync: list[str | Path] = [tool, "sync", "--frozen", "--python", python]
        outcome = command.run(sync, progress, cwd=wanted.project)
        if outcome.code != 0:
            hint = failure.explain(outcome.output, (wanted.project, _cache(tool)))
            words = " ".join(str(word) for word in sync)
            raise SetupFailed(
                f"The packages could not be installed. In {wanted.project}\n    {words}\n"
                f"said\n{outcome.last()}" + (f"\n{hint}" if hint else "")
            )
        (wanted.folder / STAMP).write_text(_inputs(wanted), encoding="utf-8")


def is_laid(wanted: Environment) -> bool:
    """Whether the environment runs, lies where it was made and holds what the lock file says today."""
    try:
        stamp = (wanted.folder / STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp == _inputs(wanted) and _runs(wanted)


def _runs(wanted: Environment) -> bool:
    version = interpreter.version_of(wanted.python)
    return version is not None and wanted.old <= version and (wanted.new is None or version < wanted.new)


def _inputs(wanted: Environment) -> str:
    # The place counts too: scripts in an environment name their Python by its full path.
    told = hashlib.sha256(str(wanted.folder.absolute()).encode())
    for name in ("pyproject.toml", "uv.lock"):
        told.update(b"\0" + (wanted.project / name).read_bytes())
    return told.hexdigest()


def _python(wanted: Environment, tool: Path, root: Path, progress: Progress) -> Path:
    # An environment that runs keeps its Python: another would mean to install everything anew.
    if _runs(wanted):
        return wanted.python
    return interpreter.for_nlu(tool, root, progress) if wanted.new else Path(sys.executable)


def need_room(wanted: Environment, tool: Path) -> None:
    """Refuse at once what would end in a full disk."""
    if _runs(wanted):
        return
    cache = _cache(tool)
    # On one disk the environment's files are links to those of uv's cache, so that they take room once.
    places = [wanted.project] if failure.same_disk(wanted.project, cache) else [wanted.project, cache]
    for place in places:
        free = failure.free_gib(place)
        if free < wanted.gib:
            raise SetupFailed(
                f"Not enough room: {place} has {free:.1f} GB free, and this step needs {wanted.gib:.1f} GB.\n"
                "Make room there; if uv's cache is short, UV_CACHE_DIR may name a folder on another disk."
            )


def _cache(tool: Path) -> Path:
    told = command.answer([tool, "cache", "dir"])
    return Path(told) if told else Path.home() / ".cache" / "uv"
