"""Pythons on this machine, found by running them: a file of the right name may be a stand-in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bot.setup import command, failure
from bot.setup.failure import SetupFailed
from bot.setup.progress import Progress

NLU = "3.10"
"""Rasa 3.6 runs on no newer Python."""

# Modules that a Python built without some system library lacks, and that Rasa needs.
_PROBE = (
    "import bz2, ctypes, lzma, sqlite3, ssl, sys, zlib;"
    "bits = 64 if sys.maxsize > 2**32 else 32;"
    "print('%d.%d' % sys.version_info[:2], sys.implementation.name, bits, sys.executable)"
)


def on_path(name: str) -> Iterator[Path]:
    """Every executable of that name on the PATH, not only the first."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        candidate = Path(folder or ".") / name
        if candidate.is_file() and os.access(candidate, os.X_OK):
            yield candidate.absolute()


def works(python: Path, version: str) -> Path | None:
    """The real path of this Python if it runs, has that version and all it needs; else None."""
    told = (command.answer([python, "-I", "-c", _PROBE]) or "").split(maxsplit=3)
    return Path(told[3]) if told[:3] == [version, "cpython", "64"] and len(told) == 4 else None


def version_of(python: Path) -> tuple[int, int] | None:
    """Major and minor version of a Python that runs; else None."""
    told = command.answer([python, "-I", "-c", "import sys; print(*sys.version_info[:2])"])
    if told is None:
        return None
    major, minor = told.split()
    return int(major), int(minor)


def for_nlu(uv: Path, root: Path, progress: Progress) -> Path:
    """A Python 3.10 for Rasa: the one HELPLINE_NLU_PYTHON names, one on this machine, or one uv fetches."""
    named = os.environ.get("HELPLINE_NLU_PYTHON")
    if named:
        good = works(Path(named), NLU)
        if good is None:
            raise SetupFailed(f"HELPLINE_NLU_PYTHON names {named}, which is no working 64-bit CPython {NLU}.")
        return good
    looked: list[Path] = []
    for candidate in _candidates():
        # An environment of ours may be active, and about to be laid anew.
        if candidate not in looked and root not in candidate.parents:
            looked.append(candidate)
            good = works(candidate, NLU)
            if good:
                return good
    good = _known_to(uv)
    if good:
        return good
    progress.line(f"no working Python {NLU} on this machine: asking uv to fetch one")
    fetched = command.run([uv, "python", "install", NLU], progress, cwd=root)
    good = _known_to(uv)
    if good:
        return good
    seen = "\n".join(f"    {candidate}: does not run, or is another version" for candidate in looked) or "    nothing"
    raise SetupFailed(
        f"Rasa needs Python {NLU}. No working one was found, and uv could not fetch one:\n{fetched.last(4)}\n"
        f"{failure.explain(fetched.output)}\n"
        f"Looked at:\n{seen}\n"
        "Install one, then repeat the command. Any of these will do:\n"
        f"    {uv} python install {NLU}\n"
        f"    pyenv install {NLU}\n"
        f"    HELPLINE_NLU_PYTHON=/path/to/python{NLU} make demo"
    )


def _candidates() -> Iterator[Path]:
    yield from on_path(f"python{NLU}")
    pyenv = command.answer(["pyenv", "root"])
    home = Path.home()
    managers = [
        Path(os.environ["PYENV_ROOT"]) / "versions" if os.environ.get("PYENV_ROOT") else None,
        Path(pyenv) / "versions" if pyenv else None,
        home / ".pyenv" / "versions",
        home / ".asdf" / "installs" / "python",
        home / ".local" / "share" / "mise" / "installs" / "python",
    ]
    for versions in managers:
        if versions is not None:
            yield from (folder / "bin" / "python" for folder in sorted(versions.glob(f"{NLU}*"), reverse=True))
    yield from on_path("python3")
    yield from on_path("python")


def _known_to(uv: Path) -> Path | None:
    told = command.answer(
        [uv, "python", "find", "--no-project", NLU],
        env=command.environment(UV_PYTHON_DOWNLOADS="never"),
    )
    return works(Path(told), NLU) if told else None
