"""Fitting confidence: features of every candidate → a logistic score → the share that is right.

One model chooses among the candidates of a question; of those chosen another judges the ones found
in small corpora, another those found in large ones; an isotonic step then says how often such an
answer is right. All are tried on questions they were not fitted on: five folds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.evaluation.confidences import expected_calibration_error
from service.evaluation.regressions import isotonic_steps, logistic_regression
from service.evaluation.thresholds import serving_threshold
from service.reading.calibration import Calibration, Judge, Linear, confidences
from service.reading.features import CHOOSING, JUDGING

FOLDS = 5
SEED = 7
# A corpus of at most so many passages is small: a document or two, nearly all of which are read.
SMALL = 20
# A judge of its own is fitted on at least so many questions; fewer go to the others' judge.
LEAST_JUDGED = 200
# Where nothing is answered or withheld.
NO_THRESHOLDS = {False: 0.0, True: 0.0}


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question's candidates: ``features`` float64 [n, len(FEATURES)], ``right`` bool [n] and
    ``f1`` float64 [n].

    ``right`` and ``f1`` are 0 for an unanswerable question; ``lacking`` says why it is one,
    where that is known. ``corpus`` is how many passages it was asked of; what is fitted counts
    the question ``times`` times.
    """

    question_id: str
    source: str
    answerable: bool
    features: np.ndarray
    right: np.ndarray
    f1: np.ndarray
    corpus: int
    lacking: str = ""
    times: int = 1


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

    Thresholds and ``ece`` come from the folds. Raises ValueError where there are fewer
    than FOLDS questions, or no candidate is right, or none is wrong.
    """
    _require_both(questions)
    folds, sizes = _folds(len(questions)), _sizes(questions)
    answers = _held_answers(questions, folds, sizes)
    held = Held(_held_confidence(questions, answers, folds, sizes), answers.right, answers.f1)
    thresholds = _thresholds(questions, held, sizes)
    models = _models(questions, sizes)
    calibration = Calibration(
        reader_sha256=reader_sha256,
        choosing=models.choosing,
        judges=_judges(questions, models, answers, sizes, thresholds),
        n=len(questions),
        ece=held.ece,
        fitted_on=fitted_on,
    )
    return calibration, held


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


def _sizes(questions: Sequence[JudgedQuestion]) -> np.ndarray:
    """Which judge is fitted on each question, bool [n]: whether that of large corpora."""
    large = np.asarray([question.corpus > SMALL for question in questions])
    few = min(large.sum(), (~large).sum()) < LEAST_JUDGED
    return np.ones(len(questions), dtype=bool) if few else large


@dataclass(frozen=True, slots=True)
class _Models:
    """What chooses, and for each size that there is what judges."""

    choosing: Linear
    judging: dict[bool, Linear]


def _models(questions: Sequence[JudgedQuestion], sizes: np.ndarray) -> _Models:
    """What chooses among candidates, from questions of which one is right, each of which counts
    alike however many candidates it has; and what judges the chosen ones of all questions.
    """
    read = [question for question in questions if len(question.right)]
    known = [question for question in read if question.right.any()] or read
    choosing = logistic_regression(
        CHOOSING,
        np.concatenate([question.features for question in known]),
        np.concatenate([question.right for question in known]).astype(np.float64),
        np.concatenate([np.full(len(q.right), q.times / len(q.right)) for q in known]),
    )
    judging = {}
    for size in np.unique(sizes):
        own = [q for q, large in zip(questions, sizes, strict=True) if large == size]
        own = [question for question in own if len(question.right)]
        chosen = [_chosen(choosing, question) for question in own]
        judging[bool(size)] = logistic_regression(
            JUDGING,
            np.stack([q.features[at] for q, at in zip(own, chosen, strict=True)]),
            np.asarray([q.right[at] for q, at in zip(own, chosen, strict=True)], float),
            np.asarray([float(q.times) for q in own]),
        )
    return _Models(choosing, judging)


@dataclass(frozen=True, slots=True)
class _Answers:
    """The best answer of each question, chosen and scored by models fitted without its fold.

    By position: ``features`` float64 [n, len(FEATURES)], ``score`` float64 [n], of the judge
    of its size, ``right`` bool [n], ``f1`` float64 [n]. Without a candidate the score is -inf.
    ``models`` are those fitted without each fold.
    """

    features: np.ndarray
    score: np.ndarray
    right: np.ndarray
    f1: np.ndarray
    models: tuple[_Models, ...]


def _held_answers(
    questions: Sequence[JudgedQuestion], folds: np.ndarray, sizes: np.ndarray
) -> _Answers:
    models = []
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold)
        models.append(_models([questions[at] for at in others], sizes[others]))
    count, width = len(questions), next(q.features.shape[1] for q in questions)
    found = _Answers(
        np.zeros((count, width)), np.full(count, -np.inf), np.zeros(count, dtype=bool),
        np.zeros(count), tuple(models),
    )  # fmt: skip
    for at, question in enumerate(questions):
        if len(question.right):
            own = models[folds[at]]
            best = _chosen(own.choosing, question)
            found.features[at] = question.features[best]
            judging = own.judging[bool(sizes[at])]
            found.score[at] = judging.logits(question.features[best : best + 1])[0]
            found.right[at], found.f1[at] = question.right[best], question.f1[best]
    return found


def _judges(
    questions: Sequence[JudgedQuestion],
    models: _Models,
    answers: _Answers,
    sizes: np.ndarray,
    thresholds: Mapping[bool, float],
    among: np.ndarray | None = None,
) -> tuple[Judge, ...]:
    """The judges with their isotonic steps, fitted on the answers ``among`` (bool [n]).

    That of small corpora holds up to the largest of them, that of large ones from the median on.
    """
    times = np.asarray([question.times for question in questions])
    corpora = np.asarray([float(question.corpus) for question in questions])
    judges = []
    for size, model in models.judging.items():
        own = (sizes == size) & np.isfinite(answers.score)
        place = float(np.median(corpora[own]) if size else corpora[own].max())
        own = np.flatnonzero(own if among is None else own & among)
        counted = np.repeat(own, times[own])
        steps = isotonic_steps(answers.score[counted], answers.right[counted])
        judges.append(Judge(place, model, steps, thresholds[size]))
    return tuple(sorted(judges, key=lambda judge: judge.corpus))


def _thresholds(
    questions: Sequence[JudgedQuestion], held: Held, sizes: np.ndarray
) -> dict[bool, float]:
    """For each size the confidence from which on answering serves."""
    answerable = np.asarray([question.answerable for question in questions])
    return {
        bool(size): serving_threshold(
            held.confidence[sizes == size], held.f1[sizes == size], answerable[sizes == size]
        )
        for size in np.unique(sizes)
    }


def _held_confidence(
    questions: Sequence[JudgedQuestion], answers: _Answers, folds: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """Confidences by judges and isotonic steps fitted on the other folds, float64 [n]."""
    confidence = np.zeros(len(questions))
    for fold in range(FOLDS):
        own = (folds == fold) & np.isfinite(answers.score)
        models = answers.models[fold]
        judges = _judges(questions, models, answers, sizes, NO_THRESHOLDS, folds != fold)
        if own.any():
            confidence[own] = confidences(judges, answers.features[own])
    return confidence


def _chosen(choosing: Linear, question: JudgedQuestion) -> int:
    return int(np.argmax(choosing.logits(question.features)))
