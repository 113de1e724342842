"""Who is turned away before the request was read is told what any other refusal would tell."""

from __future__ import annotations

import json

import pytest
from starlette.requests import Request

from service.errors import Overloaded, ShuttingDown
from service.problem_responses import problem_response
from service.turnstile import Turnstile

pytestmark = pytest.mark.anyio

ERRORS = [
    Overloaded('4 of 4 requests are "in work" and 1 more came'),
    Overloaded("Äußerstes — 5 of 5"),
    ShuttingDown("ask again"),
]


def scope_of(request_id: str, path: str = "/v1/ask", method: str = "POST") -> dict:
    state = {"request_id": request_id}
    return {"type": "http", "method": method, "path": path, "headers": [], "state": state}


async def sent_by(app, scope: dict) -> list[dict]:
    sent: list[dict] = []

    async def send(message: dict) -> None:
        sent.append(message)

    await app(scope, None, send)
    return sent


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("request_id", ["a.b-c_1", "0" * 128])
async def test_the_reply_is_that_of_any_problem(error, request_id):
    """Against the general way of telling a problem: status, headers, body, and what is noted."""
    turnstile = Turnstile(None, {"/v1/ask"}, lambda: error)
    for _ in range(2):  # written anew, and kept
        scope, other = scope_of(request_id), scope_of(request_id)
        started, body = await sent_by(turnstile, scope)
        expected = problem_response(Request(other), error)
        assert (started["status"], body["body"]) == (expected.status_code, expected.body)
        assert sorted(started["headers"]) == sorted(expected.raw_headers)
        assert json.loads(body["body"])["request_id"] == request_id
        assert scope["state"] == other["state"] | {"turned_away_from": "/v1/ask"}


@pytest.mark.parametrize(
    ("path", "method", "refusal"),
    [("/v1/ask", "POST", None), ("/v1/ask", "GET", ERRORS[0]), ("/livez", "POST", ERRORS[0])],
)
async def test_all_else_passes(path, method, refusal):
    """What does not ask, and who asks while somebody is let in."""
    passed = []

    async def app(scope, _receive, _send) -> None:
        passed.append(scope["path"])

    assert (
        await sent_by(Turnstile(app, {"/v1/ask"}, lambda: refusal), scope_of("1", path, method))
        == []
    )
    assert passed == [path]
