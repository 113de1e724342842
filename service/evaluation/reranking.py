"""The order that the reader gives: the first passages read and moved, the rest as retrieved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.records import Hit
from index.retriever import Retriever
from service.errors import QuestionTooLong
from service.reader import retrieved_passages
from service.reading.conclusion import conclude
from service.reading.loading import LoadedReader


@dataclass(frozen=True, slots=True)
class Reranker:
    """Reads the first ``depth`` passages, whatever the time it takes."""

    loaded: LoadedReader
    depth: int

    def order(self, retriever: Retriever, question: str, hits: Sequence[Hit]) -> list[int]:
        """Rows of the hits, best first; as they were where the question cannot be read."""
        rows = [hit.row for hit in hits]
        passages = retrieved_passages(retriever.snapshot, hits)
        shown = [passage.shown for passage in passages[: self.depth]]
        try:
            readings = self.loaded.reader.read(question, shown, lambda: True)
        except QuestionTooLong:
            return rows
        if not rows:
            return []
        calibration, searched = self.loaded.calibration, retriever.snapshot.manifest.passages
        concluded = conclude(question, passages, readings, calibration, len(rows), searched)
        return [rows[place] for place in concluded.order]


class RerankedSearch:
    """A search by re-ranked order for one question; a deeper one only lengthens it."""

    def __init__(
        self, reranker: Reranker, retriever: Retriever, question: str, vector: np.ndarray
    ) -> None:
        self._reranker, self._retriever = reranker, retriever
        self._question, self._vector = question, vector
        self._head: list[int] = []

    def __call__(self, k: int) -> list[int]:
        """At most ``k`` passage rows, best first."""
        hits = self._retriever.rank(self._question, self._vector, k)
        if not self._head:
            self._head = self._reranker.order(self._retriever, self._question, hits)
        known = set(self._head)
        return [*self._head, *(hit.row for hit in hits if hit.row not in known)][:k]
