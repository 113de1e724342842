"""HTTP load on a service: so many clients in turn, or so many requests a second whatever comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

from benchmarks.connection import Connection, Sample, Written, quoth_request
from benchmarks.timing import percentiles

try:
    import uvloop
except ImportError:  # Windows has none
    uvloop = None

T = TypeVar("T")
# Requests under way at once in an open loop; those beyond are counted as not sent.
MOST_OPEN = 512


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
