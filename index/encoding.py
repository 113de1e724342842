"""Windows → vectors, lot by lot: those known are taken, the rest is encoded and kept at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index.encoder import Encoder
from index.errors import EncodingFailed, QuothError
from index.journal import EncodingJournal
from index.known_vectors import KEY_BYTES, PublishedVectors
from index.progress import Meter
from index.windows import Window

# Texts encoded between two writings to the journal: what an interrupted build loses at most.
SLICE = 128


@dataclass(slots=True)
class Lot:
    """Windows that are encoded together, in order, with the keys of their vectors.

    ``documents`` end in it, of ``bytes`` in their files; ``failed`` of them could not be read.
    No other follows the one that ``is_last``.
    """

    windows: list[Window] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    documents: int = 0
    failed: int = 0
    bytes: int = 0
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class LotEncoder:
    """Gives each window of a lot its vector, by the cheapest way there is."""

    encoder: Encoder
    published: PublishedVectors
    journal: EncodingJournal
    meter: Meter

    def vectors(self, lot: Lot) -> np.ndarray:
        """Unit float32 [windows, dimensions].

        Raises EncodingFailed; what was encoded until then stays in the journal.
        """
        keys = np.array(lot.keys, dtype=f"V{KEY_BYTES}").view(np.uint8).reshape(-1, KEY_BYTES)
        vectors = np.empty((len(keys), self.encoder.identity.dimensions), dtype=np.float32)
        left = self._known(keys, vectors)
        # Equal texts, a footer on every page say, are encoded once.
        rows_of: dict[bytes, list[int]] = {}
        for row in left:
            rows_of.setdefault(lot.keys[row], []).append(row)
        # The longest first: those about as long run at once, none is left to the end alone.
        order = sorted(rows_of.values(), key=lambda rows: -lot.windows[rows[0]].tokens)
        for first in range(0, len(order), SLICE):
            own = order[first : first + SLICE]
            fresh = self._encoded([lot.windows[rows[0]].encoded for rows in own])
            self.journal.append(keys[[rows[0] for rows in own]], fresh)
            for rows, vector in zip(own, fresh, strict=True):
                vectors[rows] = vector
            equal = sum(map(len, own)) - len(own)
            self.meter.add(encoded=len(own), reused=equal)
        return vectors

    def _known(self, keys: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        """Fills in the vectors that are known; returns the rows of the others, int64."""
        left = np.arange(len(keys))
        for known, resumed in ((self.published, 0), (self.journal, self.journal.resumed)):
            rows = known.find(keys[left])
            found = rows >= 0
            if found.any():
                vectors[left[found]] = known.take(rows[found])
                old = int((rows[found] < resumed).sum())
                self.meter.add(resumed=old, reused=int(found.sum()) - old)
            left = left[~found]
        return left

    def _encoded(self, texts: Sequence[str]) -> np.ndarray:
        try:
            vectors = self.encoder.encode_passages(texts)
        except QuothError:
            raise
        except Exception as error:  # runtimes fail in as many ways as there are
            raise EncodingFailed(self._failure(f"{type(error).__name__}: {error}")) from error
        if not np.isfinite(vectors).all():
            raise EncodingFailed(self._failure("it gave numbers that are not finite"))
        return vectors

    def _failure(self, why: str) -> str:
        return (
            f"encoder {self.encoder.identity.name} failed ({why}); what is published stays, and "
            "a new build goes on from what was encoded so far"
        )
