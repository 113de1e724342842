"""Asking over HTTP: the reply's shape, its citations, batches, and each way to be refused."""

from __future__ import annotations

import asyncio
from hashlib import sha256

import pytest

from service.evaluation.verification import faults
from service.schemas.answer import AskResponse

pytestmark = pytest.mark.anyio

QUESTION = "how many US troops went to Poland?"
FACT = "About 1,700 American soldiers were sent to Poland."


async def ask(client, **body):
    return await client.post("/v1/ask", json={"question": QUESTION} | body)


async def refusal(client, body) -> tuple[int, str, list[tuple[str, str]]]:
    reply = await client.post("/v1/ask", json=body)
    told = reply.json()
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert told["status"] == reply.status_code
    assert told["request_id"] == reply.headers["X-Request-ID"]
    places = [(fault["location"], fault["pointer"]) for fault in told["errors"]]
    return reply.status_code, told["type"], places


async def test_the_passage_with_the_fact_is_first_and_its_sentence_is_cited(client):
    """The citation points at the sentence that answers, not at the whole passage."""
    reply = await ask(client)
    assert reply.status_code == 200
    told = reply.json()
    first = told["passages"][0]
    assert FACT in first["citation"]["quote"]["exact"]
    assert first["citation"]["section"][-1] == "Deployments"
    assert first["citation"]["document"]["uri"] == "drills.md"
    assert first["citation"]["document"]["metadata"]["author"] == "Desk"
    assert (told["status"], told["answer"], told["abstention"]) == ("retrieved", None, None)
    assert first["scores"]["relevance"] is None
    assert told["question"] == QUESTION
    assert told["request_id"] == reply.headers["X-Request-ID"]
    AskResponse.model_validate(told)


async def test_every_citation_can_be_checked_by_what_the_service_serves(client):
    """The document's text, fetched separately, holds each quote where its citation says."""
    told = (await ask(client, top_k=50)).json()
    assert len(told["passages"]) == told["snapshot"]["passages"]
    for place, passage in enumerate(told["passages"], start=1):
        citation = passage["citation"]
        text = (await client.get(citation["links"]["text"])).content.decode()
        assert faults(citation, text) == []
        assert text[passage["span"]["start"] : passage["span"]["end"]] == passage["text"]
        span = {"start": citation["span"]["start"], "end": citation["span"]["end"]}
        part = await client.get(citation["links"]["text"], params=span)
        assert sha256(part.content).hexdigest() == citation["quote"]["sha256"]
        (highlight,) = passage["highlights"]
        marked = passage["text"][highlight["start"] : highlight["end"]]
        assert marked == citation["quote"]["exact"]
        assert highlight["kind"] in ("evidence", "related")
        assert (passage["rank"], citation["id"]) == (place, f"c{place}")
    assert told["passages"][0]["highlights"][0]["kind"] == "evidence"


async def test_fused_scores_stand_in_order_and_timings_add_up(client):
    """Best first; the total holds its parts."""
    told = (await ask(client)).json()
    fused = [passage["scores"]["fused"] for passage in told["passages"]]
    assert fused == sorted(fused, reverse=True)
    timings = told["timings_ms"]
    assert timings["read"] == 0
    assert timings["total"] >= max(timings["encode"], timings["search"])


async def test_top_k_is_the_settings_where_a_request_does_not_say(serve):
    """Left out and null are the same; a number wins."""
    async with serve(top_k=1) as client:
        assert len((await ask(client)).json()["passages"]) == 1
        assert len((await ask(client, top_k=None)).json()["passages"]) == 1
        assert len((await ask(client, top_k=2)).json()["passages"]) == 2


async def test_a_filter_chooses_documents(client):
    """Only what matches is returned, however it ranks."""
    wanted = {"op": "prefix", "field": "uri", "value": "notes/"}
    told = (await ask(client, filter=wanted)).json()
    uris = {passage["citation"]["document"]["uri"] for passage in told["passages"]}
    assert uris == {"notes/kitchen.txt", "notes/garden.md"}
    none = {"op": "eq", "field": "author", "value": "Nobody"}
    assert (await ask(client, filter=none)).json()["passages"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"question": "q" * 2001}, "#/question"),
        ({"question": " \n "}, "#/question"),
        ({"question": "a\x00b"}, "#/question"),
        ({}, "#/question"),
        ({"question": "q", "top_k": 0}, "#/top_k"),
        ({"question": "q", "top_k": 51}, "#/top_k"),
        ({"question": "q", "top_k": "5"}, "#/top_k"),
        ({"question": "q", "answer": "no"}, "#/answer"),
        ({"question": "q", "k": 3}, "#/k"),
        ({"question": "q", "a/b~c": 3}, "#/a~1b~0c"),
        ({"question": "q", "filter": {"op": "like"}}, "#/filter/op"),
        (
            {
                "question": "q",
                "filter": {"op": "and", "filters": [{"op": "eq", "field": "", "value": 1}]},
            },
            "#/filter/filters/0/field",
        ),
        ([], "#"),
        ("why?", "#"),
    ],
)
async def test_a_faulty_field_is_pointed_to(client, body, pointer):
    """422, the kind of problem, and where in the body it is."""
    assert await refusal(client, body) == (422, "/problems/invalid-request", [("body", pointer)])


async def test_all_faulty_fields_are_told_at_once(client):
    """One entry each."""
    status, _, places = await refusal(client, {"question": "", "top_k": 99, "x": 1})
    assert status == 422
    assert sorted(places) == [("body", "#/question"), ("body", "#/top_k"), ("body", "#/x")]


