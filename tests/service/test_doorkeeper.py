"""What a request must pass: an API key, the turnstile, and a body that is not too large."""

from __future__ import annotations

import asyncio
import json

import pytest
from word_reader import loaded

from service.schemas.requests import BODY_BYTES, VERIFY_BODY_BYTES

pytestmark = pytest.mark.anyio

KEY, OTHER = "correct-horse-battery", "staple-staple-staple"
JSON = {"Content-Type": "application/json"}


def body_of(size: int) -> bytes:
    """A JSON body of exactly that many bytes; its question is too long, its size is the matter."""
    empty = json.dumps({"question": ""}).encode()
    return json.dumps({"question": "q" * (size - len(empty))}).encode()


async def chunks(body: bytes, size: int = 1000):
    for first in range(0, len(body), size):
        yield body[first : first + size]


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {KEY}"},
        {"Authorization": f"bearer  {OTHER} "},
        {"X-API-Key": KEY},
        {"X-API-Key": OTHER},
    ],
)
async def test_each_key_opens_by_either_header(serve, headers):
    """Any of the keys will do."""
    async with serve(api_keys=f"{KEY},{OTHER}") as client:
        assert (await client.get("/v1/documents", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": KEY},
        {"X-API-Key": KEY[:-1]},
        {"X-API-Key": ""},
        {"X-API-Key": b"\xff\xfe"},
        {"X-API-Key": f"{KEY},{OTHER}"},
    ],
)
async def test_without_a_known_key_nothing_opens_but_the_probes(serve, headers):
    """401 with a challenge for every other path, known or not; the given key is not repeated."""
    async with serve(api_keys=f"{KEY},{OTHER}") as client:
        for path in (
            "/pages",
            "/documents",
            "/v1/documents",
            "/v1/index",
            "/metrics",
            "/openapi.json",
            "/nothing",
        ):
            reply = await client.get(path, headers=headers)
            assert (reply.status_code, reply.json()["type"]) == (401, "/problems/unauthorised")
            assert reply.headers["WWW-Authenticate"].startswith("Bearer")
            assert KEY not in reply.text
            assert reply.json()["request_id"] == reply.headers["X-Request-ID"]
        for path in ("/livez", "/readyz"):
            assert (await client.get(path, headers=headers)).status_code == 200


async def test_a_body_of_exactly_the_limit_is_read(client):
    """64 KiB arrive: what is refused is the question's length, with 422."""
    for content in (body_of(BODY_BYTES), chunks(body_of(BODY_BYTES))):
        reply = await client.post("/v1/ask", content=content, headers=JSON)
        assert reply.status_code == 422


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/v1/ask", BODY_BYTES),
        ("/v1/ask:batch", BODY_BYTES),
        ("/v1/citations:verify", VERIFY_BODY_BYTES),
    ],
)
async def test_one_byte_more_is_refused(client, path, limit):
    """413 however it is sent: whole, in pieces, or in pieces said to be fewer."""
    body = body_of(limit + 1)
    for content, headers in (
        (body, JSON),
        (chunks(body), JSON),
        (chunks(body), JSON | {"Content-Length": "10"}),
        (chunks(body), JSON | {"Content-Length": "nonsense"}),
    ):
        reply = await client.post(path, content=content, headers=headers)
        assert (reply.status_code, reply.json()["type"]) == (413, "/problems/body-too-large")
        assert reply.headers["Connection"] == "close"
        assert str(limit) in reply.json()["detail"]


