"""A clock for work that comes often and seldom takes long: one thread, which mostly sleeps."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import Condition, Thread
from time import monotonic

from index.closing import Closing


class Deadline(Closing):
    """Ends what takes too long. A ``threading.Timer`` would start a thread each time, which costs
    more than parsing a small file does.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._thread: Thread | None = None
        self._due: float | None = None
        self._end: Callable[[], None] = lambda: None
        self._wakes = 0.0
        self._is_closed = False

    def begin(self, seconds: float, end: Callable[[], None]) -> None:
        """``end`` is called from another thread in so many seconds, unless there is a ``cancel``
        or another ``begin`` before.
        """
        with self._changed:
            self._due, self._end = monotonic() + seconds, end
            if self._thread is None:
                self._wakes, self._is_closed = 0.0, False
                self._thread = Thread(target=self._watch, name="deadline", daemon=True)
                self._thread.start()
            elif self._due < self._wakes:  # else it looks for this deadline when it wakes
                self._changed.notify()

    def cancel(self) -> None:
        """Once it returns, ``end`` was called whole or will not be."""
        with self._changed:
            self._due = None

    def close(self) -> None:
        with self._changed:
            self._due, self._is_closed = None, True
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is not None:
            thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._is_closed:
                left = None if self._due is None else self._due - monotonic()
                if left is not None and left <= 0:
                    self._due = None
                    self._end()
                    continue
                self._wakes = inf if self._due is None else self._due
                self._changed.wait(left)
