"""Cosines of passages: exact where they are few, by codes of their windows where they are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.codes import SLICE, Codes, CodeSettings, one_thread
from index.errors import CorruptSnapshot
from index.mapped import open_array
from index.ranges import are_starts, concatenated, run_starts
from index.ranking import top_rows

VECTORS = "vectors.npy"
STARTS = "dense_starts.npy"
FILE = "dense.faiss"
# So many windows are scored one by one in about a millisecond, all of them or those allowed.
EXACT_WINDOWS = 16_384
# Windows scored per passage wanted, at least: passages have two to three, and the hundredth of a
# ranking is less surely among the first windows by code than the tenth.
FIRST_REACH = 5
# What an index has whose manifest does not say: its codes find less among as many.
UNSAID_REACH = 10
UNIT_TOLERANCE = 1e-4  # float32 misses a length of one by rounding alone


class DenseIndex:
    """Cosines of passages, each that of its best window; memory-mapped.

    ``vectors`` is float32 [windows, dimensions], of unit length, so an inner product is a
    cosine. Passage p has the vectors from ``starts[p]`` to ``starts[p + 1]``, one at least.
    Without ``codes`` every window is scored, else so many per passage wanted as
    ``windows_a_passage`` says, at least.
    """

    def __init__(
        self,
        vectors: np.ndarray,
        starts: np.ndarray,
        codes: Codes | None,
        windows_a_passage: int = FIRST_REACH,
    ) -> None:
        self.vectors, self.starts, self.codes = vectors, starts, codes
        self._windows_a_passage = windows_a_passage
        self._owners = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))

    @classmethod
    def build(cls, folder: Path, windows: Iterable[int]) -> DenseIndex:
        """Over the ``VECTORS`` that lie in ``folder`` already; writes the rest there.

        ``windows`` counts each passage's. The vectors are read in slices.
        """
        vectors = np.load(folder / VECTORS, mmap_mode="r").view(np.ndarray)
        starts = np.cumsum([0, *windows], dtype="<i8")
        np.save(folder / STARTS, starts)
        codes = Codes.build(vectors) if len(vectors) > EXACT_WINDOWS else None
        if codes is not None:
            codes.save(folder / FILE)
        return cls(vectors, starts, codes)

    def settings(self) -> dict[str, Any]:
        """How it is searched, for the manifest."""
        if self.codes is None:
            return {"kind": "exact", "dimensions": self.dimensions}
        return {
            "kind": "codes",
            "dimensions": self.dimensions,
            "windows_a_passage": self._windows_a_passage,
            **self.codes.to_json(),
        }

    @classmethod
    def open(cls, folder: Path, settings: Mapping[str, Any]) -> DenseIndex:
        """With the ``settings`` of its manifest. Raises CorruptSnapshot where a file is not of
        its kind, OSError where there is none.
        """
        dimensions = settings["dimensions"]
        vectors = open_array(folder / VECTORS, "<f4", (dimensions,))
        # Read, as FAISS goes where they point without asking whether it may.
        starts = open_array(folder / STARTS, "<i8").copy()
        if not are_starts(starts, len(vectors)) or (np.diff(starts) == 0).any():
            raise CorruptSnapshot(f"{folder / STARTS} does not say where passages' windows begin")
        if settings["kind"] == "exact":
            return cls(vectors, starts, None)
        chosen = {name: settings[name] for name in CodeSettings.__slots__}
        codes = Codes.open(folder / FILE, CodeSettings(**chosen), len(vectors), dimensions)
        return cls(vectors, starts, codes, settings.get("windows_a_passage", UNSAID_REACH))

    @property
    def passages(self) -> int:
        return len(self.starts) - 1

    @property
    def dimensions(self) -> int:
        return self.vectors.shape[1]

    def search(
        self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The ``k`` passages nearest to ``vector`` (float32 [dimensions]) among those allowed.

        ``allowed`` is bool [passages] or None for all. Returns rows (int64) and cosines
        (float32), best first and ties in row order; fewer than k only where fewer are allowed.
        """
        rows = self.nearest(vector, k, allowed)
        return top_rows(rows, self.cosines(rows, vector), k)

    def nearest(self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None) -> np.ndarray:
        """The rows of ``search`` (int64), rising, for who scores them himself."""
        rows = None
        if self.codes is not None:
            rows = self._near(vector, k, None if allowed is None else allowed[self._owners])
        if rows is None:
            eligible = np.arange(self.passages) if allowed is None else np.flatnonzero(allowed)
            rows = top_rows(eligible, self.cosines(eligible, vector), k)[0]
        return np.sort(rows)

    def windows(self, row: int) -> slice:
        """The rows of the passage's windows among all windows."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def window_cosines(self, rows: Sequence[int], vector: np.ndarray) -> list[list[float]]:
        """The cosine of each window of each passage with ``vector``."""
        places = [self.windows(row) for row in rows]
        windows = [row for place in places for row in range(place.start, place.stop)]
        cosines = iter(self._cosines_of(np.array(windows, np.int64), vector).tolist())
        return [[*islice(cosines, place.stop - place.start)] for place in places]

    def cosines(self, rows: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """The cosine of each passage's best window with ``vector``, float32 [rows]."""
        if not len(rows):
            return np.empty(0, np.float32)
        places, firsts = concatenated(self.starts[rows], self.starts[rows + 1])
        return np.maximum.reduceat(self._cosines_of(places, vector), firsts)

    def faults(self) -> Iterator[str]:
        """What is wrong with vectors and codes, window by window; nothing where all is well."""
        for first in range(0, len(self.vectors), SLICE):
            part = self.vectors[first : first + SLICE]
            lengths = np.sqrt(np.einsum("ij,ij->i", part, part))
            wrong = ~(np.abs(lengths - 1) <= UNIT_TOLERANCE)  # true for what is no number, too
            for row in first + np.flatnonzero(wrong):
                yield f"window {row} has a vector whose length is not 1"
        if self.codes is not None and (found := self.codes.recall_lost(self.vectors)):
            yield f"{FILE} {found}"

    def _near(self, vector: np.ndarray, k: int, wanted: np.ndarray | None) -> np.ndarray | None:
        """The ``k`` passages of the best windows that codes find, best first; None where every
        window has to be scored, as few are wanted or codes find too few passages.
        """
        eligible = len(self.vectors) if wanted is None else int(wanted.sum())
        if eligible <= EXACT_WINDOWS:
            return None
        reach = max(self.codes.settings.reach, self._windows_a_passage * k)
        # Those wanted are as far apart as they are rare, so more lists are looked through.
        breadth = len(self.vectors) / eligible
        while reach < eligible:
            # In order, so that the windows of a passage stand together.
            found = np.sort(self.codes.nearest(vector, reach, breadth, wanted))
            owners = self._owners[found]
            firsts = run_starts(owners)
            if len(firsts) >= k:
                best = np.maximum.reduceat(self._cosines_of(found, vector), firsts)
                return top_rows(owners[firsts].astype(np.int64), best, k)[0]
            reach, breadth = 4 * reach, 4 * breadth
        return None

    def _cosines_of(self, windows: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """Of single windows, float32 [windows]. FAISS does it where they lie, on this thread."""
        windows = np.ascontiguousarray(windows, dtype=np.int64)
        vector = np.ascontiguousarray(vector, dtype=np.float32)
        cosines = np.empty(len(windows), np.float32)
        pointers = map(faiss.swig_ptr, (cosines, vector, self.vectors, windows))
        with one_thread():
            faiss.fvec_inner_products_by_idx(*pointers, self.dimensions, 1, len(windows))
        return cosines
