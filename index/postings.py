"""Postings: for each term the passages that hold it, with what BM25 gives them for it.

A score is finished when it is written, so a question adds up the scores of a few terms. Only
rows that hold one of its terms are touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.mapped import open_array
from index.ranges import are_starts
from index.ranking import top_rows

STARTS = "posting_starts.npy"
ROWS = "posting_rows.npy"
SCORES = "posting_scores.npy"
# With this share of all passages among a question's postings, adding into an array of all of
# them is faster than sorting rows: sorting costs some 50 ns a posting, the array half a
# nanosecond a passage.
DENSE_SHARE = 1 / 128


class Postings:
    """Term t has the postings from ``starts[t]`` to ``starts[t + 1]``.

    A posting is a passage's row (int32, rising within a term) and its BM25 score (float32,
    above 0).
    """

    def __init__(self, starts: np.ndarray, rows: np.ndarray, scores: np.ndarray) -> None:
        self.starts, self.rows, self.scores = starts, rows, scores

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Memory-mapped. Raises CorruptSnapshot or OSError where a file is not of its kind."""
        return cls(
            open_array(folder / STARTS, "<i8"),
            open_array(folder / ROWS, "<i4"),
            open_array(folder / SCORES, "<f4"),
        )

    def holding(self, term: int) -> int:
        """How many passages hold the term."""
        return int(self.starts[term + 1] - self.starts[term])

    def best(
        self, terms: Sequence[int], k: int, passages: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The rows (int64) with the ``k`` highest sums of the terms' scores, and these (float32):
        best first, ties in row order, only ``allowed`` ones (bool [passages]) that hold a term.

        ``passages`` is how many rows there are. A sum is added up in the order of ``terms``.
        """
        own = [self._of(term) for term in terms]
        if sum(len(rows) for rows, _ in own) >= DENSE_SHARE * passages:
            return _best_of_all(own, k, passages, allowed)
        touched = np.unique(np.concatenate([np.empty(0, np.int64), *(rows for rows, _ in own)]))
        totals = np.zeros(len(touched), np.float32)
        for rows, scores in own:
            totals[np.searchsorted(touched, rows)] += scores
        if allowed is not None:
            kept = allowed[touched]
            touched, totals = touched[kept], totals[kept]
        return top_rows(touched, totals, k)

    def of(self, terms: Sequence[int], wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same sums for the wanted rows, float32 [wanted], 0 where no term is held; and which
        terms each of them holds, bool [wanted, terms].
        """
        totals = np.zeros(len(wanted), np.float32)
        held = np.zeros((len(wanted), len(terms)), dtype=bool, order="F")
        # In the postings' own kind of number: else numpy would copy them all into the other's.
        wanted = wanted.astype(self.rows.dtype, copy=False)
        for (rows, scores), own in zip(map(self._of, terms), held.T, strict=True):
            places = np.searchsorted(rows, wanted)
            np.equal(rows.take(places, mode="clip"), wanted, out=own)
            totals += scores.take(places, mode="clip") * own
        return totals, held

    def faults(self, terms: int, passages: int) -> Iterator[str]:
        """What is wrong, for so many terms and passages; nothing where all is well."""
        if len(self.starts) != terms + 1 or not are_starts(self.starts, len(self.rows)):
            yield f"{STARTS} does not say where each term's postings begin"
            return
        begins = np.zeros(len(self.rows) + 1, dtype=bool)
        begins[self.starts] = True
        rises = np.diff(self.rows) > 0
        beyond = (self.rows < 0) | (self.rows >= passages)
        if beyond.any() or not (rises | begins[1:-1]).all():
            yield f"{ROWS} does not list each term's passages in order"
        if len(self.scores) != len(self.rows) or not (self.scores > 0).all():
            yield f"{SCORES} does not give each posting a score above 0"

    def _of(self, term: int) -> tuple[np.ndarray, np.ndarray]:
        place = slice(self.starts[term], self.starts[term + 1])
        return self.rows[place], self.scores[place]


def _best_of_all(
    own: Sequence[tuple[np.ndarray, np.ndarray]],
    k: int,
    passages: int,
    allowed: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """``Postings.best`` by an array over all passages."""
    totals = np.zeros(passages, np.float32)
    for rows, scores in own:
        totals[rows] += scores
    if allowed is not None:
        totals *= allowed
    # The k-th best of any one term's passages is a bound that all of the k best reach; most
    # passages are told from those by one comparison and need no sorting.
    bound = np.float32(0)
    long = [rows for rows, _ in own if len(rows) >= k > 0]
    if long:
        reached = totals[min(long, key=len)]
        bound = np.partition(reached, len(reached) - k)[len(reached) - k]
    touched = np.flatnonzero(totals >= bound if bound > 0 else totals > 0)
    return top_rows(touched, totals[touched], k)
