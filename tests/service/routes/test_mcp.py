"""MCP over real HTTP: the SDK's own client, and the layers every request passes."""

from __future__ import annotations

import asyncio
import json
import sys

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from word_reader import loaded

from service.schemas.requests import BODY_BYTES

pytestmark = pytest.mark.anyio

KEY = "correct-horse-battery"
QUESTION = "how many American soldiers were sent to Poland?"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
# What an MCP client sends with every request.
HEADERS = {
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
    "MCP-Protocol-Version": "2025-06-18",
}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_sdk_s_client_asks_over_http(listen, mode):
    """Its quotes link to the page that shows them, which is there."""
    with listen(loaded()) as site:
        async with Client(f"{site}/mcp", mode=mode) as client:
            assert len((await client.list_tools()).tools) == 3
            first = await client.call_tool("ask", {"question": QUESTION})
            again = await client.call_tool("ask", {"question": QUESTION})
        assert first.structured_content == again.structured_content
        assert first.structured_content["answer"]["text"] == "1,700"
        best = first.structured_content["evidence"][0]
        span = best["span"]
        page = f"{site}/documents/{best['doc_id']}"
        assert best["view"] == f"{page}#char={span['start']},{span['end']}"
        assert httpx2.get(page).status_code == 200


async def test_with_keys_a_client_must_bring_one(listen):
    """The key goes into its headers, as into those of any request."""
    with listen(api_keys=KEY) as site:
        assert httpx2.post(f"{site}/mcp", json=LIST, headers=HEADERS).status_code == 401
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}) as http,
            Client(streamable_http_client(f"{site}/mcp", http_client=http)) as client,
        ):
            assert len((await client.list_tools()).tools) == 3


async def test_each_request_stands_alone(client):
    """No session is begun, so any process may answer the next; the reply is plain JSON."""
    for _ in range(2):
        reply = await client.post("/mcp", json=LIST, headers=HEADERS)
        assert reply.status_code == 200
        assert reply.headers["Content-Type"] == "application/json"
        assert "Mcp-Session-Id" not in reply.headers
        assert len(reply.json()["result"]["tools"]) == 3


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_there_is_no_stream_to_open_or_end(client, method):
    """405, as the protocol wants it of a server that starts no conversation."""
    reply = await client.request(method, "/mcp", headers=HEADERS)
    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Host": "evil.example"}, (421, "/problems/misdirected")),
        ({"Origin": "http://evil.example"}, (403, "/problems/foreign-origin")),
        ({"Origin": "null"}, (403, "/problems/foreign-origin")),
        ({"Content-Type": "text/plain"}, (415, "/problems/unsupported-media-type")),
    ],
)
async def test_a_web_page_cannot_use_it(client, headers, kind):
    """Neither under a name of its own nor from its own origin, nor as a form."""
    reply = await client.post("/mcp", json=LIST, headers=HEADERS | headers)
    assert (reply.status_code, reply.json()["type"]) == kind


async def test_its_body_is_bounded(client):
    """As every other's, before the SDK sees it."""
    reply = await client.post("/mcp", content=b" " * (BODY_BYTES + 1), headers=HEADERS)
    assert (reply.status_code, reply.json()["type"]) == (413, "/problems/body-too-large")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"jsonrpc": "2.0"}', b"\xff"])
async def test_what_is_no_message_is_refused(client, body):
    """As an error of the protocol; the service goes on."""
    reply = await client.post("/mcp", content=body, headers=HEADERS)
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] in (-32700, -32600, -32602)
    assert (await client.post("/mcp", json=LIST, headers=HEADERS)).status_code == 200


async def test_without_the_sdk_the_remedy_is_told(client, monkeypatch):
    """501, and what to install; everything else is there."""
    monkeypatch.setattr("service.mcp.door.find_spec", lambda _name: None)
    reply = await client.post("/mcp", json=LIST, headers=HEADERS)
    assert (reply.status_code, reply.json()["type"]) == (501, "/problems/mcp-not-installed")
    assert ".[mcp]" in reply.json()["detail"]
    assert (await client.get("/readyz")).status_code == 200


async def test_the_first_requests_may_come_together(client):
    """The SDK is loaded once, and each has its reply."""
    together = [client.post("/mcp", json=LIST, headers=HEADERS) for _ in range(4)]
    replies = await asyncio.gather(*together)
    assert [reply.status_code for reply in replies] == [200] * 4


async def test_a_call_is_counted_and_logged_as_others_are(client, caplog):
    """Its route, its snapshot, and the kind of problem that the tool told."""
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call"}
    asked = {"name": "ask", "arguments": {"question": ""}}
    with caplog.at_level("INFO", "quoth.requests"):
        reply = await client.post("/mcp", json=call | {"params": asked}, headers=HEADERS)
    assert reply.json()["result"]["isError"] is True
    (line,) = [one for one in caplog.records if one.name == "quoth.requests"]
    assert (line.route, line.status, line.problem) == ("/mcp", 200, "invalid-request")
    version = (await client.get("/readyz")).json()["snapshot"]
    assert line.snapshot == version
    measured = (await client.get("/metrics")).text
    assert 'quoth_problems_total{kind="invalid-request"} 1.0' in measured


@pytest.mark.parametrize(("wanted", "logged"), [(False, None), (True, [QUESTION])])
async def test_a_question_is_logged_where_the_settings_say_so(serve, caplog, wanted, logged):
    """As one that came by the API."""
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call"}
    asked = {"name": "ask", "arguments": {"question": QUESTION}}
    async with serve(log_questions=wanted) as client:
        with caplog.at_level("INFO", "quoth.requests"):
            await client.post("/mcp", json=call | {"params": asked}, headers=HEADERS)
    (line,) = [one for one in caplog.records if one.name == "quoth.requests"]
    assert getattr(line, "questions", None) == logged


async def test_a_desktop_program_speaks_over_standard_streams(seed_index):
    """The command as such a program starts it; nothing but the protocol is on standard output."""
    code = "from service.cli import main; main(['mcp', '--index', __import__('sys').argv[1]])"
    command = StdioServerParameters(
        command=sys.executable, args=["-c", code, str(seed_index)], env={"QUOTH_READER": "none"}
    )
    async with Client(command) as client:
        result = await client.call_tool("ask", {"question": QUESTION, "top_k": 1})
    given = json.loads(result.content[0].text)
    assert given["status"] == "retrieved"
    assert "1,700 American soldiers" in given["evidence"][0]["quote"]
