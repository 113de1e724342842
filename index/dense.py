"""FAISS over window vectors: which index at which size, and exact search among allowed passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from index.errors import CorruptSnapshot
from index.ranges import concatenated

FILE = "dense.faiss"
STARTS = "dense_starts.npy"
# Windows asked for per passage wanted, to begin with: passages have two to three.
FIRST_REACH = 3


class DenseIndex:
    """Cosines of passages, each that of its best window, by an exact flat FAISS index.

    The vectors are unit vectors, so an inner product is a cosine. Passage p has the vectors
    from ``starts[p]`` to ``starts[p + 1]``. A corpus for which exact search takes too long
    gets another FAISS index here, behind the same methods.
    """

    kind = "flat"

    def __init__(self, index: faiss.Index, starts: np.ndarray) -> None:
        self._index = index
        self.starts = starts
        self._owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))

    @classmethod
    def build(cls, vectors: np.ndarray, windows: Sequence[int]) -> DenseIndex:
        """From unit float32 [sum(windows), dimensions]; ``windows`` counts each passage's."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index, np.cumsum([0, *windows], dtype=np.int64))

    def save(self, folder: Path) -> None:
        faiss.write_index(self._index, str(folder / FILE))
        np.save(folder / STARTS, self.starts)

    @classmethod
    def open(cls, folder: Path) -> DenseIndex:
        """Memory-mapped from ``folder``; raises CorruptSnapshot where it cannot be read."""
        try:
            index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)
            return cls(index, np.load(folder / STARTS))
        except (RuntimeError, OSError, ValueError) as error:
            raise CorruptSnapshot(f"{folder / FILE} is no FAISS index: {error}") from error

    def reconstruct(self) -> np.ndarray:
        """The vectors searched, float32 [windows, dimensions]."""
        return self._index.reconstruct_n(0, self._index.ntotal)

    @property
    def passages(self) -> int:
        return len(self.starts) - 1

    @property
    def dimensions(self) -> int:
        return self._index.d

    def search(
        self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The ``k`` passages nearest to ``vector`` (float32 [dimensions]) among those allowed.

        ``allowed`` is bool [passages] or None for all. Returns rows (int64) and cosines
        (float32), best first; fewer than k only where fewer are allowed.
        """
        windows = self._index.ntotal if allowed is None else int(allowed[self._owners].sum())
        params, reach = self._only(allowed), FIRST_REACH * k
        while True:
            reach = min(reach, windows)
            if reach == 0:
                return np.empty(0, np.int64), np.empty(0, np.float32)
            scores, found = self._index.search(vector[None, :], reach, params=params)
            # Windows come best first, so a passage's first is its best.
            rows, firsts = np.unique(self._owners[found[0]], return_index=True)
            if len(rows) >= k or reach == windows:
                order = np.argsort(firsts)[:k]
                return rows[order], scores[0][firsts[order]]
            reach *= 2

    def windows(self, row: int) -> slice:
        """The rows of the passage's windows among all windows."""
        return slice(int(self.starts[row]), int(self.starts[row + 1]))

    def window_cosines(self, row: int, vector: np.ndarray) -> np.ndarray:
        """The cosine of each window of the passage with ``vector``, float32 [windows]."""
        own = self.windows(row)
        return self._index.reconstruct_n(own.start, own.stop - own.start) @ vector

    def cosines(self, rows: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """The cosine of each passage's best window with ``vector``, float32 [rows]."""
        places, firsts = concatenated(self.starts[rows], self.starts[rows + 1])
        return np.maximum.reduceat(self._index.reconstruct_batch(places) @ vector, firsts)

    def _only(self, allowed: np.ndarray | None) -> faiss.SearchParameters | None:
        if allowed is None:
            return None
        # FAISS reads one bit a window, the lowest bit first; the selector keeps them alive.
        bits = np.packbits(allowed[self._owners], bitorder="little")
        return faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
