"""HTTP load on one service: so many clients in turn, or so many requests a second whatever comes.

It speaks HTTP by hand over kept connections, since it runs on the machine it measures and a client
library takes as long for a request as the service does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import urlencode

from benchmarks.timing import percentiles

try:
    import uvloop
except ImportError:  # Windows has none
    uvloop = None

T = TypeVar("T")
Written = Callable[[str, int], bytes]
HOST = "127.0.0.1"
TOP_K = 5
TIMEOUT = 30.0
# Requests under way at once in an open loop; those beyond are counted as not sent.
MOST_OPEN = 512


@dataclass(frozen=True, slots=True)
class Sample:
    """One request: its status (0 where none came), ms until its reply was read, counted from when
    it was due, and the seconds its Retry-After said, None where it had none.
    """

    status: int
    ms: float
    retry_after: int | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What came of requests sent for ``seconds``; ``late`` were answered after that, and ``unsent``
    found no connection free.
    """

    samples: Sequence[Sample]
    seconds: float
    unsent: int = 0
    late: int = 0

    @property
    def answered(self) -> list[float]:
        """ms of each request that was answered."""
        return [sample.ms for sample in self.samples if sample.status == 200]

    @property
    def goodput(self) -> float:
        """Answers a second; late ones do not count, or the longest line would look best."""
        return (len(self.answered) - self.late) / self.seconds

    @property
    def refused(self) -> list[float]:
        """ms of each refusal as it should be: 503 with Retry-After."""
        return [s.ms for s in self.samples if s.status == 503 and s.retry_after is not None]

    @property
    def faults(self) -> int:
        """Requests that were neither answered nor refused so."""
        return len(self.samples) - len(self.answered) - len(self.refused)

    @property
    def from_cache(self) -> int:
        return sum(sample.cached for sample in self.samples)

    def percentiles(self, wanted: Sequence[float] = (50, 95, 99)) -> list[float | None]:
        """Of the answered, ms; None where nothing was."""
        return percentiles(self.answered, wanted) if self.answered else [None] * len(wanted)


def quoth_request(question: str, port: int) -> bytes:
    """A question as Quoth is asked it."""
    body = json.dumps({"question": question, "top_k": TOP_K}).encode()
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def txtai_request(question: str, port: int) -> bytes:
    """A question as txtai's API is asked it."""
    asked = urlencode({"query": question, "limit": TOP_K})
    return f"GET /search?{asked} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode()


class Connection:
    """One kept HTTP/1.1 connection, opened anew where the service has closed it; ``written`` makes
    of question and port the whole request.
    """

    def __init__(self, port: int, written: Written = quoth_request) -> None:
        self._port = port
        self._written = written
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, question: str, due: float) -> Sample:
        """The sample of one question that was due at ``due``, in the clock's seconds."""
        request = self._written(question, self._port)
        try:
            async with asyncio.timeout(TIMEOUT):
                status, headers, told = await self._exchange(request)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            await self.close()
            return Sample(0, (perf_counter() - due) * 1000)
        spent = (perf_counter() - due) * 1000
        retry = _header(headers, b"retry-after")
        return Sample(status, spent, retry and int(retry), b'"cached":true' in told)

    async def _exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(request)
        headers = (await reader.readuntil(b"\r\n\r\n")).lower()
        told = await reader.readexactly(int(_header(headers, b"content-length") or 0))
        if b"\r\nconnection: close" in headers:
            await self.close()
        return int(headers.split(b" ", 2)[1]), headers, told

    async def close(self) -> None:
        if self._streams is not None:
            writer, self._streams = self._streams[1], None
            writer.close()
            with suppress(OSError):  # the other side has broken it off
                await writer.wait_closed()


def _header(headers: bytes, name: bytes) -> bytes | None:
    """A header's value in a head of small letters."""
    _, found, rest = headers.partition(b"\r\n" + name + b":")
    return rest.partition(b"\r\n")[0].strip() if found else None


@asynccontextmanager
async def _connections(
    port: int, count: int, written: Written = quoth_request
) -> AsyncIterator[list[Connection]]:
    opened = [Connection(port, written) for _ in range(count)]
    try:
        yield opened
    finally:
        for connection in opened:
            await connection.close()


def run_load(loading: Coroutine[Any, Any, T]) -> T:
    """Runs to its end on the quickest event loop there is: what the clients use of the processor,
    the service on the same machine lacks.
    """
    quick = None if uvloop is None else uvloop.new_event_loop
    with asyncio.Runner(loop_factory=quick) as runner:
        return runner.run(loading)


async def closed_loop(
    port: int,
    questions: Iterator[str],
    clients: int,
    seconds: float,
    most: int,
    written: Written = quoth_request,
) -> Load:
    """So many clients, each asking the next question when it has its reply, until the time or
    ``most`` requests are over. Who is refused waits as long as he was told.
    """
    samples: list[Sample] = []
    begun = perf_counter()
    left = most

    async def ask_on(connection: Connection) -> None:
        nonlocal left
        while left > 0 and perf_counter() - begun < seconds:
            left -= 1
            sample = await connection.ask(next(questions), perf_counter())
            samples.append(sample)
            await asyncio.sleep(sample.retry_after or 0)

    async with _connections(port, clients, written) as connections:
        await asyncio.gather(*map(ask_on, connections))
    return Load(samples, perf_counter() - begun)


async def open_loop(
    port: int, questions: Iterator[str], rate: float, seconds: float, most: int
) -> Load:
    """``rate`` requests a second come, however late the replies are: nobody waits for another.

    What a request spends before it can be sent counts as its own.
    """
    samples: list[Sample] = []
    unsent = 0
    under_way: set[asyncio.Task[None]] = set()
    async with _connections(port, MOST_OPEN) as free:

        async def ask(due: float) -> None:
            connection = free.pop()
            samples.append(await connection.ask(next(questions), due))
            free.append(connection)

        begun = perf_counter()
        for number in range(min(most, round(rate * seconds))):
            due = begun + number / rate
            if (early := due - perf_counter()) > 0:
                await asyncio.sleep(early)
            if len(under_way) >= MOST_OPEN:
                unsent += 1
                continue
            task = asyncio.create_task(ask(due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        spent = perf_counter() - begun
        answered = len(Load(samples, spent).answered)
        if under_way:
            await asyncio.wait(under_way)
    return Load(samples, spent, unsent, late=len(Load(samples, spent).answered) - answered)


async def recovery(port: int, questions: Iterator[str], usual_ms: float, within: float) -> float:
    """Seconds until five requests in a row, one after the other, are answered within twice the
    usual time; ``within`` where that does not come.
    """
    begun, in_row = perf_counter(), 0
    async with _connections(port, 1) as (connection,):
        while in_row < 5 and perf_counter() - begun < within:
            sample = await connection.ask(next(questions), perf_counter())
            in_row = in_row + 1 if sample.status == 200 and sample.ms <= 2 * usual_ms else 0
    return perf_counter() - begun
