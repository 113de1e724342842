"""The search process of the snapshot that serves: started when questions queue, ended with it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from service.answerer import OpenSnapshot
from service.batching import Encoded, Offered
from service.search_process import Answered, SearchProcess
from service.work import Work

# One that could not be started, or ended, is not followed by another before this.
RETRY_SECONDS = 60.0
# A process that was told to end is waited for so long when the service ends.
END_SECONDS = 5.0

_log = logging.getLogger("quoth.search")


class SearchElsewhere:
    """Starts, replaces and ends the process; any thread may call it.

    ``serving`` is the snapshot that serves now; ``answered`` and ``returned`` are those of
    ``SearchProcess``.
    """

    def __init__(
        self,
        index_folder: Path,
        serving: Callable[[], OpenSnapshot | None],
        answered: Answered,
        returned: Callable[[Encoded[Work]], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._folder, self._serving = index_folder, serving
        self._answered, self._returned = answered, returned
        self._clock = clock
        self._process: SearchProcess | None = None
        self._lock = threading.Lock()
        self._failed_at = -RETRY_SECONDS
        self._closed = False

    @property
    def pending(self) -> int:
        process = self._process
        return process.pending if process else 0

    def offer(self, encoded: Encoded[Work]) -> Offered:
        process = self._process
        return process.offer(encoded) if process else "never"

    def begin(self) -> None:
        """Starts a process for what serves now, unless there is one or one has just failed."""
        with self._lock:
            known, serving = self._process, self._serving()
            if known is not None and known.ended:
                self._process, self._failed_at = None, self._clock()
            elif known is not None and known.opened is not serving:
                self._end()
            lately = self._clock() - self._failed_at < RETRY_SECONDS
            if self._process or serving is None or self._closed or lately:
                return
            try:
                self._process = SearchProcess(self._folder, serving, self._answered, self._returned)
            except OSError as error:
                self._failed_at = self._clock()
                _log.warning("search process not started", extra={"reason": str(error)})

    def switched(self) -> None:
        """What serves has changed: the process for what served before answers what it has and
        ends, and the next is started when questions queue again.
        """
        with self._lock:
            self._end()

    def close(self) -> None:
        """Ends the process, and starts none any more."""
        with self._lock:
            self._closed, process = True, self._process
            self._end()
        if process is not None:
            process.join(END_SECONDS)

    def _end(self) -> None:
        if self._process is not None:
            self._process.close()
        self._process = None
