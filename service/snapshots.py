"""Which snapshot serves: notices a newly published one, opens it aside, and switches to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from index.errors import QuothError
from index.pointer import current_version
from service.answerer import OpenSnapshot
from service.errors import IndexUnusable, NoIndex

# A version that failed to open is tried again after this long: its cause may have passed.
RETRY_SECONDS = 60.0

# Index folder → the published snapshot, verified and ready to answer.
OpenPublished = Callable[[Path], OpenSnapshot]

_log = logging.getLogger("quoth.snapshots")


class SnapshotHolder:
    """Holds one reference to what serves. A request reads it once and keeps what it got.

    A snapshot that cannot be opened leaves the serving one in place and its reason in
    ``problem``. ``observe`` is told ``switched`` or ``failed`` at each change.
    """

    def __init__(
        self,
        index_folder: Path,
        open_published: OpenPublished,
        observe: Callable[[str], None] = lambda _outcome: None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._folder = index_folder
        self._open_published = open_published
        self._observe = observe
        self._clock = clock
        self._failed: tuple[str | None, float] | None = None
        self.serving: OpenSnapshot | None = None
        self.problem: str | None = None

    def current(self) -> OpenSnapshot:
        """What serves now. Raises NoIndex or IndexUnusable where nothing does, with the remedy."""
        if self.serving is not None:
            return self.serving
        if self.problem is not None:
            raise IndexUnusable(
                "The published snapshot could not be opened. `quoth verify --index DIR`, with the "
                "folder this service was started with, says why; `quoth build` makes a new one."
            )
        raise NoIndex(
            "No snapshot has been published yet. Publish one with `quoth build PATH... --index "
            "DIR`, with the folder this service was started with; it is then picked up."
        )

    async def refresh(self) -> None:
        """Switches to the published snapshot if it is another than the serving one.

        Reading and opening happen on a thread; the switch is the assignment of one reference.
        """
        version: str | None = None
        try:
            version = await asyncio.to_thread(current_version, self._folder)
            if not self._is_due(version):
                return
            opened = await asyncio.to_thread(self._open_published, self._folder)
        except Exception as error:  # whatever a broken snapshot raises, the serving one stays
            self._fail(version, error)
            return
        self.serving, self.problem, self._failed = opened, None, None
        self._observe("switched")
        _log.info("snapshot switched", extra={"snapshot": opened.snapshot.version})

    async def watch(self, interval: float) -> None:
        """Refreshes every ``interval`` seconds until cancelled."""
        while True:
            await asyncio.sleep(interval)
            await self.refresh()

    def _is_due(self, version: str | None) -> bool:
        if version is None:
            if self.serving is not None and self.problem is None:
                self._fail(None, NoIndex("the index folder no longer names a snapshot"))
            return False
        if self.serving is not None and version == self.serving.snapshot.version:
            self.problem = self._failed = None
            return False
        if self._failed is None or self._failed[0] != version:
            return True
        return self._clock() - self._failed[1] >= RETRY_SECONDS

    def _fail(self, version: str | None, error: Exception) -> None:
        reason = str(error) or type(error).__name__
        repeated = self.problem == reason
        self.problem, self._failed = reason, (version, self._clock())
        if not repeated:
            self._observe("failed")
            unforeseen = not isinstance(error, QuothError)
            extra = {"snapshot": version, "reason": reason}
            _log.error("snapshot not opened", extra=extra, exc_info=error if unforeseen else None)
