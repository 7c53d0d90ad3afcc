"""Who may talk to the server, and how it starts and stops."""

import asyncio
import socket
import sys

import httpx
import pytest

from bot.simulator import Account, Serving, Telegram, server, serving


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_pages_can_not_drive_it(headers: dict[str, str], server: Serving, person: Account) -> None:
    token = server.telegram.token
    async with httpx.AsyncClient(base_url=server.url) as client:
        for method, path in (
            ("GET", "/"),
            ("GET", "/chat/events"),
            ("POST", f"/chat/persons/{person.id}/text"),
            ("POST", f"/bot{token}/sendMessage"),
        ):
            answer = await client.request(method, path, headers=headers)
            assert answer.status_code == 403
    assert len(person.messages) == 1


async def test_the_page_brings_a_strict_policy(server: Serving) -> None:
    async with httpx.AsyncClient(base_url=server.url) as client:
        for path in (
            "/",
            "/static/chat.js",
            "/static/bubble.js",
            "/static/dom.js",
            "/static/faults.js",
            "/static/chat.css",
        ):
            answer = await client.get(path)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
        page = (await client.get("/")).text
        assert "//" not in page.replace("http-equiv", "").replace("<!--", "")
        assert (await client.get("/static/../server.py")).status_code == 404
        assert (await client.get("/static/server.py")).status_code == 404


async def test_a_document_is_never_shown_as_a_page(server: Serving, person: Account) -> None:
    message = person.sends_document(b"<script>alert(1)</script>", "a.html")
    file_id = message.content["document"]["file_id"]
    async with httpx.AsyncClient(base_url=server.url) as client:
        answer = await client.get(f"/chat/file/{file_id}")
        assert answer.headers["content-disposition"] == "attachment"
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_what_the_page_asks_is_checked(server: Serving, person: Account) -> None:
    async with httpx.AsyncClient(base_url=f"{server.url}/chat/persons") as client:
        for path, body, expected in (
            (f"/{person.id}/text", {"text": "hello"}, 201),
            (f"/{person.id}/text", {"text": " "}, 400),
            (f"/{person.id}/text", {}, 400),
            (f"/{person.id}/edit", {"message_id": 1, "text": "x"}, 400),
            (f"/{person.id}/press", {"message_id": person.messages[0].id, "row": 0, "column": 0}, 400),
            (f"/{person.id}/key", {"text": "nothing"}, 400),
            (f"/{person.id}/location", {"latitude": 91, "longitude": 0}, 400),
            (f"/{person.id}/dance", {}, 404),
            ("/1/text", {"text": "hello"}, 404),
            ("", {"language": "xx"}, 400),
            ("", {"language": "sq", "name": "Ana"}, 201),
        ):
            answer = await client.post(path, json=body)
            assert (path, body, answer.status_code) == (path, body, expected)
    assert [message.text for message in person.messages] == ["/start", "hello"]
    assert "Ana" in [someone.name for someone in server.telegram.accounts.values()]


async def test_a_taken_port_is_told() -> None:
    with server.bound() as taken:
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            server.bound(taken.getsockname()[1])


async def test_it_stops_at_once_though_somebody_waits(server: Serving) -> None:
    async with serving() as other, httpx.AsyncClient(base_url=other.url, timeout=20) as client:
        poll = asyncio.create_task(client.get(f"/bot{other.telegram.token}/getUpdates?timeout=20"))
        async with client.stream("GET", "/chat/events") as events:
            await anext(events.aiter_lines())
            began = asyncio.get_running_loop().time()
            other.telegram.close()
            await poll
        assert asyncio.get_running_loop().time() - began < 2


@pytest.mark.slow
async def test_the_command_serves_and_ends_cleanly() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.simulator", "--port", str(port), "--token", "42:abc", "--person", "sq"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        assert line.decode().strip().endswith(f"http://127.0.0.1:{port}")
        transport = httpx.AsyncHTTPTransport(retries=5)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", transport=transport) as client:
            assert (await client.get("/bot42:abc/getMe")).json()["result"]["id"] == 42
            async with client.stream("GET", "/chat/events") as events:
                lines = [line async for line in _first(events, 4)]
            assert any('"language": "sq"' in line for line in lines)
    finally:
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), 10)
    assert b"Traceback" not in errors


async def _first(events: httpx.Response, number: int):  # type: ignore[no-untyped-def]
    async for line in events.aiter_lines():
        yield line
        number -= 1
        if not number:
            return


def test_a_press_of_nothing_is_an_error() -> None:
    person = Telegram().person()
    with pytest.raises(LookupError):
        person.presses("nothing")
    person.blocks()
    with pytest.raises(ValueError, match="blocked"):
        person.writes("hello")
