"""A corpus's own calibration."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from service.evaluation.candidates import unfitted
from service.evaluation.corpus_calibration import (
    INTERCEPT_DEVIATION,
    LEAST_QUESTIONS,
    SLOPE_DEVIATION,
    move,
    moved_confidences,
    platt,
)
from service.reading.features import FEATURES


def overconfident(count, seed=1):
    """Confidences whose truth is sigmoid(0.7 logit - 1)."""
    rng = np.random.default_rng(seed)
    confidences = rng.uniform(0.05, 0.95, count)
    return confidences, rng.random(count) < moved_confidences(confidences, 0.7, -1.0)


def test_platt_finds_the_truth():
    """With many questions the slope and intercept they were made with come out."""
    slope, intercept = platt(*overconfident(20_000))
    assert (slope, intercept) == (pytest.approx(0.7, abs=0.05), pytest.approx(-1, abs=0.05))


def test_platt_is_the_most_likely():
    """It is what a derivative-free search over likelihood and prior finds."""
    confidences, right = overconfident(60)
    logits = np.log(confidences / (1 - confidences))

    def loss(parameters):
        chance = 1 / (1 + np.exp(-(parameters[0] * logits + parameters[1])))
        prior = ((parameters[0] - 1) / SLOPE_DEVIATION) ** 2
        prior += (parameters[1] / INTERCEPT_DEVIATION) ** 2
        return prior / 2 - np.log(np.where(right, chance, 1 - chance)).sum()

    found = minimize(loss, [0.5, -0.5], method="Nelder-Mead")
    assert platt(confidences, right) == pytest.approx(tuple(found.x), abs=1e-3)


def test_few_questions_move_little():
    """No question moves nothing; the slope never turns round."""
    assert platt(np.zeros(0), np.zeros(0, dtype=bool)) == (1.0, 0.0)
    slope, _ = platt(np.linspace(0.02, 0.98, 500), np.linspace(0, 1, 500) < 0.5)
    assert slope > 0


def test_move():
    """Too few questions are refused; enough lower the error on those not fitted on."""
    calibration = unfitted("1" * 64)
    few, right = overconfident(LEAST_QUESTIONS - 1)
    assert move(calibration, few, right, "mine") is None
    confidences, right = overconfident(400)
    moved = move(calibration, confidences, right, "mine.jsonl")
    assert moved.ece_after < moved.ece_before / 2
    own = moved.calibration
    assert (own.n, own.ece, own.fitted_on) == (400, moved.ece_after, "mine.jsonl")
    assert (own.threshold(9), own.reader_sha256) == (0.5, "1" * 64)
    features = np.zeros((1, len(FEATURES)))
    before = calibration.confidence(features, 9)
    by_hand = moved_confidences(before, moved.slope, moved.intercept)
    assert own.confidence(features, 9) == pytest.approx(by_hand, abs=1e-6)
