"""Rankings to one ranking: a pure function over the scores of one question's candidates."""

from __future__ import annotations

import numpy as np

# By so much a share may be above 1, as its terms are not added up in the order of its ceiling.
ROUNDING = 1e-9


def fuse(
    dense: np.ndarray,
    lexical: np.ndarray,
    coverage: np.ndarray,
    dense_weight: float,
    coverage_weight: float,
) -> np.ndarray:
    """``d * dense + (1 - d) * ((1 - c) * lexical + c * coverage)``, all shapes alike.

    ``dense`` are cosines; ``lexical`` is BM25 as a share of the most it could give the
    question, ``coverage`` the share of the question that one sentence holds. So all are
    absolute, and a passage's score depends on neither the other candidates nor a filter.
    A convex combination after Bruch, Gai and Ingber, "An Analysis of Fusion Functions for
    Hybrid Retrieval" (TOIS 2023), with theoretical in place of observed extremes.

    >>> fuse(np.array([0.5]), np.array([0.25]), np.array([0.75]), 0.5, 0.5).tolist()
    [0.5]
    """
    words = (1 - coverage_weight) * lexical + coverage_weight * coverage
    return dense_weight * dense + (1 - dense_weight) * words


def may_be_best(least: np.ndarray, most: np.ndarray, k: int) -> np.ndarray:
    """Bool, of the shape of both: which of those whose scores lie from ``least`` to ``most`` may be
    among the ``k`` best.

    >>> may_be_best(np.array([0.1, 0.3, 0.4]), np.array([0.2, 0.5, 0.4]), 1).tolist()
    [False, True, True]
    """
    if k >= len(least):
        return np.ones(len(least), dtype=bool)
    # What is no number, as of damaged vectors, is neither among the best nor kept from them.
    bar = -np.partition(-least, k - 1)[k - 1]
    return ~(most < bar - ROUNDING)
