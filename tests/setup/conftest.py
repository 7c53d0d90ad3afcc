"""A machine on which nothing is installed, with what a test puts there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.setup import ROOT

UV = """
import os, pathlib, sys
asked = sys.argv[1:]
with open({log!r}, "a") as log:
    print(*asked, "VIRTUAL_ENV" in os.environ, file=log)
if asked == ["--version"]:
    print("uv {version}")
elif asked[:1] == ["sync"]:
    python = asked[asked.index("--python") + 1]
    print("Installed 2 packages in 3ms")
    folder = pathlib.Path(".venv/bin")
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "python").exists():
        (folder / "python").symlink_to(python)
elif asked == ["cache", "dir"]:
    print(pathlib.Path("cache").absolute())
else:
    sys.exit("no such thing here")
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command of the machine ended."""

    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine is a copy of the set-up, a home and a PATH that hold only what a test puts there."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def commands(self) -> Path:
        """The only folder on the PATH."""
        return self.folder / "commands"

    @property
    def modules(self) -> Path:
        """Python modules that stand in front of the standard library's."""
        return self.folder / "modules"

    @property
    def uv_was_asked(self) -> list[str]:
        """What uv was asked so far, `--version` left out."""
        log = self.folder / "uv.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if not line.startswith("--version")]

    def has(self, name: str, python: str) -> Path:
        """Put a command, written in Python, on the PATH."""
        return program(self.commands / name, python)

    def has_uv(self, version: str = "0.13.9") -> Path:
        """Put a uv on the PATH that lays empty environments and notes what it was asked."""
        return self.has("uv", UV.format(version=version, log=str(self.folder / "uv.log")))

    def has_python_3_10(self, path: Path) -> Path:
        """Put a program that answers as a Python 3.10 does."""
        return program(
            path,
            "import sys\nprint(f'3.10 cpython 64 {sys.argv[0]}' if 'sqlite3' in sys.argv[-1] else '3 10')",
        )

    def lacks_module(self, name: str, says: str) -> None:
        """Make `python3 -m name` fail with these words."""
        (self.modules / f"{name}.py").write_text(f"import sys\nsys.exit({says!r})\n")

    def sets_up(self, *steps: str, project: Path | None = None, **env: str) -> Ended:
        """Run steps of set-up as a person would."""
        return self.runs([sys.executable, "-m", "bot.setup", *steps], project=project, **env)

    def runs(self, argv: list[str], *, project: Path | None = None, **env: str) -> Ended:
        """Run a command in the project's folder."""
        done = subprocess.run(
            argv,
            cwd=project or self.project,
            env=self.environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout)

    def environment(self, **more: str) -> dict[str, str]:
        """All environment variables of this machine. Nothing is fetched from anywhere."""
        return {
            "PATH": str(self.commands),
            "HOME": str(self.home),
            "PYTHONPATH": str(self.modules),
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            **more,
        }


def program(path: Path, python: str) -> Path:
    """Write an executable program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable} -I\n{python}\n")
    path.chmod(0o755)
    return path


def wheel_of_uv(folder: Path, version: str) -> None:
    """Write a package `uv` that pip can install without a registry: its command only tells its version."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"uv-{version}.dist-info"
    with zipfile.ZipFile(folder / f"uv-{version}-py3-none-any.whl", "w") as wheel:
        script = zipfile.ZipInfo(f"uv-{version}.data/scripts/uv")
        script.external_attr = 0o100755 << 16
        wheel.writestr(script, f"#!python\nprint('uv {version}')\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: uv\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    for folder in (made.project / "nlu_data", made.home, made.commands, made.modules):
        folder.mkdir(parents=True)
    shutil.copytree(
        ROOT / "bot" / "setup", made.project / "bot" / "setup", ignore=shutil.ignore_patterns("__pycache__")
    )
    (made.project / "bot" / "__init__.py").touch()
    for lock in ("pyproject.toml", "uv.lock", "nlu_data/pyproject.toml", "nlu_data/uv.lock"):
        (made.project / lock).write_text("one\n")
    return made
