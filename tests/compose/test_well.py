"""`python -m bot.well`, which the containers' health checks ask: it must not say "well" of what isn't."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot import well
from bot.settings import Settings
from tests.bot.parts import closed_port


@contextlib.contextmanager
def answering(status: int, content: bytes) -> Iterator[int]:
    """A server that gives everybody the same answer; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            serving.join()


@pytest.mark.parametrize("name", ["receive", "answer", "send"])
def test_who_never_gave_a_sign_of_life_is_not_well(tmp_path: Path, name: str) -> None:
    chosen = Settings(data_dir=tmp_path)
    assert not well.is_well(name, chosen)
    well.sign(tmp_path, name)
    assert well.is_well(name, chosen)


def test_who_gave_it_long_ago_is_not_well(tmp_path: Path) -> None:
    well.sign(tmp_path, "answer")
    long_ago = time.time() - well.SIGNS_WITHIN - 1
    os.utime(well.sign_of(tmp_path, "answer"), (long_ago, long_ago))
    assert not well.is_well("answer", Settings(data_dir=tmp_path))
    well.sign(tmp_path, "answer")
    assert well.is_well("answer", Settings(data_dir=tmp_path))


@pytest.mark.parametrize(
    ("status", "content", "is_well"),
    [(200, b"well", True), (500, b"well", False), (200, b"another page", False)],
)
def test_the_console_is_well_when_it_says_so(status: int, content: bytes, is_well: bool) -> None:
    with answering(status, content) as port:
        assert well.is_well("console", Settings(console_host="0.0.0.0", console_port=port)) is is_well  # noqa: S104


@pytest.mark.parametrize(
    ("status", "content", "is_well"),
    [
        (200, b'{"model_file": "/models/a1.tar.gz"}', True),
        (200, b'{"model_file": ""}', False),
        (409, b'{"reason": "Conflict"}', False),
        (200, b"[]", False),
        (200, b"no JSON", False),
    ],
)
def test_the_nlu_is_well_when_it_serves_a_model(status: int, content: bytes, is_well: bool) -> None:
    with answering(status, content) as port:
        assert well.is_well("nlu", Settings(nlu_port=port)) is is_well


def test_who_does_not_answer_is_not_well() -> None:
    port = closed_port()
    assert not well.is_well("console", Settings(console_port=port))
    assert not well.is_well("nlu", Settings(nlu_port=port))
    assert not well.is_well("nlu", Settings())


def test_all_that_are_named_must_be_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HELPLINE_DATA_DIR", str(tmp_path))
    well.sign(tmp_path, "answer")
    assert well.main(["answer"]) == 0
    assert well.main(["answer", "send"]) == 1
    assert capsys.readouterr().out == "not well: send\n"
    assert well.main([]) == 1
