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
