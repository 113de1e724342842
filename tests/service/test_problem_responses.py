"""What the web framework itself refuses is a problem too."""

from __future__ import annotations

import pytest

from service.problems import KINDS, MEDIA_TYPE

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}


def check(reply, status: int, kind: str) -> dict:
    told = reply.json()
    assert reply.status_code == told["status"] == status
    assert reply.headers["Content-Type"] == MEDIA_TYPE
    assert told["type"] == f"/problems/{kind}"
    assert told["title"] == KINDS[kind].title
    assert told["request_id"] == reply.headers["X-Request-ID"]
    assert told["detail"]
    return told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "not JSON"),
        (b"", "The body is empty; send a JSON object."),
        (b"{'question': 'q'}", "not JSON"),
        (b'{"question": "q",}', "not JSON"),
        (b'{"question": "\xff"}', "UTF-8"),
        (b'{"question": "q"} x', "not JSON"),
        (b'{"top_k": ' + b"9" * 5000 + b"}", "too many digits"),
        (b"[" * 60_000, "nested too deeply"),
    ],
)
async def test_what_is_not_json_is_malformed(client, content, words):
    """400 that says in what way: never a 500."""
    reply = await client.post("/v1/ask", content=content, headers=JSON)
    told = check(reply, 400, "malformed-request")
    assert "errors" not in told
    assert words in told["detail"]


async def test_the_place_of_a_json_error_is_told(client):
    """The character at which reading stopped."""
    reply = await client.post("/v1/ask", content=b'{"question": }', headers=JSON)
    assert "at character 13" in check(reply, 400, "malformed-request")["detail"]


@pytest.mark.parametrize(
    "declared", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "", "json"]
)
async def test_a_body_that_is_not_declared_json_is_refused(client, declared):
    """415, though the bytes be JSON: a browser's form cannot ask across sites."""
    content = b'{"question": "q"}'
    for path in ("/v1/ask", "/v1/ask:batch", "/v1/citations:verify"):
        reply = await client.post(path, content=content, headers={"Content-Type": declared})
        check(reply, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "declared", ["application/json", "Application/JSON; charset=utf-8", "application/ld+json"]
)
async def test_json_by_any_of_its_names_is_read(client, declared):
    """Parameters, case and suffixes are allowed."""
    content = '{"question": "Größe 😀?"}'.encode()
    reply = await client.post("/v1/ask", content=content, headers={"Content-Type": declared})
    assert reply.status_code == 200


async def test_an_unknown_route_is_not_found(client):
    """404 names the path and where the routes are listed."""
    told = check(await client.get("/v2/ask"), 404, "not-found")
    assert "/v2/ask" in told["detail"]
    check(await client.get("/v1/documents/"), 404, "not-found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/ask", "POST"),
        ("DELETE", "/v1/documents", "GET, HEAD"),
        ("PUT", "/v1/documents/x/text", "GET, HEAD"),
        ("POST", "/livez", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
    ],
)
async def test_another_method_is_not_allowed(client, method, path, allowed):
    """405 with Allow, as HTTP asks."""
    reply = await client.request(method, path)
    check(reply, 405, "method-not-allowed")
    assert reply.headers["Allow"] == allowed


async def test_lone_surrogates_in_names_and_values_do_no_harm(client):
    """They are refused, and the refusal can be sent."""
    for content in (b'{"question": "q", "\\ud800": 1}', b'{"question": "\\ud800"}'):
        reply = await client.post("/v1/ask", content=content, headers=JSON)
        check(reply, 422, "invalid-request")
    content = b'{"question": "q", "filter": {"op": "\\ud800"}}'
    check(await client.post("/v1/ask", content=content, headers=JSON), 422, "invalid-request")
