"""Rankings to one ranking: pure functions over the scores of one question's candidates."""

from __future__ import annotations

import numpy as np


def min_max(scores: np.ndarray) -> np.ndarray:
    """Scores moved to [0, 1] by their own extremes; all zero where they are all equal.

    >>> min_max(np.array([2.0, 4.0, 3.0])).tolist()
    [0.0, 1.0, 0.5]
    """
    low, high = scores.min(), scores.max()
    if high == low:
        return np.zeros_like(scores)
    return (scores - low) / (high - low)


def convex(dense: np.ndarray, lexical: np.ndarray, dense_weight: float) -> np.ndarray:
    """``w * min_max(dense) + (1 - w) * min_max(lexical)``, shape as given, in [0, 1].

    Convex combination after Bruch, Gai and Ingber, "An Analysis of Fusion Functions for
    Hybrid Retrieval" (TOIS 2023). Both arrays score the same candidates in the same order.

    >>> convex(np.array([0.2, 0.6]), np.array([9.0, 3.0]), 0.75).tolist()
    [0.25, 0.75]
    """
    return dense_weight * min_max(dense) + (1 - dense_weight) * min_max(lexical)
