"""Logistic and isotonic regression, against brute force and by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from service.evaluation.regressions import L2, isotonic_steps, logistic_regression
from service.reading.features import FEATURES


def test_logistic_regression():
    """The weights are those a derivative-free search finds for the same penalised likelihood."""
    rng = np.random.default_rng(1)
    features = rng.normal(2, [1.0, 3.0], size=(200, 2))
    right = (features @ [1.5, 0.2] + rng.normal(size=200) > 3.5).astype(float)
    weight = rng.random(200)
    padded = np.zeros((200, len(FEATURES)))
    padded[:, [FEATURES.index("lead"), FEATURES.index("margin")]] = features
    model = logistic_regression(("lead", "margin"), padded, right, weight)
    scaled = (features - features.mean(axis=0)) / features.std(axis=0)

    def loss(parameters):
        chance = 1 / (1 + np.exp(-(scaled @ parameters[:2] + parameters[2])))
        likelihood = right * np.log(chance) + (1 - right) * np.log(1 - chance)
        return -np.average(likelihood, weights=weight) + L2 / 2 * (parameters[:2] ** 2).sum()

    found = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"maxiter": 5000})
    assert [*model.weights, model.bias] == pytest.approx(found.x, abs=0.02)


def test_isotonic_steps_by_hand():
    """Neighbours that fall are pooled, at their mean place and share."""
    scores = np.repeat([1.0, 2.0, 3.0, 4.0], 20)
    right = np.concatenate([np.arange(20) < count for count in (2, 12, 8, 18)])
    # 12 and 8 of 20 fall, so they become 20 of 40 at (2 + 3) / 2.
    places, shares = zip(*isotonic_steps(scores, right, np.ones(len(scores))), strict=True)
    assert places == pytest.approx((1.0, 2.5, 4.0))
    assert shares == pytest.approx((0.1, 0.5, 0.9))


def test_isotonic_steps_are_weighted():
    """Of twenty the right half counts thrice: 30 of 40; its scores draw the place to themselves,
    (3 · 10 · 2 + 10 · 1) / 40. Knots stand for as many questions as without weights.
    """
    scores = np.concatenate([np.full(10, 1.0), np.full(10, 2.0)])
    right = np.concatenate([np.zeros(10, dtype=bool), np.ones(10, dtype=bool)])
    ((place, share),) = isotonic_steps(scores, right, np.where(right, 3.0, 1.0))
    assert (place, share) == (pytest.approx(1.75), pytest.approx(0.75))


@given(arrays(float, 100, elements=st.floats(-5, 5)), arrays(bool, 100))
def test_isotonic_steps_rise(scores, right):
    """Places rise strictly and shares never fall, whatever is given."""
    places, shares = zip(*isotonic_steps(scores, right, np.ones(len(scores))), strict=True)
    assert all(one < other for one, other in pairwise(places))
    assert list(shares) == sorted(shares)
