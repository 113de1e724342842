"""Fitting confidence, against made data whose truth is known and against brute force."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize

from service.evaluation.answers import auroc
from service.evaluation.calibrate import (
    L2,
    WITHIN,
    JudgedQuestion,
    fit_calibration,
    isotonic_steps,
    logistic_regression,
    serving_threshold,
)
from service.evaluation.confidences import expected_calibration_error
from service.reading.features import FEATURES

SHA256 = "1" * 64


def made(count, seed):
    """Questions whose candidates are right with probability sigmoid(2 margin - 1)."""
    rng = np.random.default_rng(seed)
    questions = []
    for number in range(count):
        answerable = bool(number % 2)
        features = rng.normal(size=(3, len(FEATURES)))
        features[:, 0] -= 1.5 * (not answerable)
        chance = 1 / (1 + np.exp(-(2 * features[:, 0] - 1)))
        right = answerable & (rng.random(3) < chance)
        questions.append(
            JudgedQuestion(str(number), "made", answerable, features, right, right * 1.0)
        )
    return questions


def test_fit():
    """The margin that decides is found, the error held aside is small and like that on new data."""
    calibration, held = fit_calibration(made(3000, 1), SHA256, "made questions")
    for model, other in ((calibration.choosing, "lead"), (calibration.judging, "dense")):
        weights = dict(zip(model.features, np.abs(model.weights), strict=True))
        assert max(weights, key=weights.get) == "margin"
        assert weights["margin"] > 5 * weights[other]
    assert (calibration.n, calibration.ece, calibration.fitted_on) == (
        3000,
        held.ece,
        "made questions",
    )
    confidences, right = [], []
    for question in made(3000, 2):
        sure = calibration.confidence(question.features)
        chosen = calibration.choice(question.features).argmax()
        confidences.append(float(sure[chosen]))
        right.append(bool(question.right[chosen]))
    assert expected_calibration_error(confidences, right) == pytest.approx(held.ece, abs=0.03)
    assert held.ece < 0.04


def test_chance_is_not_fitted():
    """Where nothing tells right from wrong, folds say so: nobody is much surer than the share."""
    questions = made(600, 3)
    rng = np.random.default_rng(4)
    for question in questions:
        question.features[:] = rng.normal(size=question.features.shape)
        question.right[:] = question.answerable & (rng.random(3) < 0.8)
    _, held = fit_calibration(questions, SHA256, "chance")
    assert held.ece < 0.08
    assert np.abs(held.confidence - 0.4).mean() < 0.1


def test_a_question_without_candidates_is_wrong_and_unsure():
    """A passage without words gives none; where no question has any there is nothing to fit."""
    empty = np.empty((0, len(FEATURES)))
    hollow = [
        JudgedQuestion(one.question_id, "", one.answerable, empty, np.empty(0, bool), np.empty(0))
        for one in made(200, 5)
    ]
    with pytest.raises(ValueError, match="none of the questions"):
        fit_calibration(hollow, SHA256, "nothing read")
    _, held = fit_calibration([*hollow[:20], *made(200, 5)[20:]], SHA256, "some read")
    assert not held.right[:20].any()
    assert set(held.confidence[:20]) == {0.0}


def test_nothing_to_fit():
    """Only right, only wrong, or hardly any questions are refused."""
    with pytest.raises(ValueError, match="at least 5"):
        fit_calibration(made(4, 1), SHA256, "few")
    wrong = made(40, 1)
    for question in wrong:
        question.right[:] = False
    with pytest.raises(ValueError, match="0 are right"):
        fit_calibration(wrong, SHA256, "wrong")


def test_what_chooses_need_not_judge():
    """Lead says which words are right where any are, relevance whether any are: the first model
    finds the lead, the second both, and confidence orders answers nearly as well as the truth, a
    product that no sum of weights is equal to.
    """
    rng = np.random.default_rng(6)
    lead, relevance = FEATURES.index("lead"), FEATURES.index("relevance")
    questions = []
    for number in range(2000):
        features = rng.normal(size=(3, len(FEATURES)))
        features[:, relevance] = rng.normal()
        answerable = bool(rng.random() < 1 / (1 + np.exp(-3 * features[0, relevance])))
        right = answerable & (rng.random(3) < 1 / (1 + np.exp(-2 * features[:, lead])))
        questions.append(
            JudgedQuestion(str(number), "made", answerable, features, right, right * 1.0)
        )
    calibration, held = fit_calibration(questions, SHA256, "made")
    weights = dict(zip(calibration.choosing.features, calibration.choosing.weights, strict=True))
    assert weights["lead"] > 10 * max(abs(weights[x]) for x in weights if x != "lead")
    weights = dict(zip(calibration.judging.features, calibration.judging.weights, strict=True))
    others = max(abs(weights[x]) for x in weights if x not in ("lead", "relevance"))
    assert min(weights["lead"], weights["relevance"]) > 4 * others
    best = [one.features[one.features[:, lead].argmax()] for one in questions]
    truth = [1 / (1 + np.exp(-3 * x[relevance])) / (1 + np.exp(-2 * x[lead])) for x in best]
    assert auroc(held.confidence, held.right) > auroc(np.asarray(truth), held.right) - 0.03


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
    places, shares = zip(*isotonic_steps(scores, right), strict=True)
    assert places == pytest.approx((1.0, 2.5, 4.0))
    assert shares == pytest.approx((0.1, 0.5, 0.9))


@given(arrays(float, 100, elements=st.floats(-5, 5)), arrays(bool, 100))
def test_isotonic_steps_rise(scores, right):
    """Places rise strictly and shares never fall, whatever is given."""
    places, shares = zip(*isotonic_steps(scores, right), strict=True)
    assert all(one < other for one, other in pairwise(places))
    assert list(shares) == sorted(shares)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.1, 0.3, 0.6, 0.9]), st.sampled_from([0, 0.5, 1]), st.booleans()
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_serving_threshold_is_the_lowest_within_half_an_error_of_the_best(rows):
    """By brute force over all thresholds that part the questions otherwise."""
    confidence, f1, answerable = (np.asarray(column) for column in zip(*rows, strict=True))
    f1 = f1 * answerable

    def scores(threshold):
        return np.where(confidence >= threshold, f1, ~answerable)

    each = {float(one): scores(one).mean() for one in np.unique(confidence)}
    most = max(each.values())
    # Of equally good ones the highest: the first that is found from above.
    best = max(one for one, mean in each.items() if mean == pytest.approx(most, abs=1e-12))
    error = WITHIN * scores(best).std() / np.sqrt(len(rows))
    lowest = min(one for one, mean in each.items() if mean >= most - error - 1e-12)
    chosen = serving_threshold(confidence, f1, answerable)
    assert scores(chosen).tolist() == scores(lowest).tolist()