async def test_a_body_that_does_not_end_is_given_up(serve):
    """408 after the time a request is given, and the connection with it."""
    never = asyncio.Event()

    async def stalled():
        yield b"{"
        await never.wait()

    async with serve(request_timeout=0.1) as client, asyncio.timeout(5):
        reply = await client.post("/v1/ask", content=stalled(), headers=JSON)
    assert (reply.status_code, reply.json()["type"]) == (408, "/problems/body-too-slow")
    assert reply.headers["Connection"] == "close"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1:80", "127.9.9.9", "[::1]:8080"]
)
async def test_without_keys_a_loopback_name_is_answered(client, host):
    """However this machine is called from itself."""
    assert (await client.get("/v1/documents", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:8080", "10.0.0.1", "", "[::1", "[::2]", "x@y"]
)
async def test_without_keys_another_name_is_refused(client, host):
    """421: a page whose own name was made to lead here (DNS rebinding) reads nothing."""
    reply = await client.get("/v1/documents", headers={"Host": host})
    assert (reply.status_code, reply.json()["type"]) == (421, "/problems/misdirected")
    assert reply.json()["request_id"] == reply.headers["X-Request-ID"]


@pytest.mark.parametrize("origin", ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:9"])
async def test_without_keys_a_page_of_this_machine_is_answered(client, origin):
    """Quoth's own page names its origin where it posts."""
    reply = await client.get("/v1/documents", headers={"Origin": origin})
    assert reply.status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://[::1", "localhost"])
async def test_without_keys_a_page_of_another_site_is_refused(client, origin):
    """403, whatever it asks for: nothing here is for it."""
    reply = await client.get("/v1/documents", headers={"Origin": origin})
    assert (reply.status_code, reply.json()["type"]) == (403, "/problems/foreign-origin")


async def test_with_keys_any_name_is_answered(serve):
    """A key is no cookie: a foreign page cannot send it."""
    async with serve(api_keys=KEY) as client:
        headers = {"X-API-Key": KEY, "Host": "quoth.example", "Origin": "https://quoth.example"}
        assert (await client.get("/v1/documents", headers=headers)).status_code == 200


async def test_an_announced_excess_is_refused_without_reading(client):
    """Nobody waits for a gigabyte that will not be used."""
    read = []

    async def endless():
        for _ in range(3):
            read.append(1)
            yield b"x"

    headers = JSON | {"Content-Length": str(2**30)}
    reply = await client.post("/v1/ask", content=endless(), headers=headers)
    assert reply.status_code == 413
    # The test's transport hands over one piece at a time, when asked.
    assert len(read) <= 1


async def test_a_key_is_asked_for_before_a_body_is_read(serve):
    """Strangers cannot make the service read."""
    async with serve(api_keys=KEY) as client:
        reply = await client.post("/v1/ask", content=body_of(BODY_BYTES + 1), headers=JSON)
        assert reply.status_code == 401


async def test_while_all_would_be_refused_questions_are_refused_unread(serve):
    """Neither body nor its declaration is looked at; everything else is served as ever."""
    async with serve(max_waiting=32) as client:
        service = client.app.state.service
        read = []

        async def body():
            read.append(1)
            yield b"{"

        with service.admission.admit(service.work_line, 32):
            for path in ("/v1/ask", "/v1/ask:batch"):
                reply = await client.post(path, content=body())
                assert (reply.status_code, reply.json()["type"]) == (503, "/problems/overloaded")
                assert reply.headers["Retry-After"] == "1"
                assert reply.headers["X-Request-ID"] == reply.json()["request_id"]
            assert (await client.get("/v1/ask")).status_code == 405
            assert (await client.get("/v1/index")).status_code == 200
            measured = (await client.get("/metrics")).text
        counted = 'quoth_requests_total{method="POST",route="/v1/ask",status="503"} 1.0'
        assert counted in measured
        assert 'quoth_problems_total{kind="overloaded"} 2.0' in measured
        assert (await client.post("/v1/ask", json={"question": "q"})).status_code == 200


async def test_the_turnstile_stands_behind_the_key(serve):
    """Who has no key does not learn how busy it is."""
    async with serve(max_waiting=32, api_keys=KEY) as client:
        service = client.app.state.service
        with service.admission.admit(service.work_line, 32):
            assert (await client.post("/v1/ask", headers=JSON, content="{}")).status_code == 401
            keyed = JSON | {"X-API-Key": KEY}
            assert (await client.post("/v1/ask", headers=keyed, content="{}")).status_code == 503


async def test_a_long_line_turns_away_behind_the_turnstile(serve):
    """What is kept is told all the same, and another line may be short."""

    async def status(client, question, answer):
        body = {"question": question, "answer": answer}
        return (await client.post("/v1/ask", json=body)).status_code

    async with serve(loaded(), wait_seconds=1, read_budget_ms=60_000) as client:
        assert await status(client, "kept?", True) == 200
        line = client.app.state.service.read_line
        line.observe(1000)
        line.in_line += 50
        asked = [("kept?", True), ("new?", True), ("new?", False)]
        assert [await status(client, *one) for one in asked] == [200, 503, 200]
        line.in_line -= 50
        assert await status(client, "new?", True) == 200
