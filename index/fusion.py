"""Rankings to one ranking: a pure function over the scores of one question's candidates."""

from __future__ import annotations

import numpy as np


def fuse(dense: np.ndarray, lexical: np.ndarray, ceiling: float, dense_weight: float) -> np.ndarray:
    """``w * cosine + (1 - w) * BM25 / ceiling`` of each candidate, same shape, at most 1.

    ``ceiling`` is the most BM25 could give this question (the sum of its terms' idf), so
    that both sides are absolute: a passage's score depends on neither the other
    candidates nor a filter. A convex combination after Bruch, Gai and Ingber, "An
    Analysis of Fusion Functions for Hybrid Retrieval" (TOIS 2023), with the theoretical
    maximum of both sides in place of the observed one.

    >>> fuse(np.array([0.5, 0.25]), np.array([1.0, 3.0]), 4.0, 0.5).tolist()
    [0.375, 0.5]
    """
    share = lexical / ceiling if ceiling > 0 else np.zeros_like(lexical)
    return dense_weight * dense + (1 - dense_weight) * share
