"""Every request: its id, its one log line, and a reply whatever happens."""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.anyio

QUESTION = "who keeps secrets?"


def lines_of(caplog) -> list:
    return [record for record in caplog.records if record.name == "quoth.requests"]


@pytest.mark.parametrize("given", ["a", "A-z_0.9", "x" * 128])
async def test_a_valid_request_id_is_kept(client, given):
    """1 to 128 of the allowed characters come back as they are."""
    reply = await client.get("/livez", headers={"X-Request-ID": given})
    assert reply.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a/b", b"\xe9", "a\tb", "<b>"])
async def test_an_invalid_request_id_is_replaced(client, given):
    """A made id is 32 hex digits, and differs each time."""
    ids = [
        (await client.get("/nothing", headers={"X-Request-ID": given})).headers["X-Request-ID"]
        for _ in range(2)
    ]
    assert all(re.fullmatch("[0-9a-f]{32}", made) for made in ids)
    assert ids[0] != ids[1]


async def test_a_request_is_one_line_with_its_template(client, caplog):
    """Method, route, status, time, id and snapshot; never the path's own values."""
    reply = await client.get("/v1/documents/secret-name", headers={"X-Request-ID": "r1"})
    (line,) = lines_of(caplog)
    assert (line.method, line.route, line.status) == ("GET", "/v1/documents/{doc_id}", 404)
    assert (line.request_id, line.problem) == ("r1", "not-found")
    assert line.ms > 0
    told = (await client.get("/readyz")).json()
    assert line.snapshot == told["snapshot"]
    assert reply.status_code == 404


async def test_a_question_is_not_logged_unless_asked(serve, capsys):
    """The text of questions is the users' own affair."""
    for wanted in (False, True):
        async with serve(log_questions=wanted) as client:
            capsys.readouterr()
            await client.post("/v1/ask", json={"question": QUESTION})
            await client.post("/v1/ask:batch", json={"questions": [{"question": QUESTION}]})
            written = capsys.readouterr().err
        assert (QUESTION in written) is wanted
        lines = [json.loads(line) for line in written.splitlines()]
        assert [line["route"] for line in lines] == ["/v1/ask", "/v1/ask:batch"]
        assert [line.get("questions") for line in lines] == [[QUESTION] if wanted else None] * 2


async def test_keys_are_never_logged(serve, capsys):
    """Neither those the service has nor those a request presents."""
    async with serve(api_keys="correct-horse-battery") as client:
        await client.get("/v1/index", headers={"X-API-Key": "correct-horse-battery"})
        await client.get("/v1/index", headers={"X-API-Key": "wrong-horse-battery"})
    assert "horse" not in capsys.readouterr().err


async def test_an_error_nobody_foresaw_is_a_problem(client, monkeypatch):
    """500 in the one shape, from the outermost layer."""

    def broken(*_):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("service.routes.documents.document_page", broken)
    reply = await client.get("/v1/documents")
    assert (reply.status_code, reply.json()["type"]) == (500, "/problems/internal-error")
    assert "inside" not in reply.text
    assert reply.headers["X-Request-ID"] == reply.json()["request_id"]
