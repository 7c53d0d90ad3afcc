"""The model: when it must be trained, how it is trained and how it is served. Rasa runs in a Python of its own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from nlu_data import examples
from nlu_data.examples import Change
from nlu_data.judgement import Guess

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "nlu_data"
PYTHON = FOLDER / ".venv" / "bin" / "python"
# All that makes a model what it is.
_MADE_OF = ("config.yml", "domain.yml", "uv.lock", "normalise.py", "components/*.py", "nlu/*/*.yml")
_ENDING = ".tar.gz"
_NOT_FOR_RASA = ("RASA_", "PYTHON", "VIRTUAL_", "HELPLINE_", "DATABASE_URL", "LOG_LEVEL", "SANIC_")


class TrainingFailed(Exception):
    """Rasa could not train a model; its last words are in the message."""


class NotInstalled(Exception):
    """Rasa's own Python is not installed. Type: make setup"""


def fingerprint(changes: Sequence[Change] = ()) -> str:
    """The name of the model that the data, settings and code of now make: 16 hexadecimal digits.

    `changes` lie over the shipped examples; without any it is the shipped model.
    """
    digest = hashlib.sha256()
    for pattern in _MADE_OF:
        for path in sorted(FOLDER.glob(pattern)):
            digest.update(f"{path.relative_to(FOLDER)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    if changes:
        digest.update(examples.digest(changes))
    return digest.hexdigest()[:16]


def folder(data_dir: Path) -> Path:
    """Where models are."""
    return data_dir / "nlu" / "models"


def path(data_dir: Path) -> Path:
    """Where the model of now is, or will be once it is trained."""
    return folder(data_dir) / f"{fingerprint()}{_ENDING}"


def is_trained(data_dir: Path) -> bool:
    """Whether the model of now is there."""
    return path(data_dir).exists()


def train(say: Callable[[str], None], data_dir: Path) -> Path:
    """Trains the shipped model if nothing changed since it was trained last; older ones go only after success.

    `say` gets a line for each step. Raises TrainingFailed or NotInstalled.
    """
    wanted = path(data_dir)
    if wanted.exists():
        say("The model is up to date.")
        return wanted
    need_rasa()
    wanted.parent.mkdir(parents=True, exist_ok=True)
    made = wanted.with_name(f"new-{os.getpid()}-{wanted.name}")
    last: deque[str] = deque(maxlen=20)
    with subprocess.Popen(
        train_command(FOLDER / "nlu", made),
        cwd=ROOT,
        env=environment(data_dir),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in _lines(process):
            last.append(line)
            if words := told(line):
                say(words)
    if process.returncode != 0 or not made.exists():
        raise TrainingFailed("\n".join(last))
    made.replace(wanted)
    for old in wanted.parent.glob(f"*{_ENDING}"):
        # One that begins with "new-" is being made by another training.
        if old != wanted and not old.name.startswith("new-"):
            with contextlib.suppress(FileNotFoundError):
                old.unlink()
    return wanted


def train_command(folder: Path, to: Path, nice: int = 10, config: Path = FOLDER / "config.yml") -> list[str]:
    """Trains a model of a folder of examples; `nice` 19 is the lowest priority. The name of `to` ends in .tar.gz."""
    return [
        *("nice", "-n", str(nice), str(PYTHON), "-m", "rasa", "train", "nlu"),
        *("--config", str(config), "--nlu", str(folder), "--domain", "nlu_data/domain.yml"),
        *("--out", str(to.parent.resolve()), "--fixed-model-name", to.name.removesuffix(_ENDING)),
    ]


def measure_command(of: Path, texts: Path, to: Path, nice: int = 19, *, timed: bool = False) -> list[str]:
    """Lets a model say what it makes of texts; see nlu_data/measuring."""
    how = ("timed",) if timed else ()
    return ["nice", "-n", str(nice), str(PYTHON), "-m", "nlu_data.measuring", str(of), str(texts), str(to), *how]


def rankings(path: Path) -> list[tuple[tuple[Guess, ...], float]]:
    """What a measurement wrote: for each text all guesses, the likeliest first, and the milliseconds it took."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return [
        (tuple((str(name), float(sure)) for name, sure in ranking), float(milliseconds))
        for ranking, milliseconds in found
    ]


def told(line: str) -> str | None:
    """What a line of a training or a measurement says to people; None for what only its makers understand."""
    if line.startswith(("encoded ", "measured ")):
        return line
    return line.rsplit(" - ", 1)[-1] if " INFO " in line else None


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    for line in process.stdout:
        if text := line.strip():
            yield text


def environment(data_dir: Path, threads: int = 2) -> Mapping[str, str]:
    """The environment in which Rasa runs: no telemetry, few threads, our components importable, none of our secrets."""
    keep = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_FOR_RASA)}
    return {
        **keep,
        "PYTHONPATH": str(ROOT),
        "HELPLINE_DATA_DIR": str(data_dir.resolve()),
        "RASA_TELEMETRY_ENABLED": "false",
        # Rasa's cache knows a component by its own class alone and would miss a change beside it.
        "RASA_MAX_CACHE_SIZE": "0",
        # In debug Rasa logs every message.
        "LOG_LEVEL": "INFO",
        "LOG_LEVEL_LIBRARIES": "ERROR",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": str(threads),
        "OMP_WAIT_POLICY": "PASSIVE",
        "SANIC_WORKERS": "1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }


def serve_command(
    host: str, port: int, token: str, data_dir: Path, models_url: str
) -> tuple[list[str], Mapping[str, str]]:
    """The command and environment of the NLU server, which takes its model from `models_url` (see bot/nlu/shelf.py).

    Rasa takes the token from its arguments only, so it can be read in the process list of this machine; it guards
    against other web pages and mistakes, not against who already runs programs here.
    """
    need_rasa()
    command = [
        *(str(PYTHON), "-m", "rasa", "run", "--enable-api", "--interface", host, "--port", str(port)),
        *(f"--auth-token={token}", "--endpoints", str(FOLDER / "endpoints.yml")),
    ]
    return command, {**environment(data_dir), "MODELS_URL": models_url}


def need_rasa() -> None:
    """Raises NotInstalled."""
    if not PYTHON.exists():
        raise NotInstalled
