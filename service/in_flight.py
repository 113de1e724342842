"""Identical questions share one computation; what nobody waits for any more is called off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Computation(Generic[K, T]):
    """One result and how many wait for it; of the event loop, but for ``begin`` and ``end``."""

    def __init__(self, key: K) -> None:
        self.key = key
        self.waiting = 1
        self.abandoned = False
        self.result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        # Done when its thread is, which the event loop learns later.
        self.ended: Future[None] = Future()

    def begin(self) -> bool:
        """Whether the thread that came to it shall compute it: not what was called off."""
        return self.ended.set_running_or_notify_cancel()

    def end(self) -> None:
        self.ended.set_result(None)

    def call_off(self) -> bool:
        """Whether it had not begun, and now never will."""
        return self.ended.cancel()


C = TypeVar("C", bound=Computation)


class InFlight(Generic[C]):
    """What is being computed, by what makes it the same; used on the event loop only.

    ``begin`` makes the computation of a key. ``abandoned`` is told of one that goes on on its
    thread while nobody waits for it; who asks for the same meanwhile takes it up again.
    """

    def __init__(self, begin: Callable[[Any], C], abandoned: Callable[[C], None]) -> None:
        self._begin = begin
        self._abandoned = abandoned
        self._computations: dict[Hashable, C] = {}

    def __len__(self) -> int:
        return len(self._computations)

    def join(self, key: Hashable) -> tuple[C, bool]:
        """The computation of ``key``, and whether it is new, so that the caller must see to it.

        Whoever joins must ``leave``.
        """
        known = self._computations.get(key)
        if known is not None:
            known.waiting += 1
            return known, False
        computation = self._computations[key] = self._begin(key)
        return computation, True

    def leave(self, computation: C) -> None:
        """The last to leave without its result calls it off, or abandons it where begun."""
        computation.waiting -= 1
        if computation.waiting or computation.result.done():
            return
        if computation.call_off():
            self._forget(computation)
        elif not computation.abandoned:  # once, however often it is taken up again
            computation.abandoned = True
            self._abandoned(computation)

    def finish(self, computation: C, result: object) -> None:
        """Gives the result to all who wait."""
        self._forget(computation)
        if not computation.result.done():
            computation.result.set_result(result)

    def _forget(self, computation: C) -> None:
        if self._computations.get(computation.key) is computation:
            del self._computations[computation.key]
