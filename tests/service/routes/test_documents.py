"""Documents over HTTP: pages, descriptions, and text that every offset points into."""

from __future__ import annotations

from hashlib import sha256

import pytest

pytestmark = pytest.mark.anyio

URIS = ["drills.md", "notes/garden.md", "notes/kitchen.txt"]


async def listed(client, **query):
    return (await client.get("/v1/documents", params=query)).json()


async def first_document(client) -> dict:
    return (await listed(client))["documents"][0]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_together_are_the_whole_list_in_order(client, limit):
    """Following the cursors meets each document once, whatever the page's size."""
    uris, query = [], {"limit": limit}
    while True:
        page = await listed(client, **query)
        assert page["total"] == 3
        assert len(page["documents"]) <= limit
        uris += [document["uri"] for document in page["documents"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert uris == URIS


async def test_a_document_is_described_as_it_is_cited(client):
    """The list, the document itself and a citation agree."""
    document = await first_document(client)
    assert (await client.get(f"/v1/documents/{document['doc_id']}")).json() == document
    asked = await client.post("/v1/ask", json={"question": "troops in Poland"})
    cited = asked.json()["passages"][0]["citation"]["document"]
    assert cited.items() <= document.items()


async def test_the_text_is_the_file_and_carries_its_hash(client, seed_folder):
    """For Markdown the canonical text is the decoded file; the ETag is its sha256."""
    document = await first_document(client)
    reply = await client.get(document["links"]["text"])
    assert reply.content == (seed_folder / "drills.md").read_bytes()
    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert reply.headers["ETag"] == f'"{sha256(reply.content).hexdigest()}"'
    assert reply.headers["ETag"] == f'"{document["text_sha256"]}"'
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    version = (await listed(client))["snapshot"]["version"]
    assert reply.headers["Quoth-Snapshot"] == version
    assert document["characters"] == len(reply.text)


@pytest.mark.parametrize(("tag", "status"), [("{}", 304), ("W/{}", 304), ('"x", {}', 304)])
async def test_a_known_text_is_not_sent_again(client, tag, status):
    """Weak tags and lists match, by RFC 9110; the reply repeats the tag and has no body."""
    document = await first_document(client)
    etag = f'"{document["text_sha256"]}"'
    reply = await client.get(document["links"]["text"], headers={"If-None-Match": tag.format(etag)})
    assert (reply.status_code, reply.content) == (status, b"")
    assert reply.headers["ETag"] == etag


async def test_any_text_matches_a_star_and_another_tag_does_not(client):
    """``*`` is whatever is there; a tag of another text fetches this one."""
    link = (await first_document(client))["links"]["text"]
    for tag, status in (("*", 304), ('"other"', 200), ("", 200)):
        assert (await client.get(link, headers={"If-None-Match": tag})).status_code == status


async def test_a_part_is_cut_in_code_points(client):
    """start and end slice as a span does, past an emoji too, and may be left out."""
    document = await first_document(client)
    link, text = document["links"]["text"], (await client.get(document["links"]["text"])).text
    emoji, last = text.index("😀"), document["characters"]
    for start, end in ((emoji, emoji + 1), (emoji + 1, last), (0, 0), (last, last), (0, last)):
        part = await client.get(link, params={"start": start, "end": end})
        assert part.content.decode() == text[start:end]
    assert (await client.get(link, params={"start": emoji})).text == text[emoji:]
    assert (await client.get(link, params={"end": emoji})).text == text[:emoji]


async def test_a_part_outside_the_text_is_refused(client):
    """Never a shorter slice than asked for: 422 says how long the text is."""
    document = await first_document(client)
    last = document["characters"]
    for query, pointer in (
        ({"end": last + 1}, "#/end"),
        ({"start": last + 1}, "#/start"),
        ({"start": 5, "end": 4}, "#/start"),
        ({"start": -1}, "#/start"),
        ({"start": "x"}, "#/start"),
        ({"begin": 1}, "#/begin"),
    ):
        reply = await client.get(document["links"]["text"], params=query)
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/invalid-request")
        (fault,) = reply.json()["errors"]
        assert (fault["location"], fault["pointer"]) == ("query", pointer)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"limit": 0}, "#/limit"),
        ({"limit": 201}, "#/limit"),
        ({"limit": "all"}, "#/limit"),
        ({"cursor": "!!"}, "#/cursor"),
        ({"cursor": "bm90IGEgY3Vyc29y"}, "#/cursor"),
        ({"cursor": ""}, "#/cursor"),
        ({"cursor": "é"}, "#/cursor"),
        ({"page": 2}, "#/page"),
    ],
)
async def test_a_faulty_query_is_pointed_to(client, query, pointer):
    """One past each bound, what was never a cursor, and an unknown parameter."""
    reply = await client.get("/v1/documents", params=query)
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/invalid-request")
    (fault,) = reply.json()["errors"]
    assert (fault["location"], fault["pointer"]) == ("query", pointer)


@pytest.mark.parametrize("path", ["/v1/documents/nothing", "/v1/documents/%00/text"])
async def test_an_unknown_document_is_not_found(client, path):
    """404 that says where to look."""
    reply = await client.get(path)
    assert (reply.status_code, reply.json()["type"]) == (404, "/problems/not-found")
    assert "GET /v1/documents lists" in reply.json()["detail"]
