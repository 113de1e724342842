"""The best of many scored rows."""

from __future__ import annotations

import numpy as np


def top_rows(rows: np.ndarray, scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Those of the ``rows``, which rise, with the ``k`` highest scores: best first, ties in row
    order, with their scores.

    >>> [part.tolist() for part in top_rows(np.array([3, 5, 8]), np.array([1.0, 2.0, 1.0]), 2)]
    [[5, 3], [2.0, 1.0]]
    """
    if 0 < k < len(rows):
        # Everything at or above the k-th score, so that a tie at the edge is cut in row order.
        threshold = np.partition(scores, len(rows) - k)[len(rows) - k]
        best = np.flatnonzero(scores >= threshold)
        rows, scores = rows[best], scores[best]
    order = np.argsort(-scores, kind="stable")[:k]
    return rows[order], scores[order]
