"""Which of the question's terms each sentence holds: postings the other way round, by sentence.

BM25 adds up terms wherever in a passage they stand; an answer has them in one sentence. A
passage's context (title and section path) counts for each of its sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from index.mapped import open_array
from index.ranges import are_starts, concatenated

TERMS = "sentence_terms.npy"
STARTS = "sentence_starts.npy"
PASSAGES = "passage_starts.npy"


class SentenceTerms:
    """The distinct term ids of each passage's context and of each of its sentences.

    Rows of ``terms`` are contexts and sentences in passage order, a passage's context
    before its sentences: row r holds ``terms[starts[r] : starts[r + 1]]`` (int32), and
    passage p has the rows from ``passages[p]`` to ``passages[p + 1]``.
    """

    def __init__(self, terms: np.ndarray, starts: np.ndarray, passages: np.ndarray) -> None:
        self._terms, self._starts, self._passages = terms, starts, passages

    @classmethod
    def open(cls, folder: Path) -> SentenceTerms:
        """Memory-mapped. Raises CorruptSnapshot or OSError where a file is not of its kind."""
        return cls(
            open_array(folder / TERMS, "<i4"),
            open_array(folder / STARTS, "<i8"),
            open_array(folder / PASSAGES, "<i8"),
        )

    def faults(self, terms: int, parts: np.ndarray) -> Iterator[str]:
        """What is wrong, for so many terms and each passage's parts; nothing where all is well."""
        if not np.array_equal(self._passages, np.cumsum([0, *parts])):
            yield f"{PASSAGES} does not say where each passage's terms begin"
        elif len(self._starts) != self._passages[-1] + 1 or not are_starts(
            self._starts, len(self._terms)
        ):
            yield f"{STARTS} does not say where each sentence's terms begin"
        elif ((self._terms < 0) | (self._terms >= terms)).any():
            yield f"{TERMS} names a term that is not there"

    def held(
        self, passages: np.ndarray, weights: Mapping[int, float]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """The greatest sum of weights that any one sentence of a passage holds together with the
        context, float64 [passages], and what each sentence holds without it: for each passage
        float64 [sentences]. ``weights`` gives the weight of each term id.
        """
        if len(passages) == 0:
            return np.zeros(0), []
        held, firsts = self._held(passages, weights)
        lasts = np.append(firsts[1:], len(held))
        owner = np.repeat(firsts, lasts - firsts)
        best = np.maximum.reduceat(term_sums(held | held[owner], weights), firsts)
        alone = term_sums(held, weights)
        return best, [
            alone[a + 1 : b] for a, b in zip(firsts.tolist(), lasts.tolist(), strict=True)
        ]

    def _held(
        self, passages: np.ndarray, weights: Mapping[int, float]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Bool [rows, terms], whether a row of the passages holds a term, and their first rows."""
        rows, firsts = concatenated(self._passages[passages], self._passages[passages + 1])
        begins, ends = self._starts[rows], self._starts[rows + 1]
        found = self._terms[concatenated(begins, ends)[0]]
        owner = np.repeat(np.arange(len(rows)), ends - begins)
        held = np.zeros((len(rows), len(weights)), dtype=bool)
        for column, term in enumerate(weights):  # a question has few, so each is looked for
            held[owner[found == term], column] = True
        return held, firsts


def term_sums(held: np.ndarray, weights: Mapping[int, float]) -> np.ndarray:
    """Of the weights that each row holds (bool [rows, terms]), float64 [rows], added up in their
    order: as a product of matrices, a row's last bit would depend on the other rows.
    """
    sums = np.zeros(len(held))
    for own, weight in zip(held.T, weights.values(), strict=True):
        sums += weight * own
    return sums
