"""Fitting confidence: features of every candidate → a logistic score → the share that is right.

One model chooses among the candidates of a question, a second judges the one chosen; the isotonic
step then says how often such an answer is right. All are tried on questions they were not fitted
on: five folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit

from service.evaluation.confidences import expected_calibration_error
from service.reading.calibration import LEAST_SURE, SUREST, Calibration, Linear
from service.reading.features import CHOOSING, FEATURES

FOLDS = 5
SEED = 7
# Strength of the penalty on the standardised weights, per question.
L2 = 1e-3
# What of a standard error two thresholds' mean scores may differ by and be as good as equal.
WITHIN = 0.5
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
    choosing, judging = _models(questions)
    calibration = Calibration(
        reader_sha256=reader_sha256,
        choosing=choosing,
        judging=judging,
        steps=isotonic_steps(scores[np.isfinite(scores)], right[np.isfinite(scores)]),
        threshold=serving_threshold(held.confidence, f1, answerable),
        n=len(questions),
        ece=held.ece,
        fitted_on=fitted_on,
    )
    return calibration, held


def logistic_regression(
    names: tuple[str, ...], features: np.ndarray, labels: np.ndarray, weight: np.ndarray
) -> Linear:
    """Maximum likelihood with an L2 penalty on the standardised weights, not on the bias.

    ``features`` float64 [n, len(FEATURES)], of which ``names`` are used, ``labels`` 0 or 1 [n],
    ``weight`` [n] how much each counts.
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


def _models(questions: Sequence[JudgedQuestion]) -> tuple[Linear, Linear]:
    """What chooses among candidates, from questions of which one is right, each of which counts
    alike however many candidates it has; and what judges the chosen ones of all questions.
    """
    read = [question for question in questions if len(question.right)]
    known = [question for question in read if question.right.any()] or read
    choosing = logistic_regression(
        CHOOSING,
        np.concatenate([question.features for question in known]),
        np.concatenate([question.right for question in known]).astype(np.float64),
        np.concatenate([np.full(len(q.right), 1 / len(q.right)) for q in known]),
    )
    chosen = [_chosen(choosing, question) for question in read]
    judging = logistic_regression(
        FEATURES,
        np.stack([question.features[at] for question, at in zip(read, chosen, strict=True)]),
        np.asarray([question.right[at] for question, at in zip(read, chosen, strict=True)], float),
        np.ones(len(read)),
    )
    return choosing, judging


def _best_by_fold(
    questions: Sequence[JudgedQuestion], folds: np.ndarray, fold: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Score, right and F1 of the best answer to each question of a fold, the rest fitted on."""
    models = _models(
        [question for question, own in zip(questions, folds, strict=True) if own != fold]
    )
    held = [question for question, own in zip(questions, folds, strict=True) if own == fold]
    rows = [_best(*models, question) for question in held]
    scores, right, f1 = zip(*rows, strict=True) if rows else ((), (), ())
    return np.asarray(scores), np.asarray(right, dtype=bool), np.asarray(f1, dtype=np.float64)


def _best(choosing: Linear, judging: Linear, question: JudgedQuestion) -> tuple[float, bool, float]:
    if not len(question.right):
        return -np.inf, False, 0.0
    at = _chosen(choosing, question)
    score = judging.logits(question.features[at : at + 1])[0]
    return float(score), bool(question.right[at]), float(question.f1[at])


def _chosen(choosing: Linear, question: JudgedQuestion) -> int:
    return int(np.argmax(choosing.logits(question.features)))


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
