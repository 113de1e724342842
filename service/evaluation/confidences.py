"""How honest confidences are: calibration error, Brier score, and risk against coverage.

Each takes confidences (0 to 1) and, for the same questions, whether the answer was right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Guo et al. take 15; ten make the tenths that people speak in, and suit smaller samples.
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions whose confidence lies in ``(low, high]`` (the first bin holds 0 too).

    ``confidence`` is their mean confidence, ``accuracy`` the share of right ones.
    """

    low: float
    high: float
    questions: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering from ``threshold`` on answers ``coverage`` of all; ``risk`` of these are wrong."""

    threshold: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Selected:
    """What a threshold answers: how many, the share of all, and the share of these right (nan
    where none is answered).
    """

    answered: int
    coverage: float
    accuracy: float


def reliability_bins(
    confidences: Sequence[float], right: Sequence[bool], bins: int = BINS
) -> tuple[Bin, ...]:
    """The bins of equal width that hold a question, in order.

    >>> [(b.questions, b.accuracy) for b in reliability_bins([0.5, 0.42, 0.9], [1, 0, 1])]
    [(2, 0.5), (1, 1.0)]
    """
    values, labels = _pair(confidences, right)
    places = _places(values, bins)
    return tuple(
        Bin(
            low=place / bins,
            high=(place + 1) / bins,
            questions=int((places == place).sum()),
            confidence=float(values[places == place].mean()),
            accuracy=float(labels[places == place].mean()),
        )
        for place in np.unique(places).tolist()
    )


def expected_calibration_error(
    confidences: Sequence[float],
    right: Sequence[bool],
    bins: int = BINS,
    weights: Sequence[float] | None = None,
) -> float:
    """ECE = Σ n_b / n · |accuracy_b − confidence_b| over bins of equal width; nan for none.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", equation 3. ``weights`` say how
    many questions each counts as, one where they are not given.

    >>> round(expected_calibration_error([0.9, 0.9, 0.2], [1, 0, 0]), 4)  # (2 · .4 + .2) / 3
    0.3333
    """
    values, labels = _pair(confidences, right)
    if not len(values):
        return float("nan")
    counts = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    off = np.bincount(_places(values, bins), counts * (labels - values))
    return float(np.abs(off).sum() / counts.sum())


def brier_score(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean of (confidence − right)²; nan for none (Brier 1950)."""
    values, labels = _pair(confidences, right)
    return float(np.mean((values - labels) ** 2)) if len(values) else float("nan")


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> tuple[RiskPoint, ...]:
    """One point per distinct confidence, surest first: equal ones are answered together.

    Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks".
    """
    values, labels = _pair(confidences, right)
    points = []
    for threshold in np.unique(values)[::-1].tolist():
        kept = values >= threshold
        points.append(RiskPoint(threshold, float(kept.mean()), float(1 - labels[kept].mean())))
    return tuple(points)


def area_under_risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """AURC: the risk averaged over the n coverages 1/n … 1; 0 is best, nan for none.

    Within a tie the order is chance, so each coverage there has the expected risk, the tied
    questions' errors shared out evenly.
    """
    values, labels = _pair(confidences, right)
    if not len(values):
        return float("nan")
    _, tie = np.unique(-values, return_inverse=True)
    share_wrong = np.bincount(tie, weights=1 - labels) / np.bincount(tie)
    wrong = np.cumsum(share_wrong[np.sort(tie)])
    return float(np.mean(wrong / np.arange(1, len(values) + 1)))


def selected(confidences: Sequence[float], right: Sequence[bool], threshold: float) -> Selected:
    """What is answered from ``threshold`` on, and how much of that is right."""
    values, labels = _pair(confidences, right)
    kept = values >= threshold
    answered = int(kept.sum())
    return Selected(
        answered=answered,
        coverage=float(kept.mean()) if len(values) else float("nan"),
        accuracy=float(labels[kept].mean()) if answered else float("nan"),
    )


def _places(values: np.ndarray, bins: int) -> np.ndarray:
    """The bin of each, counted from 0, int64 [n]."""
    # Rounded, since 0.3 · 10 is above 3 in floating point.
    return np.clip(np.ceil(np.round(values * bins, 9)).astype(np.int64) - 1, 0, bins - 1)


def _pair(confidences: Sequence[float], right: Sequence[bool]) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 [n]; raises ValueError where they differ in length or leave [0, 1]."""
    values = np.asarray(confidences, dtype=np.float64)
    labels = np.asarray(right, dtype=np.float64)
    if values.shape != labels.shape:
        raise ValueError(f"{len(values)} confidences for {len(labels)} answers")
    if len(values) and not (values.min() >= 0 and values.max() <= 1):
        raise ValueError(f"a confidence outside [0, 1]: {values.min()} to {values.max()}")
    return values, labels
