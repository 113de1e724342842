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

    def of_sentences(self, passages: np.ndarray, weights: Mapping[int, float]) -> list[np.ndarray]:
        """The sum of weights each sentence holds: for each passage float64 [sentences].

        ``weights`` gives the weight of each term id; the context does not count here.
        """
        if len(passages) == 0:
            return []
        held, firsts = self._held(passages, weights)
        return [own[1:] for own in np.split(_sums(held, weights), firsts[1:])]

    def of_passages(self, passages: np.ndarray, weights: Mapping[int, float]) -> np.ndarray:
        """The greatest sum any one sentence holds together with the context, [passages]."""
        if len(passages) == 0 or not weights:
            return np.zeros(len(passages))
        held, firsts = self._held(passages, weights)
        owner = np.repeat(firsts, self._passages[passages + 1] - self._passages[passages])
        return np.maximum.reduceat(_sums(held | held[owner], weights), firsts)

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


def _sums(held: np.ndarray, weights: Mapping[int, float]) -> np.ndarray:
    """Of the weights that each row holds (bool [rows, terms]), float64 [rows], added up in their
    order: as a product of matrices, a row's last bit would depend on the other rows.
    """
    sums = np.zeros(len(held))
    for own, weight in zip(held.T, weights.values(), strict=True):
        sums += weight * own
    return sums
