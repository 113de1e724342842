"""Identical questions share one computation; what nobody waits for any more is called off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

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
        self.job: Job[K, T] | None = None

    def begin(self) -> bool:
        """Whether the thread that came to it shall compute it: not what was called off."""
        return self.ended.set_running_or_notify_cancel()

    def end(self) -> None:
        self.ended.set_result(None)

    def call_off(self) -> bool:
        """Whether it had not begun, and now never will."""
        return self.ended.cancel()


class Job(Generic[K, T]):
    """Computations that a thread is given together, as ``work``."""

    def __init__(self, computations: Sequence[Computation[K, T]], work: Future[None]) -> None:
        self._computations = computations
        self._work = work
        for computation in computations:
            computation.job = self

    def give_up(self) -> None:
        """Leaves the line before the threads, where nothing of it is wanted any more."""
        if all(computation.ended.cancelled() for computation in self._computations):
            self._work.cancel()


class InFlight(Generic[K, T]):
    """What is being computed, by what makes it the same; used on the event loop only.

    ``abandoned`` is told of a computation that goes on on its thread while nobody waits for it;
    who asks for the same meanwhile takes it up again.
    """

    def __init__(self, abandoned: Callable[[Computation[K, T]], None]) -> None:
        self._abandoned = abandoned
        self._computations: dict[K, Computation[K, T]] = {}

    def __len__(self) -> int:
        return len(self._computations)

    def join(self, key: K) -> tuple[Computation[K, T], bool]:
        """The computation of ``key``, and whether it is new, so that the caller must begin it.

        Whoever joins must ``leave``.
        """
        known = self._computations.get(key)
        if known is not None:
            known.waiting += 1
            return known, False
        computation = self._computations[key] = Computation(key)
        return computation, True

    def leave(self, computation: Computation[K, T]) -> None:
        """The last to leave without its result calls it off, or abandons it where begun."""
        computation.waiting -= 1
        if computation.waiting or computation.result.done():
            return
        if computation.call_off():
            self._forget(computation)
            if computation.job is not None:
                computation.job.give_up()
        elif not computation.abandoned:  # once, however often it is taken up again
            computation.abandoned = True
            self._abandoned(computation)

    def finish(self, computation: Computation[K, T], result: T) -> None:
        """Gives the result to all who wait."""
        self._forget(computation)
        if not computation.result.done():
            computation.result.set_result(result)

    def _forget(self, computation: Computation[K, T]) -> None:
        if self._computations.get(computation.key) is computation:
            del self._computations[computation.key]
