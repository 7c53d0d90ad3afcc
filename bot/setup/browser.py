"""Chromium for the browser tests: the system's, else by apt, else by Playwright's own download."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from bot.setup import apt, command, failure, interpreter
from bot.setup.failure import SetupFailed
from bot.setup.progress import Progress

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")

# Asks Playwright where the Chromium of its own download lies, or would lie.
_PLAYWRIGHTS = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"


def chromium_path(root: Path) -> Path:
    """The Chromium for the tests: the one HELPLINE_CHROMIUM names, else the one that set-up wrote down."""
    named = os.environ.get("HELPLINE_CHROMIUM")
    noted = Path(named) if named else _noted(root)
    if noted is None or not noted.exists():
        raise SetupFailed("No Chromium for the browser tests. Type: python3 -m bot.setup browser")
    return noted


def find(root: Path, progress: Progress) -> None:
    """See that there is a Chromium that starts, install one if need be, and write down where it is."""
    named = os.environ.get("HELPLINE_CHROMIUM")
    if named:
        if not _starts(Path(named)):
            raise SetupFailed(f"HELPLINE_CHROMIUM names {named}, which does not start as a Chromium does.")
        progress.skipped("browser", f"{named}, named by HELPLINE_CHROMIUM")
        return
    noted = _noted(root)
    if noted and _starts(noted):
        progress.skipped("browser", f"up to date ({noted})")
        return
    here = _on_this_machine(root)
    if here:
        progress.skipped("browser", f"found {here}")
    else:
        with progress.step("browser", "installing Chromium for the browser tests", "10-60 s: up to 200 MB to fetch"):
            here = _install(root, progress)
    note = root / ".cache" / "chromium"
    note.parent.mkdir(exist_ok=True)
    note.write_text(f"{here}\n", encoding="utf-8")


def _noted(root: Path) -> Path | None:
    try:
        return Path((root / ".cache" / "chromium").read_text(encoding="utf-8").strip())
    except OSError:
        return None


def _starts(chromium: Path) -> bool:
    # Where snap is missing, Ubuntu's chromium-browser is a script that only says so and fails.
    return "chrom" in (command.answer([chromium, "--version"], seconds=60) or "").lower()


def _candidates() -> Iterator[Path]:
    for name in NAMES:
        yield from interpreter.on_path(name)
    yield from (Path("/Applications") / name for name in MACOS)


def _on_this_machine(root: Path) -> Path | None:
    found = next((candidate for candidate in _candidates() if _starts(candidate)), None)
    return found or _playwrights(root)


def _playwrights(root: Path) -> Path | None:
    told = command.answer([root / ".venv" / "bin" / "python", "-c", _PLAYWRIGHTS], seconds=60)
    return Path(told) if told and _starts(Path(told)) else None


def _install(root: Path, progress: Progress) -> Path:
    tried: list[str] = []

    def note(words: str, outcome: command.Outcome) -> None:
        hint = failure.explain(outcome.output, (root,))
        tried.append(f"  {words}\n{outcome.last(6)}" + (f"\n{hint}" if hint else ""))

    # Ubuntu's own chromium is a snap, which needs a service that a server or a container seldom runs.
    if apt.distribution() != "ubuntu" and apt.allowed():
        outcome = apt.install(["chromium", "fonts-liberation"], progress, cwd=root)
        found = _on_this_machine(root)
        if found:
            return found
        note("apt-get install chromium fonts-liberation", outcome)
    playwright = root / ".venv" / "bin" / "playwright"
    note("playwright install chromium", command.run([playwright, "install", "chromium"], progress, cwd=root))
    found = _playwrights(root)
    if found is None and apt.allowed():
        # Downloaded, but system libraries are missing.
        note(
            "playwright install-deps",
            command.run([playwright, "install-deps", "chromium"], progress, cwd=root),
        )
        found = _playwrights(root)
    if found:
        return found
    raise SetupFailed(
        "The browser tests need Chromium, and none could be had. Tried:\n" + "\n".join(tried) + "\n"
        "Install one, then repeat the command. Either of these will do:\n"
        "    sudo apt-get update && sudo apt-get install chromium\n"
        "    HELPLINE_CHROMIUM=/path/to/chromium make test\n"
        "`make test-fast` runs all tests that need no browser."
    )
