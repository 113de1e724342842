"""Load: what is counted, by hand arithmetic, and what is sent, against a small server."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks import load
from benchmarks.connection import HOST, Sample, txtai_request
from benchmarks.load import (
    Load,
    closed_loop,
    open_loop,
    recovery,
    run_load,
)
from benchmarks.serve import unrepeated

pytestmark = pytest.mark.anyio

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n" + b'{"cached":false}'
CACHED = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n" + b'{"cached":true}'
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 2\r\n\r\n{}"
BARE = b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Service:
    """Answers each question by ``reply``, none before ``all_of`` have come; counts who is inside
    at once.
    """

    def __init__(self, reply=lambda _question: OK, delay: float = 0.0, all_of: int = 0) -> None:
        self.reply = reply
        self.delay = delay
        self.all_of = all_of
        self.asked: list[str] = []
        self.connections = self.ended = self.inside = self.most_inside = 0
        self.port = 0

    async def serve(self, reader, writer) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                question = json.loads(await reader.readexactly(length))["question"]
                self.asked.append(question)
                self.inside += 1
                self.most_inside = max(self.most_inside, self.inside)
                await asyncio.sleep(self.delay)
                while len(self.asked) < self.all_of:
                    await asyncio.sleep(0.001)
                self.inside -= 1
                reply = self.reply(question)
                writer.write(reply)
                if reply is BARE:
                    break
        except asyncio.IncompleteReadError:
            pass
        writer.close()
        await writer.wait_closed()
        self.ended += 1


@asynccontextmanager
async def listening(service: Service):
    server = await asyncio.start_server(service.serve, HOST, 0)
    service.port = server.sockets[0].getsockname()[1]
    async with server:
        yield service
    async with asyncio.timeout(5):
        while service.ended < service.connections:
            await asyncio.sleep(0.001)


def numbered():
    return unrepeated(["q0", "q1", "q2"])


def test_a_load_counts_answers_refusals_and_faults():
    """Four answers in two seconds are 2 a second, with three of them late a half; a refusal
    without Retry-After is a fault.
    """
    told = Load(
        [
            *(Sample(200, ms, cached=ms > 30) for ms in (10, 20, 30, 40)),
            Sample(503, 1, retry_after=1),
            Sample(503, 2),
            Sample(0, 3),
            Sample(500, 4),
        ],
        seconds=2,
    )
    assert told.goodput == 2
    assert replace(told, late=3).goodput == 0.5
    assert told.percentiles((50, 75)) == [25, 32.5]
    assert told.refused == [1]
    assert told.faults == 3
    assert told.from_cache == 1


def test_where_nothing_is_answered_there_are_no_percentiles():
    """Not a nought, which would look fast."""
    assert Load([Sample(503, 1, 1)], 1).percentiles() == [None, None, None]


def test_no_question_comes_twice():
    """After the last one they are numbered, each round anew."""
    asked = list(islice(unrepeated(["who?", "why?"]), 5))
    assert asked == ["who?", "why?", "who? 2", "why? 2", "who? 3"]


async def test_so_many_clients_ask_in_turn_over_kept_connections():
    """Three at once and never four; twelve questions in all, none twice."""
    async with listening(Service(delay=0.01)) as service:
        told = await closed_loop(service.port, numbered(), clients=3, seconds=30, most=12)
    assert service.most_inside == 3
    assert service.connections == 3
    assert sorted(service.asked) == sorted(islice(numbered(), 12))
    assert (len(told.answered), told.faults) == (12, 0)
    assert min(told.answered) >= 10


async def test_a_closed_loop_ends_with_its_time():
    """However many questions there are."""
    async with listening(Service(delay=0.01)) as service:
        told = await closed_loop(service.port, numbered(), clients=2, seconds=0.1, most=10**9)
    assert 2 <= len(told.samples) <= 24
    assert told.seconds >= 0.1


async def test_replies_are_told_apart():
    """Kept ones, refusals with Retry-After and without; a closed connection is opened anew."""
    replies = {"q0": CACHED, "q1": BUSY, "q2": BARE}
    async with listening(Service(lambda question: replies[question[:2]])) as service:
        told = await closed_loop(service.port, numbered(), clients=1, seconds=30, most=6)
    assert [sample.status for sample in told.samples] == [200, 503, 503] * 2
    assert (told.from_cache, len(told.refused), told.faults) == (2, 2, 2)
    assert service.connections == 2


async def test_another_service_is_asked_in_its_own_way():
    """What a closed loop sends is what ``written`` makes; read back with the library's parser."""
    lines: list[str] = []

    async def serve(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines.append(head.decode().split("\r\n")[0])
                writer.write(OK)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        asked = iter(["who & why?", "wie groß?"])
        told = await closed_loop(port, asked, 1, seconds=30, most=2, written=txtai_request)
    assert len(told.answered) == 2
    methods, targets, _ = zip(*(line.split(" ") for line in lines), strict=True)
    assert set(methods) == {"GET"}
    assert {urlsplit(target).path for target in targets} == {"/search"}
    assert [parse_qs(urlsplit(target).query) for target in targets] == [
        {"query": ["who & why?"], "limit": ["5"]},
        {"query": ["wie groß?"], "limit": ["5"]},
    ]


async def test_who_is_refused_waits_as_long_as_he_was_told():
    """A second, so that the .1 s of the loop are over after one request."""
    wait = BUSY.replace(b"After: 0", b"After: 1")
    async with listening(Service(lambda _question: wait)) as service:
        told = await closed_loop(service.port, numbered(), clients=1, seconds=0.1, most=100)
    assert len(told.samples) == 1
    assert told.seconds >= 1


async def test_in_an_open_loop_nobody_waits_for_another():
    """Not one is answered before all forty have come, which take .2 s at 200 a second."""
    async with listening(Service(all_of=40)) as service:
        told = await open_loop(service.port, numbered(), rate=200, seconds=0.2, most=1000)
    assert service.most_inside == 40
    assert (len(told.samples), told.unsent, told.faults) == (40, 0, 0)
    assert max(told.answered) >= 190
    assert told.late == 40


async def test_what_finds_no_connection_is_counted_as_unsent(monkeypatch):
    """Of ten at once two are under way, and the others never were."""
    monkeypatch.setattr(load, "MOST_OPEN", 2)
    async with listening(Service(delay=0.5)) as service:
        told = await open_loop(service.port, numbered(), rate=1000, seconds=0.01, most=1000)
    assert (len(told.samples), told.unsent) == (2, 8)


async def test_where_nothing_listens_every_request_is_a_fault():
    """And the load ends all the same."""
    async with listening(Service()) as service:
        port = service.port
    told = await closed_loop(port, numbered(), clients=2, seconds=30, most=4)
    assert (told.faults, {sample.status for sample in told.samples}) == (4, {0})


async def test_recovery_is_over_after_five_quick_answers_in_a_row():
    """Three answers, a refusal, five answers: nine questions. Or when the time is up."""
    replies = iter([OK, OK, OK, BUSY, OK, OK, OK, OK, OK])
    async with listening(Service(lambda _question: next(replies))) as service:
        assert await recovery(service.port, numbered(), usual_ms=1000, within=30) < 30
        assert len(service.asked) == 9
    async with listening(Service(delay=0.02)) as slow:
        assert await recovery(slow.port, numbered(), usual_ms=1, within=0.1) >= 0.1


def test_a_load_runs_to_its_end_on_whatever_loop_there_is():
    """From outside of any loop, as the benchmark runs it: all four are answered."""

    async def loading():
        async with listening(Service()) as service:
            return await closed_loop(service.port, numbered(), clients=2, seconds=30, most=4)

    assert len(run_load(loading()).answered) == 4
