"""Fitting confidence: features of every candidate → a logistic score → the share that is right.

The score orders the candidates of a question; the isotonic step then says how often the best
one is right. Both are judged on questions they were not fitted on: five folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit

from service.evaluation.confidences import expected_calibration_error
from service.reading.calibration import LEAST_SURE, SUREST, Calibration
from service.reading.features import FEATURES

FOLDS = 5
SEED = 7
# Strength of the penalty on the standardised weights, per question.
L2 = 1e-3
# Each knot of the isotonic step stands for at least so many questions, or for this share.
KNOT_QUESTIONS, KNOT_SHARE = 20, 0.02


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question's candidates: ``features`` float64 [n, len(FEATURES)], ``right`` bool [n] and
    ``f1`` float64 [n].

    ``right`` and ``f1`` are 0 for an unanswerable question; ``lacking`` says why it is one,
    where that is known.
    """

    question_id: str
    source: str
    answerable: bool
    features: np.ndarray
    right: np.ndarray
    f1: np.ndarray
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The best answers of questions, each judged by what was fitted without it.

    By position of the question: ``confidence`` and ``f1`` float64 [n], ``right`` bool [n].
    A question without a candidate has confidence 0 and is wrong.
    """

    confidence: np.ndarray
    right: np.ndarray
    f1: np.ndarray

    @property
    def ece(self) -> float:
        return expected_calibration_error(self.confidence, self.right)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A linear model: score = (features − means) / scales · weights + bias."""

    means: np.ndarray
    scales: np.ndarray
    weights: np.ndarray
    bias: float

    def scores(self, features: np.ndarray) -> np.ndarray:
        return (features - self.means) / self.scales @ self.weights + self.bias


def fit_calibration(
    questions: Sequence[JudgedQuestion], reader_sha256: str, fitted_on: str
) -> tuple[Calibration, Held]:
    """The calibration fitted on all questions, and what five folds say of it.

    ``threshold`` and ``ece`` come from the folds. Raises ValueError where there are fewer
    than FOLDS questions, or no candidate is right, or none is wrong.
    """
    _require_both(questions)
    folds = _folds(len(questions))
    best = [_best_by_fold(questions, folds, fold) for fold in range(FOLDS)]
    scores, right, f1 = (np.concatenate(parts) for parts in zip(*best, strict=True))
    order = np.argsort(np.concatenate([np.flatnonzero(folds == f) for f in range(FOLDS)]))
    scores, right, f1 = scores[order], right[order], f1[order]
    held = Held(_held_confidence(scores, right, folds), right, f1)
    answerable = np.asarray([question.answerable for question in questions])
    model = _logistic(questions)
    calibration = Calibration(
        reader_sha256=reader_sha256,
        features=FEATURES,
        means=tuple(model.means.tolist()),
        scales=tuple(model.scales.tolist()),
        weights=tuple(model.weights.tolist()),
        bias=model.bias,
        steps=isotonic_steps(scores[np.isfinite(scores)], right[np.isfinite(scores)]),
        threshold=best_threshold(held.confidence, f1, answerable),
        n=len(questions),
        ece=held.ece,
        fitted_on=fitted_on,
    )
    return calibration, held


def logistic_regression(features: np.ndarray, right: np.ndarray, weight: np.ndarray) -> Logistic:
    """Maximum likelihood with an L2 penalty on the standardised weights, not on the bias.

    ``features`` float64 [n, k], ``right`` 0 or 1 [n], ``weight`` [n] how much each counts.
    """
    means, scales = features.mean(axis=0), features.std(axis=0)
    scales = np.where(scales > 0, scales, 1.0)
    scaled = (features - means) / scales
    weight = weight / weight.sum()

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        logits = scaled @ parameters[:-1] + parameters[-1]
        # -log p(right) = log(1 + exp(-logit)) of a right one, log(1 + exp(logit)) of a wrong one.
        value = weight @ (np.logaddexp(0, logits) - right * logits)
        off = weight * (expit(logits) - right)
        gradient = np.append(scaled.T @ off + L2 * parameters[:-1], off.sum())
        return float(value + L2 / 2 * parameters[:-1] @ parameters[:-1]), gradient

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B")
    return Logistic(means, scales, found.x[:-1], float(found.x[-1]))


