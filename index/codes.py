"""Few bits of every window vector, for telling fast which windows may be the nearest.

Product quantisation (Jégou, Douze and Schmid, PAMI 2011) keeps of every three dimensions which of
sixteen centres is nearest; FAISS adds up 32 such codes at a time from tables in registers (André,
Kermarrec and Le Scouarnec, VLDB 2015). The windows it finds, ``reach`` of them, are then scored by
their exact vectors, so codes decide who is looked at and never what is said of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

import faiss
import numpy as np

from index.errors import CorruptSnapshot

# From so many windows on, codes are kept in lists and only the likeliest lists are looked
# through; below, all of them is a few milliseconds' work.
LISTS_FROM = 400_000
# Vectors a list's centre is found from, and one of the sixteen; how often each is moved.
TRAINED_BY = 64
ITERATIONS = 8
# Bits that name one of the sixteen, and how many dimensions they stand for: the first of these
# that leaves none over.
BITS, DIMENSIONS = 4, (3, 4, 2, 1)
# What is read: signs about the lists' centres (RaBitQ) were written until November 2026.
KINDS = (faiss.IndexIVFPQFastScan, faiss.IndexIVFRaBitQFastScan)
# Vectors added at a time: whole blocks of FAISS's 32 codes.
SLICE = 65_536
# What is tried, cheapest first, until the sample's recall is reached.
REACHES = (500, 750, 1000, 1500, 2000, 4000, 8000)
PROBED = (1 / 16, 1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 1)
# A candidate costs about as much as the codes of so many windows.
WINDOWS_A_CANDIDATE = 80
SAMPLE = 100
MIXED = 4
TARGET = 0.995
TOLERANCE = 0.02
NEAREST = 10


@dataclass(frozen=True, slots=True)
class CodeSettings:
    """``probes`` of the ``lists`` are looked through, the best ``reach`` windows scored exactly.
    ``recall_at_10`` is what share of the ten nearest windows the sample found that way.
    """

    lists: int
    probes: int
    reach: int
    recall_at_10: float


class Codes:
    """The codes of all windows, read-only; any number of threads may ask."""

    def __init__(self, index: faiss.Index, settings: CodeSettings) -> None:
        self._index = index
        self.settings = settings

    @classmethod
    def build(cls, vectors: np.ndarray) -> Codes | None:
        """From unit float32 [windows, dimensions], read in slices. None where no setting keeps
        the recall.
        """
        index = _trained(vectors)
        for first in range(0, len(vectors), SLICE):
            index.add(np.ascontiguousarray(vectors[first : first + SLICE]))
        sample = sample_questions(vectors)
        nearest = nearest_windows(vectors, sample)
        for probes, reach in _choices(len(vectors), index.nlist):
            codes = cls(index, CodeSettings(index.nlist, probes, reach, 0.0))
            recall = codes.recall(sample, nearest)
            if recall >= TARGET:
                return cls(index, CodeSettings(index.nlist, probes, reach, recall))
        return None

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    @classmethod
    def open(cls, path: Path, settings: CodeSettings, windows: int, dimensions: int) -> Codes:
        """Memory-mapped. Raises CorruptSnapshot where the file is not one of such codes."""
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise CorruptSnapshot(f"{path} is no FAISS index: {error}") from error
        if type(index) not in KINDS or (index.ntotal, index.d) != (windows, dimensions):
            raise CorruptSnapshot(
                f"{path} holds {index.ntotal} vectors of {index.d} dimensions in a "
                f"{type(index).__name__}, not the codes of {windows} of {dimensions}"
            )
        return cls(index, settings)

    def nearest(
        self, vector: np.ndarray, reach: int, breadth: float = 1.0, wanted: np.ndarray | None = None
    ) -> np.ndarray:
        """The at most ``reach`` windows (int64) whose codes are nearest to ``vector``, unsorted.

        ``breadth`` is how many times the usual lists are looked through, ``wanted`` (bool
        [windows]) which windows may be found.
        """
        probes = min(self.settings.lists, int(np.ceil(breadth * self.settings.probes)))
        if wanted is None:
            params = _looking_through(probes)
        else:  # FAISS reads one bit a window, the lowest bit first; the selector keeps them alive.
            selector = faiss.IDSelectorBitmap(np.packbits(wanted, bitorder="little"))
            params = faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        with one_thread():
            _, found = self._index.search(
                vector[None, :], min(reach, self._index.ntotal), params=params
            )
        return found[0][found[0] >= 0]

    def recall(self, questions: np.ndarray, nearest: np.ndarray) -> float:
        """The mean share of each question's ``nearest`` windows that are found."""
        shares = [
            np.isin(expected, self.nearest(question, self.settings.reach)).mean()
            for question, expected in zip(questions, nearest, strict=True)
        ]
        return round(float(np.mean(shares)), 4)

    def recall_lost(self, vectors: np.ndarray) -> str:
        """How much less is found than the build found, "" where it is as much.

        Codes of other vectors, or of these in another order, find others than the nearest. They
        are not held against codes made anew, in which another processor may round otherwise.
        """
        sample, told = sample_questions(vectors), self.settings.recall_at_10
        found = self.recall(sample, nearest_windows(vectors, sample))
        if found >= told - TOLERANCE:
            return ""
        return f"finds {found} of the nearest windows, the build found {told}"

    def to_json(self) -> dict[str, int | float]:
        return asdict(self.settings)


