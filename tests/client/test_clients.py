"""Both clients against a real service over a real socket."""

from __future__ import annotations

import inspect
import socket

import httpx
import pytest

from index.build import build
from quoth_client import (
    AsyncQuoth,
    InvalidRequest,
    NotFound,
    NotQuoth,
    Problem,
    Quoth,
    Reply,
    Unauthorised,
    Unavailable,
    Unreachable,
    check,
)
from quoth_client.calls import Retries
from service.evaluation.verification import faults

KEY = "correct-horse-battery"
QUESTION = "how many soldiers were sent to Poland?"
PROBLEM = {
    "type": "/problems/overloaded",
    "title": "Overloaded",
    "status": 503,
    "detail": "64 of 64 requests are in work.",
    "request_id": "1",
}


@pytest.fixture
def site(listen):
    with listen() as url:
        yield url


@pytest.fixture
def quoth(site):
    with Quoth(site) as client:
        yield client


@pytest.fixture
def waits(monkeypatch):
    """The seconds that were waited, which nobody waits."""
    waited = []
    monkeypatch.setattr("quoth_client.synchronous.time.sleep", waited.append)
    return waited


def overloaded(times: int, retry_after: str | None = "2"):
    """A service that is overloaded so many times, and then has no documents."""
    headers = {"Content-Type": "application/problem+json"}
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    snapshot = {"version": "1", "created_at": "", "encoder": "", "documents": 0, "passages": 0}
    page = {"documents": [], "next_cursor": None, "total": 0, "snapshot": snapshot}
    replies = [httpx.Response(503, json=PROBLEM, headers=headers) for _ in range(times)]
    replies.append(httpx.Response(200, json=page))
    return httpx.MockTransport(lambda _request: replies.pop(0))


def test_a_question_s_citations_hold(quoth, seed_folder):
    """By this package's check and by the independent one, over the files themselves."""
    reply = quoth.ask(QUESTION, top_k=3)
    assert isinstance(reply, Reply)
    assert (reply.status, reply.answer, reply.cited) == ("retrieved", None, None)
    assert reply.citations[0].document.uri == "drills.md"
    for citation in reply.citations:
        text = (seed_folder / citation.document.uri).read_text(encoding="utf-8")
        assert quoth.text(citation.document.doc_id) == text
        assert check(citation, text) == []
        assert faults(citation.model_dump(), text) == []


def test_an_answer_comes_with_its_citation(listen):
    """The seed index, read by the shipped reader."""
    from service.reader import open_reader

    with listen(open_reader(None), read_budget_ms=60_000) as site, Quoth(site) as quoth:
        reply = quoth.ask("how many American soldiers were sent to Poland?")
    assert reply.status == "answered"
    assert "1,700" in reply.answer.text
    assert reply.answer.text in reply.cited.quote.exact


def test_a_filter_and_a_number_are_passed_on(quoth):
    """Only what was asked for."""
    notes = {"op": "prefix", "field": "uri", "value": "notes/"}
    reply = quoth.ask(QUESTION, top_k=1, filter=notes)
    assert [passage.citation.document.uri.split("/")[0] for passage in reply.passages] == ["notes"]


def test_many_questions_are_asked_in_batches(quoth):
    """More than one request may hold; a faulty one is a problem of its own, in its place."""
    questions = [f"{QUESTION} {number}" for number in range(40)]
    questions[35] = " "
    results = quoth.ask_many(questions, top_k=1)
    assert len(results) == 40
    assert isinstance(results[35], InvalidRequest)
    assert results[35].faults[0].pointer == "#/questions/3/question"
    others = [result for place, result in enumerate(results) if place != 35]
    assert [one.question for one in others] == [
        question for place, question in enumerate(questions) if place != 35
    ]


def test_every_document_is_listed_and_read(quoth, seed_folder, monkeypatch):
    """By pages, in the order of their uri."""
    monkeypatch.setattr("quoth_client.calls.DOCUMENTS", 2)
    listed = list(quoth.documents())
    assert [one.uri for one in listed] == ["drills.md", "notes/garden.md", "notes/kitchen.txt"]
    for one in listed:
        text = (seed_folder / one.uri).read_text(encoding="utf-8")
        assert quoth.document(one.doc_id) == one
        assert quoth.text(one.doc_id, 10, 20) == text[10:20]
        assert quoth.text(one.doc_id, 10) == text[10:]


def test_any_span_can_be_cited_and_verified(quoth):
    """Until the text changes, when it is told what became of it."""
    drills = next(quoth.documents())
    text = quoth.text(drills.doc_id)
    start = text.index("1,700")
    cited = quoth.cite(drills.doc_id, start, start + 5)
    assert cited.quote.exact == "1,700"
    assert check(cited, text) == []
    verdicts = quoth.verify([cited] * 60)
    assert [verdict.status for verdict in verdicts] == ["valid"] * 60


