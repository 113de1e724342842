"""A question's shortest way: the replies, refusals and records of the usual one, by both ways."""

from __future__ import annotations

import json
import logging

import pytest

from service.straight import StraightToAsk

pytestmark = pytest.mark.anyio

# What both headers declare is the same; the second is read by FastAPI alone.
STRAIGHT, USUAL = "application/json", "application/json; charset=utf-8"
QUESTION = "how many US troops went to Poland?"
BODIES = [
    json.dumps({"question": QUESTION}),
    json.dumps({"question": f" \n{QUESTION}\t", "top_k": None, "answer": False}),
    json.dumps({"question": "¿Qué? 👩\u200d👩\u200d👧", "top_k": 2}, ensure_ascii=False),
    json.dumps({"question": QUESTION, "filter": {"op": "prefix", "field": "uri", "value": "n"}}),
    json.dumps({"question": QUESTION}).encode("utf-16"),
    '{"question": "a", "question": "bread?"}',
    '{"question": "\\ud83d\\udc69"}',
    # Each of these is refused.
    json.dumps({"question": QUESTION, "filter": {"op": "like"}}),
    json.dumps({"question": QUESTION, "top_k": 51}),
    json.dumps({"question": QUESTION, "top_k": 5.0}),
    json.dumps({"question": QUESTION, "k": 5}),
    json.dumps({"question": QUESTION, "answer": 1}),
    json.dumps({"question": " "}),
    json.dumps({"question": "\u200b"}),
    json.dumps({"question": "why\x00"}),
    '{"question": "\\ud83d"}',
    '{"question": NaN}',
    '{"question": "why?"',
    '{"question": "why?"} {}',
    '{"question": "why?", "top_k": ' + "9" * 5000 + "}",
    "[" * 20_000,
    "null",
    "[]",
    '"why?"',
    b"\xff\xfe\xfd",
    b'{"question": "\xff"}',
    "",
    "x" * 70_000,
]


def told(reply) -> tuple[int, dict, dict]:
    """What a reply says, without what is each request's own."""
    body = reply.json()
    for own in ("request_id", "timings_ms", "cached"):
        body.pop(own, None)
    headers = {**reply.headers}
    assert int(headers.pop("content-length")) == len(reply.content)
    del headers["x-request-id"]
    return reply.status_code, body, headers


async def both_ways(client, body: str | bytes):
    kinds = (STRAIGHT, USUAL)
    return [
        await client.post("/v1/ask", content=body, headers={"Content-Type": kind}) for kind in kinds
    ]


async def test_the_service_has_both_ways(client):
    """The straight one within all that every request passes: without it both would be one."""
    assert client.app.user_middleware[-1].cls is StraightToAsk


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_both_ways_tell_the_same(client, body):
    """Reply or refusal: status, body and headers."""
    straight, usual = await both_ways(client, body)
    assert told(straight) == told(usual)
    assert straight.headers["X-Request-ID"] == straight.json()["request_id"]


async def test_both_ways_refuse_alike_where_there_is_no_index(serve, tmp_path):
    """An error of the service's own is told as the framework's handlers tell it."""
    async with serve(index=tmp_path / "none") as client:
        straight, usual = await both_ways(client, BODIES[0])
    assert straight.status_code == 503
    assert told(straight) == told(usual)


@pytest.mark.parametrize(("body", "status"), [(BODIES[0], 200), (BODIES[8], 422)])
async def test_both_ways_are_logged_and_counted_alike(client, caplog, body, status):
    """The same route, status, problem and snapshot."""
    with caplog.at_level(logging.INFO, logger="quoth.requests"):
        await both_ways(client, body)
    fields = ("method", "route", "status", "problem", "snapshot")
    one, other = ([getattr(line, name) for name in fields] for line in caplog.records)
    assert one == other
    assert one[:3] == ["POST", "/v1/ask", status]
    counted = (await client.get("/metrics")).text
    assert f'route="/v1/ask",status="{status}"' in counted


async def test_questions_asked_are_logged_where_wanted(serve, caplog):
    """By both ways, and by default by neither."""
    for wanted in (True, False):
        async with serve(log_questions=wanted) as client:
            caplog.clear()
            with caplog.at_level(logging.INFO, logger="quoth.requests"):
                await both_ways(client, BODIES[0])
        logged = [getattr(line, "questions", None) for line in caplog.records]
        assert logged == [[QUESTION] if wanted else None] * 2


@pytest.mark.parametrize(
    ("method", "path", "kind", "body"),
    [
        ("POST", "/v1/ask", USUAL, BODIES[0]),
        ("POST", "/v1/ask", STRAIGHT, BODIES[8]),
        ("PUT", "/v1/ask", STRAIGHT, BODIES[0]),
        ("POST", "/v1/ask:batch", STRAIGHT, BODIES[0]),
        ("POST", "/v1/ask", STRAIGHT, BODIES[0]),
    ],
)
@pytest.mark.parametrize("root", ["/v1", ""])
async def test_only_a_sound_question_goes_straight(client, root, method, path, kind, body):
    """The last of these alone, and not below another application's path, where FastAPI matches
    less of it; what is handed on still has its body, and then what comes after.
    """
    passed, sent = [], []

    async def app(_scope, receive, _send):
        passed.extend([(await receive())["body"], await receive()])

    messages = [
        {"type": "http.request", "body": body.encode(), "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root,
        "headers": [(b"content-type", kind.encode())],
        "state": {"request_id": "r"},
    }
    await StraightToAsk(app, client.app.state.service)(scope, receive, send)
    if (root, method, path, kind, body) == ("", "POST", "/v1/ask", STRAIGHT, BODIES[0]):
        assert passed == []
        assert (sent[0]["status"], json.loads(sent[1]["body"])["question"]) == (200, QUESTION)
    else:
        assert (passed, sent) == ([body.encode(), {"type": "http.disconnect"}], [])
