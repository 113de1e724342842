"""What a build is told, and what it reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from index.chunking import ChunkingSettings
from index.documents.sandbox import ParseLimits

MIB = 1024**2
# What a window takes while its lot waits and is encoded: text, vector, word pieces.
WINDOW_BYTES = 8192
# Of the memory a build may hold, these shares go to files read ahead (texts, blocks and passages
# take several times a file's bytes), to windows in lots, and to postings not on disk yet.
READ_SHARE, LOT_SHARE, POSTINGS_SHARE = 1 / 16, 1 / 8, 1 / 2
# Larger lots are sorted no better.
MOST_WINDOWS = 2048
# The first is small, so that encoding begins at once. Each takes longer to encode than one of
# GROWTH times its size to make; more small ones would cost more changes of a text's length, which
# the encoder is slow at.
FIRST_WINDOWS, GROWTH = 128, 4


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What a build may be told. Chunking and language are in the manifest; the rest does not
    change what is built: ``keep``, how many older snapshots stay, ``limits``, what parsing one
    file may take, and ``memory_mb``, about how much a build may hold beside its encoder.
    """

    chunking: ChunkingSettings = field(default_factory=ChunkingSettings)
    language: str = "english"
    keep: int = 3
    limits: ParseLimits = field(default_factory=ParseLimits)
    memory_mb: int = 512

    @property
    def lot_windows(self) -> int:
        # Two lots exist at once, one being made while the other is encoded.
        return min(MOST_WINDOWS, int(self.memory_mb * MIB * LOT_SHARE / 2 / WINDOW_BYTES))

    def lot_sizes(self) -> Iterator[int]:
        """How many windows the first lot holds, the second and so on, without end."""
        size = FIRST_WINDOWS
        while True:
            yield min(size, self.lot_windows)
            size = min(GROWTH * size, MOST_WINDOWS)

    @property
    def postings_mb(self) -> int:
        return int(self.memory_mb * POSTINGS_SHARE)

    @property
    def read_bytes(self) -> int:
        return int(self.memory_mb * MIB * READ_SHARE)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that did not become a document: ``skipped`` by rule, or ``failed``."""

    uri: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Of the vectors (one a window, ``windows.py``) some were ``encoded``, the
    ``reused`` ones taken from the previous snapshot or from an equal text, the ``resumed`` ones
    from a build that was interrupted.
    """

    version: str
    previous: str | None
    indexed: tuple[str, ...]
    unread: tuple[Unread, ...]
    passages: int
    encoded: int
    reused: int
    resumed: int

    @property
    def failed(self) -> tuple[Unread, ...]:
        return tuple(item for item in self.unread if item.status == "failed")
