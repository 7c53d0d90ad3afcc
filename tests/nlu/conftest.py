"""A real NLU server for the tests that need one: trained if the data changed, started once for the run."""

from __future__ import annotations

import http.server
import secrets
import socket
import subprocess
import threading
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


class _Shelf(http.server.BaseHTTPRequestHandler):
    """Gives the one model that there is to who does not have it."""

    trained: Path

    def do_GET(self) -> None:
        known = self.headers["If-None-Match"] == model.fingerprint()
        self.send_response(304 if known else 200)
        self.send_header("ETag", model.fingerprint())
        self.send_header("filename", self.trained.name)
        self.end_headers()
        if not known:
            self.wfile.write(self.trained.read_bytes())

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="session")
def shelf() -> Iterator[str]:
    """The address from which the server takes the model of now."""
    _Shelf.trained = model.train(print, DATA_DIR)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Shelf) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="session")
def nlu_server(tmp_path_factory: pytest.TempPathFactory, shelf: str) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_urlsafe(16)
    # Debug logs of Rasa hold every message: whoever asks for them in the environment must not get them.
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("LOG_LEVEL", "DEBUG")
        command, environment = model.serve_command("127.0.0.1", port, token, DATA_DIR, shelf)
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