@contextmanager
def one_thread() -> Iterator[None]:
    """FAISS works on the asking thread alone: a question is too little to share, and threads that
    wait for their part of it spin. What it is told holds for this thread only.
    """
    usual = faiss.omp_get_max_threads()
    if usual == 1:  # a thread of a service: each call of FAISS lets go of the interpreter's lock
        yield
        return
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(usual)


# Made once: FAISS only reads it, and making it takes as long as some twenty candidates.
@lru_cache(maxsize=64)
def _looking_through(probes: int) -> faiss.SearchParametersIVF:
    return faiss.SearchParametersIVF(nprobe=probes)


def sample_questions(vectors: np.ndarray) -> np.ndarray:
    """Directions to ask the codes for: four windows of chance together, which have their nearest
    about as far away (a cosine of .67) as real questions, and are as hard to find for. Unit
    float32 [SAMPLE, dimensions], the same for the same vectors.
    """
    chosen = np.random.default_rng(0).integers(0, len(vectors), (SAMPLE, MIXED))
    mixed = vectors[chosen.ravel()].reshape(SAMPLE, MIXED, -1).sum(axis=1)
    lengths = np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-6)
    return (mixed / lengths).astype(np.float32)


def nearest_windows(vectors: np.ndarray, questions: np.ndarray) -> np.ndarray:
    """The ten windows nearest to each question, exactly: int64 [questions, 10 or all]."""
    scores = np.empty((len(questions), 0), np.float32)
    rows = np.empty((len(questions), 0), np.int64)
    for first in range(0, len(vectors), SLICE):
        own = questions @ vectors[first : first + SLICE].T
        best = np.argpartition(-own, min(NEAREST, own.shape[1]) - 1, axis=1)[:, :NEAREST]
        scores = np.hstack([scores, np.take_along_axis(own, best, 1)])
        rows = np.hstack([rows, first + best])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :NEAREST]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return rows


def _trained(vectors: np.ndarray) -> faiss.IndexIVFPQFastScan:
    windows, dimensions = vectors.shape
    lists = 1 if windows < LISTS_FROM else int(np.sqrt(windows))
    # On unit vectors, near by length of the difference is near by cosine.
    centres = faiss.IndexFlatL2(dimensions)
    parts = dimensions // next(few for few in DIMENSIONS if dimensions % few == 0)
    index = faiss.IndexIVFPQFastScan(
        centres, dimensions, lists, parts, BITS, faiss.METRIC_INNER_PRODUCT
    )
    centres.this.disown()
    index.own_fields = True
    index.by_residual = False  # one table a question, and not one a list
    for clustering in (index.cp, index.pq.cp):
        clustering.spherical = False
        clustering.niter = ITERATIONS
        clustering.min_points_per_centroid = 1
        clustering.max_points_per_centroid = TRAINED_BY
    # Evenly spaced, because neighbours in a document are alike.
    wanted = TRAINED_BY * max(lists, 2**BITS)
    chosen = np.linspace(0, windows - 1, min(windows, wanted)).astype(int)
    index.train(np.ascontiguousarray(vectors[chosen]))
    return index


def _choices(windows: int, lists: int) -> list[tuple[int, int]]:
    """Probes and reach, the cheapest first."""
    probed = {max(1, round(share * lists)) for share in PROBED}
    return sorted(
        product(sorted(probed), REACHES),
        key=lambda pair: pair[0] * windows / lists + pair[1] * WINDOWS_A_CANDIDATE,
    )
