"""How much may be in work at once: a bounded number of permits, refused early when all are out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any

from service.errors import Overloaded, ShuttingDown


class Admission:
    """Permits for the work of requests; used on the event loop only, so it needs no lock.

    Once ``stop`` was called nothing is let in; ``emptied`` waits for what is inside.
    """

    def __init__(self, permits: int) -> None:
        self.permits = permits
        self.in_use = 0
        self.stopping = False
        self._empty = asyncio.Event()
        self._empty.set()

    @contextmanager
    def admit(self, count: int = 1) -> Iterator[None]:
        """Holds ``count`` permits. Raises Overloaded or ShuttingDown at once, never waits."""
        if self.stopping:
            raise ShuttingDown("The service is shutting down; ask again in a few seconds.")
        if self.in_use + count > self.permits:
            raise Overloaded(
                f"{self.in_use} of {self.permits} requests are in work and {count} more came; "
                "ask again in a second."
            )
        self._take(count)
        try:
            yield
        finally:
            self._give_back(count)

    def keep_until_done(self, work: Future[Any]) -> None:
        """Holds a permit until work that nobody waits for any more has ended, or was called off."""
        loop = asyncio.get_running_loop()
        self._take(1)

        def done(_work: Future[Any]) -> None:
            with suppress(RuntimeError):  # the loop has ended, and with it the service
                loop.call_soon_threadsafe(self._give_back, 1)

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

    def _take(self, count: int) -> None:
        self.in_use += count
        self._empty.clear()

    def _give_back(self, count: int) -> None:
        self.in_use -= count
        if self.in_use == 0:
            self._empty.set()
