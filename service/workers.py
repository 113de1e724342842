"""Threads for one kind of work, and how long what comes now would wait for one of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from index.runtimes import search_on_one_thread

# What the newest measurement weighs in the running mean of what a question takes.
NEWEST = 0.1

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """``threads`` threads whose names begin with ``name``, and the line before them.

    ``in_line`` counts the questions that wait for a thread or are on one; who lets them in
    (``admission.py``) counts them, on the event loop.
    """

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        self.threads = threads
        self.in_line = 0
        self._seconds = 0.0
        self._pool = ThreadPoolExecutor(
            threads, thread_name_prefix=name, initializer=search_on_one_thread
        )

    def submit(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return self._pool.submit(function, *args, **kwargs)

    def observe(self, seconds: float) -> None:
        """Told what one question took on its thread; any thread may tell."""
        known = self._seconds
        self._seconds = known + NEWEST * (seconds - known) if known else seconds

    @property
    def expected_wait(self) -> float:
        """Seconds that who comes now would wait: 0 while a thread is free, or nothing is known.

        Of 2 threads with 7 in line, 2 are being worked on and 5 wait; the next is begun when 6
        are done, two at a time: at 20 ms each that is 60 ms.
        """
        before = self.in_line - self.threads + 1
        return max(0, before) * self._seconds / self.threads

    def shutdown(self) -> None:
        """Begins nothing more; what runs goes on."""
        self._pool.shutdown(wait=False, cancel_futures=True)
