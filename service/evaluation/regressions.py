"""The two regressions that a calibration is made of: logistic, and isotonic in steps."""

from __future__ import annotations

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit

from service.reading.calibration import LEAST_SURE, SUREST, Linear
from service.reading.features import FEATURES

# Strength of the penalty on the standardised weights, per question.
L2 = 1e-3
# Each knot of the isotonic step stands for at least so many questions, or for this share.
KNOT_QUESTIONS, KNOT_SHARE = 20, 0.02


def logistic_regression(
    names: tuple[str, ...], features: np.ndarray, labels: np.ndarray, weight: np.ndarray
) -> Linear:
    """Maximum likelihood with an L2 penalty on the standardised weights, not on the bias.

    ``features`` float64 [n, len(FEATURES)], of which ``names`` are used, ``labels`` 0 or 1 [n],
    ``weight`` [n] how much each counts, but for means and scales, in which all count alike.
    """
    features = features[:, [FEATURES.index(name) for name in names]]
    means, scales = features.mean(axis=0), features.std(axis=0)
    scales = np.where(scales > 0, scales, 1.0)
    scaled = (features - means) / scales
    weight = weight / weight.sum()

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        logits = scaled @ parameters[:-1] + parameters[-1]
        # -log p(label) = log(1 + exp(-logit)) where it is 1, log(1 + exp(logit)) where it is 0.
        value = weight @ (np.logaddexp(0, logits) - labels * logits)
        off = weight * (expit(logits) - labels)
        gradient = np.append(scaled.T @ off + L2 * parameters[:-1], off.sum())
        return float(value + L2 / 2 * parameters[:-1] @ parameters[:-1]), gradient

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B")
    numbers = (means, scales, found.x[:-1])
    return Linear(names, *(tuple(own.tolist()) for own in numbers), bias=float(found.x[-1]))


def isotonic_steps(
    scores: np.ndarray, right: np.ndarray, weight: np.ndarray
) -> tuple[tuple[float, float], ...]:
    """Knots (score, share right), both rising: isotonic regression by pool adjacent violators.

    ``scores`` float64 [n], ``right`` bool [n], ``weight`` float64 [n] how much each counts.
    Neighbours are first put together, so that no knot rests on a few questions; each pool
    stands at its mean score, linear between (Oron and Flournoy 2017), so that a higher
    score is never tied with a lower one.
    """
    order = np.argsort(scores, kind="stable")
    size = max(KNOT_QUESTIONS, int(len(scores) * KNOT_SHARE))
    groups = np.array_split(order, max(1, len(scores) // size))
    weights = np.asarray([weight[group].sum() for group in groups])
    shares = np.asarray([np.average(right[group], weights=weight[group]) for group in groups])
    places = np.asarray([np.average(scores[group], weights=weight[group]) for group in groups])
    fitted = isotonic_regression(shares, weights=weights)
    steps = []
    for first, end in zip(fitted.blocks[:-1], fitted.blocks[1:], strict=True):
        pool = slice(int(first), int(end))
        place = float(np.average(places[pool], weights=weights[pool]))
        share = float(np.clip(fitted.x[first], LEAST_SURE, SUREST))
        if not steps or place > steps[-1][0]:
            steps.append((place, share))
    return tuple(steps)
