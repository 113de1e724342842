"""From which confidence on it serves to answer."""

from __future__ import annotations

import numpy as np

# What of a standard error two thresholds' mean scores may differ by and be as good as equal.
WITHIN = 0.5


def serving_threshold(confidence: np.ndarray, f1: np.ndarray, answerable: np.ndarray) -> float:
    """The lowest confidence from which on answering serves as well as any, to ``WITHIN`` standard
    errors of the mean score (after Breiman et al. 1984, "Classification and Regression Trees",
    3.4.3, where it is one).

    A question's score is the F1 of its answer where one is given, and where none is given 1
    if it is unanswerable, else 0. Around the best threshold the mean hardly changes while many
    more are answered, so of those that cannot be told apart the lowest is taken; halfway between
    the last answered and the first withheld.
    """
    order = np.argsort(-confidence, kind="stable")
    gain = np.where(answerable, f1, -1.0)[order]
    ordered = confidence[order]
    # A threshold cannot part equal confidences.
    ends = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    totals = np.cumsum(gain)[ends]
    best = ordered[ends[np.argmax(totals)]]
    scores = np.where(confidence >= best, f1 * answerable, ~answerable)
    # Of the sum: as many standard deviations as the root of the number of questions.
    error = WITHIN * scores.std() * np.sqrt(len(scores))
    place = int(ends[np.flatnonzero(totals >= totals.max() - error)[-1]])
    following = ordered[place + 1] if place + 1 < len(ordered) else 0.0
    return float((ordered[place] + following) / 2)
