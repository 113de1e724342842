"""The search process of the snapshot that serves: started when questions queue, ended with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from service.answerer import OpenSnapshot
from service.batching import Offered
from service.encoded import Encoded
from service.search_process import SearchProcess, Told
from service.work import Work

# One that could not be started, or ended, is not followed by another before this.
RETRY_SECONDS = 60.0
# One that has not answered a question for so long is ended.
LATE_SECONDS = 5.0
# One that was killed is waited for so long when the service ends.
END_SECONDS = 5.0

_log = logging.getLogger("quoth.search")


class SearchElsewhere:
    """Starts, replaces and ends the process, on the event loop; threads ask ``pending`` and
    ``offer``.

    ``serving`` is the snapshot that serves now; ``answered`` and ``returned`` are those of
    ``SearchProcess``. ``alone``: what it has no room for waits for it; otherwise there are threads
    enough to answer that here.
    """

    def __init__(
        self,
        index_folder: Path,
        serving: Callable[[], OpenSnapshot | None],
        answered: Told,
        returned: Callable[[Encoded[Work]], None],
        alone: bool = True,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._folder, self._serving = index_folder, serving
        self._answered, self._returned = answered, returned
        self._alone, self._clock = alone, clock
        self._process: SearchProcess | None = None
        self._failed_at = -RETRY_SECONDS

    @property
    def pending(self) -> int:
        process = self._process
        return process.pending if process else 0

    def offer(self, encoded: Encoded[Work]) -> Offered:
        process = self._process
        offered = process.offer(encoded) if process else "never"
        return "never" if offered == "full" and not self._alone else offered

    def begin(self) -> None:
        """Starts a process for what serves now, unless there is one or one has just failed; ends
        one that has stalled.
        """
        serving = self._serving()
        if self._process is not None:
            if self._process.ended_at is None:
                if self._process.is_late(LATE_SECONDS):
                    self._process.kill()
                return
            self._failed_at, self._process = self._process.ended_at, None
        lately = self._clock() - self._failed_at < RETRY_SECONDS
        if lately or serving is None or serving.snapshot.check.problem is not None:
            return
        try:
            self._process = SearchProcess(
                self._folder, serving, self._answered, self._returned, self._clock
            )
        except Exception as error:  # whatever prevents it, questions are answered here
            self._failed_at = self._clock()
            _log.warning("search process not started", extra={"reason": str(error)})

    def switched(self) -> None:
        """What serves has changed: the process for what served before answers what it has and
        ends, and the next is started when questions queue again.
        """
        if self._process is not None:
            self._process.finish()
        self._process = None

    def close(self) -> None:
        """Ends the process at once: who waited for it has been answered, or was given up."""
        process, self._process = self._process, None
        if process is not None:
            process.finish()
            process.kill()
            process.join(END_SECONDS)
