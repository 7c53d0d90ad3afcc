"""A real NLU server for the tests that need one: trained if the data changed, started once for the run."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from nlu_data import model

DATA_DIR = model.ROOT / "var"


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    token: str
    process: int


@pytest.fixture(scope="session")
def nlu_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    model.train(print, DATA_DIR)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_urlsafe(16)
    # Debug logs of Rasa hold every message: whoever asks for them in the environment must not get them.
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("LOG_LEVEL", "DEBUG")
        command, environment = model.serve_command(port, token, DATA_DIR)
    log = Path(tmp_path_factory.mktemp("nlu")) / "log"
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, cwd=model.ROOT, stdout=output, stderr=output)
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            try:
                httpx.get(f"{url}/status", params={"token": token}, timeout=2).raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None, log.read_text()[-2000:]
                assert time.monotonic() < deadline, log.read_text()[-2000:]
                time.sleep(0.2)
        yield Server(url, token, process.pid)
    finally:
        process.terminate()
        process.wait(20)
