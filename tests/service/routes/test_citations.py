"""Checking citations over HTTP."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.anyio


async def test_citations_come_back_valid_as_they_were_returned(client):
    """A reply's citations are the request, unchanged."""
    asked = await client.post("/v1/ask", json={"question": "soldiers in Poland", "top_k": 50})
    citations = [passage["citation"] for passage in asked.json()["passages"]]
    reply = await client.post("/v1/citations:verify", json={"citations": citations})
    told = reply.json()
    assert [verdict["status"] for verdict in told["results"]] == ["valid"] * len(citations)
    for citation, verdict in zip(citations, told["results"], strict=True):
        for unit in ("span", "utf16", "bytes", "lines"):
            assert verdict["place"][unit] == citation[unit]
    assert told["request_id"] == reply.headers["X-Request-ID"]
    assert told["snapshot"] == asked.json()["snapshot"]


async def test_verdicts_come_in_the_order_of_the_citations(client):
    """Moved within its document, changed, and gone."""
    document = (await client.get("/v1/documents")).json()["documents"][0]
    text = (await client.get(document["links"]["text"])).text
    span = {"start": 0, "end": 12}
    citations = [
        {"document": {"doc_id": document["doc_id"]}, "span": span, "quote": {"exact": "airborne"}},
        {"document": {"doc_id": document["doc_id"]}, "span": span, "quote": {"exact": "seaborne"}},
        {"document": {"doc_id": "0" * 16}, "span": span, "quote": {"exact": "seaborne"}},
    ]
    told = (await client.post("/v1/citations:verify", json={"citations": citations})).json()
    assert [verdict["status"] for verdict in told["results"]] == ["moved", "changed", "gone"]
    assert told["results"][0]["place"]["span"]["start"] == text.index("airborne")


async def test_50_long_citations_are_checked_at_once(client):
    """As many as may be sent, each with a passage's worth of words: some 300 KiB."""
    claim = {
        "document": {"doc_id": "0" * 16},
        "span": {"start": 0, "end": 6000},
        "quote": {"exact": "quoth " * 1000, "prefix": "p" * 32, "suffix": "s" * 32},
    }
    reply = await client.post("/v1/citations:verify", json={"citations": [claim] * 50})
    assert reply.status_code == 200
    assert [verdict["status"] for verdict in reply.json()["results"]] == ["gone"] * 50


async def test_a_faulty_claim_is_pointed_to(client):
    """The pointer counts into the list."""
    sound = {"document": {"doc_id": "d"}, "span": {"start": 0, "end": 1}, "quote": {"exact": "a"}}
    faulty = sound | {"span": {"start": 1, "end": 1}}
    reply = await client.post("/v1/citations:verify", json={"citations": [sound, faulty]})
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/invalid-request")
    assert [fault["pointer"] for fault in reply.json()["errors"]] == ["#/citations/1/span"]


async def test_any_span_within_a_passage_can_be_cited(client):
    """A citation that a reply returned comes back the same for its span, whatever its passage."""
    asked = await client.post("/v1/ask", json={"question": "soldiers in Poland", "top_k": 50})
    passages = asked.json()["passages"]
    assert len(passages) > 2
    for passage in passages:
        citation = passage["citation"]
        path = f"/v1/documents/{citation['document']['doc_id']}/citation"
        for span in (citation["span"], passage["span"]):
            made = (await client.get(path, params=span)).json()
            assert made["span"] == span
            assert made["section"] == citation["section"]
        again = (await client.get(path, params=citation["span"])).json()
        assert {**again, "id": ""} == {**citation, "id": ""}


async def test_a_span_outside_every_passage_is_not_cited(client):
    """Empty, backwards, between two passages, beyond the end; nor of an unknown document."""
    document = (await client.get("/v1/documents")).json()["documents"][0]
    path = f"/v1/documents/{document['doc_id']}/citation"
    characters = document["characters"]
    assert document["passages"] > 1
    for start, end in ((5, 5), (9, 3), (0, characters), (characters, characters + 1), (0, 1)):
        reply = await client.get(path, params={"start": start, "end": end})
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/invalid-request")
    for unknown in ("start=0", "start=0&end=x", "start=-1&end=2", "start=0&end=2&more=1"):
        assert (await client.get(f"{path}?{unknown}")).status_code == 422
    missing = await client.get(f"/v1/documents/{'0' * 16}/citation?start=0&end=1")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/not-found")