@pytest.mark.parametrize("question", ["q" * 2000, "  " + "😀" * 2000 + "\n"])
async def test_the_longest_question_is_answered(client, question):
    """2,000 characters after trimming, whatever their bytes."""
    reply = await client.post("/v1/ask", json={"question": question})
    assert reply.status_code == 200
    assert reply.json()["question"] == question.strip()


async def begun(held_encoder) -> None:
    assert await asyncio.to_thread(held_encoder.began.wait, 5)


async def until(holds) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


async def test_concurrent_questions_are_one_encoder_call(serve, held_encoder):
    """Those that come while the threads are busy are encoded together, and none is mixed up."""
    async with serve(work_threads=1) as client:
        held_encoder.hold()
        first = asyncio.create_task(ask(client))
        await begun(held_encoder)
        asked = [f"what of number {n}?" for n in range(8)]
        others = [asyncio.create_task(ask(client, question=question)) for question in asked]
        await until(lambda: client.app.state.service.admission.in_use == 9)
        held_encoder.go.set()
        replies = await asyncio.gather(first, *others)
    assert [reply.json()["question"] for reply in replies] == [QUESTION, *asked]
    assert held_encoder.calls == [[QUESTION], asked]


async def test_the_same_question_at_the_same_time_is_computed_once(client, held_encoder):
    """Ten ask it: one was computed, nine say that they share it, and all have the same reply."""
    held_encoder.hold()
    asking = [asyncio.create_task(ask(client)) for _ in range(10)]
    await begun(held_encoder)
    await until(lambda: client.app.state.service.admission.in_use == 10)
    held_encoder.go.set()
    told = [reply.json() for reply in await asyncio.gather(*asking)]
    assert held_encoder.calls == [[QUESTION]]
    assert sorted(one["cached"] for one in told) == [False] + [True] * 9
    assert len({one["request_id"] for one in told}) == 10
    assert all(one["passages"] == told[0]["passages"] for one in told)


async def test_a_repeated_question_is_answered_from_the_cache_and_says_so(client, held_encoder):
    """The same reply, but for the id, the times and the word that it was kept."""
    first = (await client.post("/v1/ask", json={"question": QUESTION})).json()
    again = (await ask(client)).json()
    assert held_encoder.calls == [[QUESTION]]
    assert (first.pop("cached"), again.pop("cached")) == (False, True)
    assert first.pop("request_id") != again.pop("request_id")
    own, times = again.pop("timings_ms"), first.pop("timings_ms")
    assert {name for name, value in own.items() if value} == {"total"}
    assert times["encode"] > 0
    assert again == first


@pytest.mark.parametrize(
    "changed",
    [
        {"question": QUESTION.upper()},
        {"top_k": 4},
        {"filter": {"op": "eq", "field": "year", "value": 2022}},
        {"filter": {"op": "eq", "field": "year", "value": 2022.0}},
    ],
)
async def test_another_question_is_not_answered_from_the_cache(client, changed):
    """Whatever changes the reply is another question; asked again, it is the same."""
    await ask(client)
    assert (await ask(client, **changed)).json()["cached"] is False
    assert (await ask(client, **changed)).json()["cached"] is True


async def test_without_room_nothing_is_kept(serve, held_encoder):
    """QUOTH_CACHE_MB 0 switches the cache off."""
    async with serve(cache_mb=0) as client:
        assert [(await ask(client)).json()["cached"] for _ in range(2)] == [False, False]
    assert held_encoder.calls == [[QUESTION]] * 2


async def test_more_than_may_be_in_work_is_refused_early(serve, held_encoder):
    """32 in work, the 33rd gets 503 with Retry-After at once, and the 32 are answered."""
    async with serve(max_waiting=32) as client:
        held_encoder.hold()
        inside = [asyncio.create_task(ask(client, question=f"what of {n}?")) for n in range(32)]
        await until(lambda: client.app.state.service.admission.in_use == 32)
        refused = await ask(client)
        assert refused.status_code == 503
        assert refused.json()["type"] == "/problems/overloaded"
        assert refused.headers["Retry-After"] == "1"
        assert (await client.get("/livez")).status_code == 200
        held_encoder.go.set()
        replies = await asyncio.gather(*inside)
        assert {reply.status_code for reply in replies} == {200}
        assert (await ask(client)).status_code == 200


async def test_a_question_that_takes_too_long_is_refused_and_frees_its_place(serve, held_encoder):
    """503 with Retry-After; the permit is back as soon as its thread is."""
    async with serve(request_timeout=0.2) as client:
        held_encoder.hold()
        reply = await ask(client)
        assert (reply.status_code, reply.json()["type"]) == (503, "/problems/timed-out")
        admission = client.app.state.service.admission
        assert admission.in_use == 1
        held_encoder.go.set()
        assert await admission.emptied(5)


async def test_a_failing_encoder_fails_the_request_and_tells_nothing(client, held_encoder, caplog):
    """500 with a request id under which the log has the reason; the next request is served."""
    held_encoder.error = RuntimeError("/srv/private is full")
    reply = await ask(client)
    held_encoder.error = None
    assert reply.status_code == 500
    assert reply.json()["type"] == "/problems/internal-error"
    assert "private" not in reply.text
    (record,) = [record for record in caplog.records if record.message == "request failed"]
    assert record.request_id == reply.json()["request_id"]
    assert "private" in str(record.exc_info[1])
    assert (await ask(client)).status_code == 200


async def test_a_citation_that_does_not_match_is_withheld(client, monkeypatch):
    """The whole answer fails rather than cite wrongly."""
    monkeypatch.setattr("service.citation.quote_faults", lambda *_: ["made up"])
    reply = await ask(client)
    assert (reply.status_code, reply.json()["type"]) == (500, "/problems/citation-mismatch")
    assert "made up" not in reply.text
