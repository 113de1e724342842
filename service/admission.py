"""How much may be in work at once: a bounded number of permits, refused early when all are out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

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
        self.in_use += count
        self._empty.clear()
        try:
            yield
        finally:
            self.in_use -= count
            if self.in_use == 0:
                self._empty.set()

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
