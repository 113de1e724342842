"""How far a build is: told now and then to whoever draws bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic

# Seconds between two tellings, at least.
PAUSE = 0.1
# What goes on, in order: files read, chunked and encoded, all at once; then the search indexes.
DOCUMENTS, POSTINGS, VECTORS, PUBLISHING = "documents", "postings", "vectors", "publishing"


@dataclass(frozen=True, slots=True)
class BuildCounts:
    """What a build has done; every number only grows.

    ``documents`` of ``documents_found`` are done when all their vectors are there, or when they
    ``failed`` to be read. ``bytes`` counts the files done of ``bytes_found``: their quotient is
    the share of the work behind. ``passages`` and ``windows`` are those made so far; each
    window's vector is ``encoded``, ``reused`` (from the snapshot before or an equal text) or
    ``resumed`` (from a build that was interrupted).
    """

    stage: str = DOCUMENTS
    documents_found: int = 0
    documents: int = 0
    failed: int = 0
    bytes_found: int = 0
    bytes: int = 0
    passages: int = 0
    windows: int = 0
    encoded: int = 0
    reused: int = 0
    resumed: int = 0

    @property
    def vectors(self) -> int:
        return self.encoded + self.reused + self.resumed


Progress = Callable[[BuildCounts], None]
"""Called from any of a build's threads, never from two at once."""


class Meter:
    """Counts what a build's threads do, and tells it at most every ``PAUSE`` seconds."""

    def __init__(self, progress: Progress | None, documents_found: int, bytes_found: int) -> None:
        self.counts = BuildCounts(documents_found=documents_found, bytes_found=bytes_found)
        self._progress = progress
        self._lock = Lock()
        self._told = monotonic()
        self._tell()

    def add(self, **more: int) -> None:
        """Adds to counts by name."""
        with self._lock:
            grown = {name: getattr(self.counts, name) + value for name, value in more.items()}
            self.counts = replace(self.counts, **grown)
            if monotonic() - self._told >= PAUSE:
                self._tell()

    def enter(self, stage: str) -> None:
        """What goes on from now on; told at once."""
        with self._lock:
            self.counts = replace(self.counts, stage=stage)
            self._tell()

    def _tell(self) -> None:
        self._told = monotonic()
        if self._progress is not None:
            self._progress(self.counts)


def by_documents(told: Callable[[str, int, int], None]) -> Progress:
    """For whoever draws one bar: called with "documents", how many are done, and of how many."""
    return lambda counts: told(DOCUMENTS, counts.documents, counts.documents_found)