def isotonic_steps(scores: np.ndarray, right: np.ndarray) -> tuple[tuple[float, float], ...]:
    """Knots (score, share right), both rising: isotonic regression by pool adjacent violators.

    Neighbours are first put together, so that no knot rests on a few questions; each pool
    stands at its mean score, linear between (Oron and Flournoy 2017), so that a higher
    score is never tied with a lower one.
    """
    order = np.argsort(scores, kind="stable")
    size = max(KNOT_QUESTIONS, int(len(scores) * KNOT_SHARE))
    groups = np.array_split(order, max(1, len(scores) // size))
    counts = np.asarray([len(group) for group in groups], dtype=np.float64)
    shares = np.asarray([right[group].mean() for group in groups])
    places = np.asarray([scores[group].mean() for group in groups])
    fitted = isotonic_regression(shares, weights=counts)
    steps = []
    for first, end in zip(fitted.blocks[:-1], fitted.blocks[1:], strict=True):
        pool = slice(int(first), int(end))
        place = float(np.average(places[pool], weights=counts[pool]))
        share = float(np.clip(fitted.x[first], LEAST_SURE, SUREST))
        if not steps or place > steps[-1][0]:
            steps.append((place, share))
    return tuple(steps)


def best_threshold(confidence: np.ndarray, f1: np.ndarray, answerable: np.ndarray) -> float:
    """The confidence from which on answering serves best.

    A question's score is the F1 of its answer where one is given, and where none is given 1
    if it is unanswerable, else 0. Halfway between the last answered and the first withheld.
    """
    order = np.argsort(-confidence, kind="stable")
    gain = np.where(answerable, f1, -1.0)[order]
    ordered = confidence[order]
    # A threshold cannot part equal confidences.
    ends = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
    totals = np.cumsum(gain)[ends]
    place = int(ends[np.argmax(totals)])
    following = ordered[place + 1] if place + 1 < len(ordered) else 0.0
    return float((ordered[place] + following) / 2)


def _require_both(questions: Sequence[JudgedQuestion]) -> None:
    if len(questions) < FOLDS:
        raise ValueError(f"{len(questions)} questions; give at least {FOLDS}")
    if not any(len(question.right) for question in questions):
        raise ValueError("none of the questions has a candidate")
    right = sum(int(question.right.sum()) for question in questions)
    if right in (0, sum(len(question.right) for question in questions)):
        raise ValueError(f"of the candidates {right} are right: some must be, and some not")


def _folds(count: int) -> np.ndarray:
    """The fold of each question, int64 [count], by a fixed draw."""
    return np.random.default_rng(SEED).permutation(np.arange(count) % FOLDS)


def _logistic(questions: Sequence[JudgedQuestion]) -> Logistic:
    """Each question counts alike, however many candidates it has."""
    read = [question for question in questions if len(question.right)]
    weight = np.concatenate([np.full(len(q.right), 1 / len(q.right)) for q in read])
    features = np.concatenate([question.features for question in read])
    right = np.concatenate([question.right for question in read]).astype(np.float64)
    return logistic_regression(features, right, weight)


def _best_by_fold(
    questions: Sequence[JudgedQuestion], folds: np.ndarray, fold: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score, right and F1 of the best answer to each question of a fold, the rest fitted on."""
    model = _logistic(
        [question for question, own in zip(questions, folds, strict=True) if own != fold]
    )
    held = [question for question, own in zip(questions, folds, strict=True) if own == fold]
    rows = [_best(model, question) for question in held]
    scores, right, f1 = zip(*rows, strict=True) if rows else ((), (), ())
    return np.asarray(scores), np.asarray(right, dtype=bool), np.asarray(f1, dtype=np.float64)


def _best(model: Logistic, question: JudgedQuestion) -> tuple[float, bool, float]:
    if not len(question.right):
        return -np.inf, False, 0.0
    scores = model.scores(question.features)
    at = int(np.argmax(scores))
    return float(scores[at]), bool(question.right[at]), float(question.f1[at])


def _held_confidence(scores: np.ndarray, right: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Confidences by isotonic steps that were fitted on the other folds, float64 [n]."""
    confidence = np.zeros(len(scores))
    found = np.isfinite(scores)
    for fold in range(FOLDS):
        own, others = found & (folds == fold), found & (folds != fold)
        knots = np.asarray(isotonic_steps(scores[others], right[others]))
        shares = np.interp(scores[own], knots[:, 0], knots[:, 1])
        confidence[own] = np.clip(shares, LEAST_SURE, SUREST)
    return confidence
