"""How much may be in work at once, and how long it may wait: more is refused at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any

from service.errors import Overloaded, RequestRefused, ShuttingDown
from service.workers import Workers


class Admission:
    """Permits for the work of requests; used on the event loop only, so it needs no lock.

    ``permits`` are there in all, and none is given to who would wait longer than ``wait_seconds``
    for a thread, by what was measured. Once ``stop`` was called nothing is let in; ``emptied``
    waits for what is inside.
    """

    def __init__(self, permits: int, wait_seconds: float) -> None:
        self.permits = permits
        self.wait_seconds = wait_seconds
        self.in_use = 0
        self.stopping = False
        self._empty = asyncio.Event()
        self._empty.set()

    def closed(self, count: int = 1) -> RequestRefused | None:
        """Why ``count`` more would not be let in now, whatever they are; None where they might."""
        if self.stopping:
            return ShuttingDown("The service is shutting down; ask again in a few seconds.")
        if self.in_use + count > self.permits:
            return Overloaded(
                f"{self.in_use} of {self.permits} requests are in work and {count} more came; "
                "ask again in a second."
            )
        return None

    def refusal(self, workers: Workers, count: int = 1) -> RequestRefused | None:
        """Why ``count`` more would not be let in to these workers now; None where they would."""
        if (closed := self.closed(count)) is not None:
            return closed
        if (wait := workers.expected_wait) > self.wait_seconds:
            return Overloaded(
                f"The answer would have to wait {wait:.1f} seconds for its turn, and "
                f"{self.wait_seconds:g} are allowed; ask again in a second."
            )
        return None

    @contextmanager
    def admit(self, workers: Workers, count: int = 1) -> Iterator[None]:
        """Holds ``count`` permits. Raises Overloaded or ShuttingDown at once, never waits."""
        if (refused := self.refusal(workers, count)) is not None:
            raise refused
        self._take(workers, count)
        try:
            yield
        finally:
            self._give_back(workers, count)

    def keep_until_done(self, workers: Workers, work: Future[Any]) -> None:
        """Holds a permit until work that nobody waits for any more has ended, or was called off."""
        loop = asyncio.get_running_loop()
        self._take(workers, 1)

        def done(_work: Future[Any]) -> None:
            with suppress(RuntimeError):  # the loop has ended, and with it the service
                loop.call_soon_threadsafe(self._give_back, workers, 1)

        work.add_done_callback(done)

    def stop(self) -> None:
        self.stopping = True

    async def emptied(self, within: float) -> bool:
        """Whether all permits came back within that many seconds."""
        try:
            async with asyncio.timeout(within):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True

    def _take(self, workers: Workers, count: int) -> None:
        self.in_use += count
        workers.in_line += count
        self._empty.clear()

    def _give_back(self, workers: Workers, count: int) -> None:
        self.in_use -= count
        workers.in_line -= count
        if self.in_use == 0:
            self._empty.set()
