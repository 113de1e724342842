"""Which snapshot serves: notices a newly published one, opens it aside, and switches to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from index.errors import CorruptSnapshot, QuothError
from index.pointer import current_identity
from service.answerer import OpenSnapshot
from service.errors import IndexUnusable, NoIndex
from service.reading.loading import CALIBRATION_FILE

# A version that failed to open is tried again after this long: its cause may have passed.
RETRY_SECONDS = 60.0

# A version and its folder's inode, since a damaged snapshot built again keeps its version only;
# and when the corpus' own calibration was written, 0 where there is none.
Identity = tuple[str, int, int]

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
        self._failed: tuple[Identity | None, float] | None = None
        self._opened: Identity | None = None
        self.serving: OpenSnapshot | None = None
        self.problem: str | None = None

    def current(self) -> OpenSnapshot:
        """What serves now. Raises NoIndex or IndexUnusable where nothing does, with the remedy."""
        if self.serving is not None:
            return self.serving
        if self.problem is not None:
            raise unusable("could not be opened")
        raise NoIndex(
            "No snapshot has been published yet. Publish one with `quoth build PATH... --index "
            "DIR`, with the folder this service was started with; it is then picked up."
        )

    async def refresh(self) -> None:
        """Switches to the published snapshot if it is another than the serving one.

        Reading and opening happen on a thread; the switch is the assignment of one reference.
        """
        identity: Identity | None = None
        try:
            identity = await asyncio.to_thread(_published_identity, self._folder)
            if not self._is_due(identity):
                return
            opened = await asyncio.to_thread(self._open_published, self._folder)
        except Exception as error:  # whatever a broken snapshot raises, the serving one stays
            self._fail(identity, error)
            return
        self.serving, self.problem, self._failed = opened, None, None
        self._opened = identity
        self._observe("switched")
        _log.info("snapshot switched", extra={"snapshot": opened.snapshot.version})

    def distrust(self, error: CorruptSnapshot) -> None:
        """What serves was found damaged: the next look opens what is published, same or not."""
        if self._opened is not None:
            self._opened, self.problem = None, str(error)
            extra = {"reason": self.problem}
            _log.error("serving snapshot is damaged", extra=extra)

    async def watch(self, interval: float) -> None:
        """Refreshes every ``interval`` seconds until cancelled."""
        while True:
            await asyncio.sleep(interval)
            await self.refresh()

    def _is_due(self, identity: Identity | None) -> bool:
        if identity is None:
            if self.serving is not None and self.problem is None:
                self._fail(None, NoIndex("the index folder no longer names a snapshot"))
            return False
        if identity == self._opened:
            self.problem = self._failed = None
            return False
        if self._failed is None or self._failed[0] != identity:
            return True
        return self._clock() - self._failed[1] >= RETRY_SECONDS

    def _fail(self, identity: Identity | None, error: Exception) -> None:
        reason = str(error) or type(error).__name__
        repeated = self.problem == reason
        self.problem, self._failed = reason, (identity, self._clock())
        if not repeated:
            self._observe("failed")
            unforeseen = not isinstance(error, QuothError)
            extra = {"snapshot": identity[0] if identity else None, "reason": reason}
            _log.error("snapshot not opened", extra=extra, exc_info=error if unforeseen else None)


def _published_identity(folder: Path) -> Identity | None:
    published = current_identity(folder)
    if published is None:
        return None
    try:
        calibrated = (folder / CALIBRATION_FILE).stat().st_mtime_ns
    except OSError:
        calibrated = 0
    return *published, calibrated


def unusable(why: str) -> IndexUnusable:
    """The refusal while a snapshot is broken; the reason itself, with its paths, is not told."""
    return IndexUnusable(
        f"The published snapshot {why}. `quoth verify --index DIR`, with the folder this service "
        "was started with, says why; `quoth build` makes a new one."
    )
