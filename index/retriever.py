"""A question's way to its passages: encode, search twice, fuse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.encoder import Encoder
from index.errors import IncompatibleSnapshot
from index.filters import Filter
from index.fusion import fuse, may_be_best
from index.ranges import union
from index.records import Hit
from index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """How the rankings become one (``fusion.py``); chosen on six sets, see ARCHITECTURE.md.

    ``dense_weight`` is the cosine's share of the whole, ``coverage_weight`` the best
    sentence's share of the lexical rest; each ranking brings ``candidates`` or more.
    """

    dense_weight: float = 0.5
    coverage_weight: float = 0.25
    candidates: int = 100


class Retriever:
    """One snapshot and the encoder it was built with, asked from any number of threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder | None,
        settings: RetrievalSettings = RetrievalSettings(),
    ) -> None:
        """Raises IncompatibleSnapshot where the snapshot's vectors are another model's.

        Without an encoder it ranks only, for who encodes elsewhere.
        """
        built = snapshot.manifest.encoder
        here = built if encoder is None else encoder.identity
        if not built.same_model(here):
            raise IncompatibleSnapshot(
                f"the index was built with encoder {built.name} ({built.dimensions} dimensions, "
                f"weights {built.weights_sha256[:12]}), this service runs {here.name} "
                f"({here.dimensions} dimensions, weights {here.weights_sha256[:12]}); rebuild "
                "with `quoth build`, or set QUOTH_ENCODER to the encoder of the index"
            )
        self.snapshot = snapshot
        self.encoder = encoder
        self.settings = settings

    def search(self, question: str, k: int, wanted: Filter | None = None) -> list[Hit]:
        """The ``k`` best passages for the question, best first; see ``rank``."""
        vector = self.encoder.encode_queries([question])[0]
        return self.rank(question, vector, k, self.snapshot.allowed_rows(wanted))

    def nearest(self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None) -> np.ndarray:
        """The dense candidates of ``rank`` for the same arguments: rows (int64), rising.

        Raises CorruptSnapshot as ``rank`` does.
        """
        self.snapshot.check.raise_if_damaged()
        return self.snapshot.dense.nearest(vector, self._depth(k), allowed)

    def rank(
        self,
        question: str,
        vector: np.ndarray,
        k: int,
        allowed: np.ndarray | None = None,
        nearest: np.ndarray | None = None,
    ) -> list[Hit]:
        """As ``search``, for a question whose unit vector (float32 [dimensions]) is known, among
        the rows ``allowed`` (bool [passages]), or all. ``nearest`` where that is known already.

        Each side brings its best candidates, and every candidate is then scored on both
        sides, so that none is judged by half of its evidence. Fewer than k hits only
        where fewer passages are allowed. Raises CorruptSnapshot where a file of the
        snapshot was meanwhile found to be damaged.
        """
        self.snapshot.check.raise_if_damaged()
        if nearest is None:
            nearest = self.nearest(vector, k, allowed)
        lexical = self.snapshot.lexical
        matching, _ = lexical.search(question, self._depth(k), allowed)
        rows = union(nearest, matching)
        dense = self.snapshot.dense.cosines(rows, vector)
        scores = lexical.scores(question, rows)
        share = lexical.share(scores.bm25, question)
        weights = self.settings.dense_weight, self.settings.coverage_weight
        # Coverage is dear to look up, and by its bounds few can still be among the best.
        bounds = (fuse(dense, share, bound, *weights) for bound in (scores.least, scores.most))
        kept = np.flatnonzero(may_be_best(*bounds, k))
        rows, dense, bm25, share = (own[kept] for own in (rows, dense, scores.bm25, share))
        coverage, of_sentences = lexical.coverage(question, rows)
        fused = fuse(dense, share, coverage, *weights)
        told = [own.tolist() for own in (rows, dense, bm25, fused)]
        return [
            Hit(*(own[i] for own in told), tuple(of_sentences[i].tolist()))
            for i in np.lexsort((rows, -dense, -fused))[:k].tolist()
        ]

    def _depth(self, k: int) -> int:
        return max(k, self.settings.candidates)
