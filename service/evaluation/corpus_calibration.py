"""A corpus's own calibration: its questions move the confidence that was shipped (Platt 1999)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from service.evaluation.calibrate import FOLDS, SEED
from service.evaluation.confidences import expected_calibration_error
from service.reading.calibration import LEAST_SURE, SUREST, Calibration

LEAST_QUESTIONS = 20
# Before any question is seen: slope 1 and intercept 0, with these standard deviations.
SLOPE_DEVIATION, INTERCEPT_DEVIATION = 0.3, 0.75
LEAST_SLOPE = 0.1


@dataclass(frozen=True, slots=True)
class Moved:
    """The calibration moved, and its error before and, on questions not fitted on, after."""

    calibration: Calibration
    slope: float
    intercept: float
    ece_before: float
    ece_after: float


def move(
    calibration: Calibration,
    confidences: Sequence[float],
    right: Sequence[bool],
    fitted_on: str,
) -> Moved | None:
    """``calibration`` moved to fit a corpus's questions; None for fewer than LEAST_QUESTIONS.

    ``confidences`` are those that ``calibration`` gave. Its ``n`` and ``ece`` become those of
    the questions, the ece of five folds, each judged by the others.
    """
    values, labels = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=bool)
    if len(values) < LEAST_QUESTIONS:
        return None
    slope, intercept = platt(values, labels)
    folds = np.random.default_rng(SEED).permutation(np.arange(len(values)) % FOLDS)
    held = np.empty(len(values))
    for fold in range(FOLDS):
        own = folds == fold
        held[own] = moved_confidences(values[own], *platt(values[~own], labels[~own]))
    after = expected_calibration_error(held, labels)
    moved = replace(
        calibration.moved(slope, intercept), n=len(values), ece=after, fitted_on=fitted_on
    )
    before = expected_calibration_error(values, labels)
    return Moved(moved, slope, intercept, before, after)


def platt(confidences: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of sigmoid(slope · logit(confidence) + intercept), both float64 [n].

    The likeliest under normal priors around 1 and 0, so that few questions move little.
    """
    logits = logit(np.clip(confidences, LEAST_SURE, SUREST))

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        slope, intercept = parameters
        moved = slope * logits + intercept
        prior = ((slope - 1) / SLOPE_DEVIATION, intercept / INTERCEPT_DEVIATION)
        off = expit(moved) - right
        value = (np.logaddexp(0, moved) - right * moved).sum()
        gradient = np.asarray(
            [
                off @ logits + prior[0] / SLOPE_DEVIATION,
                off.sum() + prior[1] / INTERCEPT_DEVIATION,
            ]
        )
        return float(value + (prior[0] ** 2 + prior[1] ** 2) / 2), gradient

    # A falling line would call the surest answers the worst.
    bounds = [(LEAST_SLOPE, None), (None, None)]
    found = minimize(loss, np.asarray([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), float(found.x[1])


def moved_confidences(confidences: np.ndarray, slope: float, intercept: float) -> np.ndarray:
    """float64 [n], within what is ever said."""
    logits = logit(np.clip(confidences, LEAST_SURE, SUREST))
    return np.clip(expit(slope * logits + intercept), LEAST_SURE, SUREST)