def test_a_moved_quote_is_told_online_and_offline(listen, tmp_path, encoder):
    """Both say where it stands now."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("The lease ends in April.\n", encoding="utf-8")
    build([folder], tmp_path / "index", encoder)
    with listen(index=tmp_path / "index") as site, Quoth(site) as quoth:
        (cited,) = quoth.ask("when does the lease end?").citations
    (folder / "a.txt").write_text("Signed. The lease ends in April.\n", encoding="utf-8")
    build([folder], tmp_path / "index", encoder)
    with listen(index=tmp_path / "index") as site, Quoth(site) as quoth:
        (verdict,) = quoth.verify([cited])
        wrong = check(cited, quoth.text(cited.document.doc_id))
    assert (verdict.status, verdict.place.span.start) == ("moved", 8)
    assert "that stands at 8." in wrong[-1]


def test_what_the_service_refuses_is_an_exception_of_its_kind(listen, quoth, tmp_path):
    """With the service's own words, the id its log has, and the fields at fault."""
    with pytest.raises(InvalidRequest, match="top_k") as raised:
        quoth.ask(QUESTION, top_k=51)
    assert (raised.value.status, raised.value.kind) == (422, "invalid-request")
    assert raised.value.faults[0].pointer == "#/top_k"
    assert len(raised.value.request_id) == 32
    with pytest.raises(NotFound, match="No document has the id"):
        quoth.document("none")
    with listen(api_keys=KEY) as site:
        with Quoth(site) as stranger, pytest.raises(Unauthorised):
            stranger.ask(QUESTION)
        with Quoth(site, api_key=KEY) as friend:
            assert friend.ask(QUESTION).passages
    none = Retries(times=0)
    with listen(index=tmp_path) as site, Quoth(site, retries=none) as early:
        with pytest.raises(Unavailable, match="quoth build") as raised:
            early.ask(QUESTION)
        assert raised.value.retry_after == 5


def test_what_is_no_quoth_is_told():
    """Nobody there, another program, a proxy's page."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Quoth(f"http://127.0.0.1:{port}") as nobody, pytest.raises(Unreachable, match=str(port)):
        nobody.ask(QUESTION)
    for response in (
        httpx.Response(502, html="<p>Bad gateway"),
        httpx.Response(500, json={"oops": 1}),
        httpx.Response(404, json={"oops": 1}, headers={"Content-Type": "application/problem+json"}),
        httpx.Response(200, json={"answer": 42}),
        httpx.Response(307, headers={"Location": "/elsewhere"}),
    ):
        transport = httpx.MockTransport(lambda _request, response=response: response)
        with Quoth(transport=transport) as other, pytest.raises(NotQuoth):
            other.ask(QUESTION)


def test_an_overloaded_service_is_asked_again(waits):
    """After the seconds it names, no longer than is allowed, and not for ever."""
    with Quoth(transport=overloaded(2)) as quoth:
        assert list(quoth.documents()) == []
    assert waits == [2, 2]
    waits.clear()
    retries = Retries(times=2, longest=0.5)
    with (
        Quoth(transport=overloaded(3), retries=retries) as quoth,
        pytest.raises(Unavailable) as raised,
    ):
        list(quoth.documents())
    assert waits == [0.5, 0.5]
    assert (raised.value.kind, raised.value.retry_after) == ("overloaded", 2)


@pytest.mark.parametrize("retry_after", [None, "Fri, 31 Dec 1999 23:59:59 GMT"])
def test_without_a_time_to_come_back_nothing_is_repeated(waits, retry_after):
    """Nobody knows whether it would help."""
    with (
        Quoth(transport=overloaded(1, retry_after)) as quoth,
        pytest.raises(Unavailable),
    ):
        list(quoth.documents())
    assert waits == []


@pytest.mark.anyio
async def test_the_asynchronous_client_says_the_same(site):
    """Every method, beside the one that waits."""
    with Quoth(site) as waiting:
        async with AsyncQuoth(site) as quoth:
            documents = [one async for one in quoth.documents()]
            assert documents == list(waiting.documents())
            first = documents[0].doc_id
            assert await quoth.document(first) == documents[0]
            assert await quoth.text(first, 5, 9) == waiting.text(first, 5, 9)
            assert await quoth.cite(first, 80, 90) == waiting.cite(first, 80, 90)
            reply = await quoth.ask(QUESTION)
            assert reply.passages == waiting.ask(QUESTION).passages
            assert [one.status for one in await quoth.verify(reply.citations)] == ["valid"] * 4
            both = await quoth.ask_many([QUESTION, ""])
            assert both[0].passages == reply.passages
            assert isinstance(both[1], Problem)
            with pytest.raises(InvalidRequest):
                await quoth.ask("")


@pytest.mark.anyio
async def test_the_asynchronous_client_comes_back_too(monkeypatch):
    """After the seconds it is asked to wait."""
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr("quoth_client.asynchronous.asyncio.sleep", sleep)
    async with AsyncQuoth(transport=overloaded(1)) as quoth:
        assert [one async for one in quoth.documents()] == []
    assert waited == [2]


def test_both_clients_have_the_same_methods():
    """Whoever knows one knows the other."""

    def methods(client):
        found = {name: value for name, value in vars(client).items() if not name.startswith("_")}
        return {
            name: list(inspect.signature(value).parameters.values())
            for name, value in found.items()
        }

    assert methods(Quoth) == methods(AsyncQuoth)
