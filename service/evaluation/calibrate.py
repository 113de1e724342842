"""Fitting confidence: features of every candidate → a logistic score → the share that is right.

One model chooses among the candidates of a question; of those chosen another judges the ones found
in small corpora, another those found in large ones; an isotonic step then says how often such an
answer is right. All are tried on questions they were not fitted on: five folds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from service.evaluation.judged import Held, JudgedQuestion, Questions, counted_as_asked
from service.evaluation.regressions import isotonic_steps, logistic_regression
from service.evaluation.thresholds import serving_threshold
from service.reading.calibration import Calibration, Judge, Linear, confidences
from service.reading.features import CHOOSING, FEATURES

FOLDS = 5
SEED = 7
# Where at most so many passages are searched, a document or two, most of them are read: these
# questions have a judge of their own.
SMALL = 20
# It is fitted on at least so many of them; fewer go to the others' judge.
LEAST_JUDGED = 200


def fit_calibration(
    questions: Questions,
    reader_sha256: str,
    fitted_on: str,
    kept: Calibration | None = None,
) -> tuple[Calibration, Held]:
    """The calibration fitted on all questions, and what five folds say of it.

    Thresholds and ``ece`` come from the folds. Of one that is ``kept`` the judges of larger corpora
    stay. Raises ValueError where there are fewer than FOLDS questions, or no candidate is right, or
    none is wrong, and where one is kept and a question is not of a small corpus.
    """
    _require_both(questions)
    if kept and any(question.searched > SMALL for question in questions):
        raise ValueError(f"a question was asked of more than {SMALL} passages")
    folds = _folds(questions)
    large = _large(questions) if kept is None else np.zeros(len(questions), dtype=bool)
    weight = counted_as_asked(questions, large)
    answers = _held_answers(questions, folds, large)
    confidence = _held_confidence(questions, answers, folds, large, weight)
    held = Held(confidence, answers.right, answers.f1, weight)
    models = _models(questions, large)
    judges = (
        replace(judge, threshold=_threshold(questions, held, large == group))
        for group, judge in _judges(questions, models, answers, large, weight).items()
    )
    calibration = Calibration(
        reader_sha256=reader_sha256,
        choosing=models.choosing,
        judges=(*judges, *_of_larger(kept)),
        n=len(questions),
        ece=held.ece,
        fitted_on=fitted_on,
    )
    return calibration, held


def _of_larger(kept: Calibration | None) -> tuple[Judge, ...]:
    return tuple(judge for judge in kept.judges if judge.searched > SMALL) if kept else ()


def _require_both(questions: Questions) -> None:
    if len(questions) < FOLDS:
        raise ValueError(f"{len(questions)} questions; give at least {FOLDS}")
    if not any(len(question.right) for question in questions):
        raise ValueError("none of the questions has a candidate")
    right = sum(int(question.right.sum()) for question in questions)
    if right in (0, sum(len(question.right) for question in questions)):
        raise ValueError(f"of the candidates {right} are right: some must be, and some not")


def _folds(questions: Questions) -> np.ndarray:
    """The fold of each question, int64 [n], by a fixed draw; one for all that have an id."""
    names = [question.question_id for question in questions]
    found, named = np.unique(names, return_inverse=True)
    return np.random.default_rng(SEED).permutation(np.arange(len(found)) % FOLDS)[named]


def _large(questions: Questions) -> np.ndarray:
    """Which judge is fitted on each question, bool [n]: whether that of large corpora."""
    large = np.asarray([question.searched > SMALL for question in questions])
    read = np.asarray([len(question.right) > 0 for question in questions])
    few = min((large & read).sum(), (~large & read).sum()) < LEAST_JUDGED
    return np.ones(len(questions), dtype=bool) if few else large


def _threshold(questions: Questions, held: Held, own: np.ndarray) -> float:
    answerable = np.asarray([question.answerable for question in questions])
    return serving_threshold(held.confidence[own], held.f1[own], answerable[own])


@dataclass(frozen=True, slots=True)
class _Models:
    """What chooses, and what judges in small (False) and large corpora (True), small first."""

    choosing: Linear
    judging: dict[bool, Linear]


def _models(questions: Questions, large: np.ndarray) -> _Models:
    """What chooses among candidates, from questions of which one is right, each of which counts
    alike however many candidates it has; and what judges the chosen ones of all questions.
    """
    read = [question for question in questions if len(question.right)]
    known = [question for question in read if question.right.any()] or read
    choosing = logistic_regression(
        CHOOSING,
        np.concatenate([question.features for question in known]),
        np.concatenate([question.right for question in known]).astype(np.float64),
        np.concatenate([np.full(len(q.right), q.weight / len(q.right)) for q in known]),
    )
    judging = {}
    for group in np.unique(large).tolist():
        own = [q for q, at in zip(questions, large, strict=True) if at == group and len(q.right)]
        chosen = [_chosen(choosing, question) for question in own]
        judging[group] = logistic_regression(
            FEATURES,
            np.stack([q.features[at] for q, at in zip(own, chosen, strict=True)]),
            np.asarray([q.right[at] for q, at in zip(own, chosen, strict=True)], float),
            np.asarray([q.weight for q in own]),
        )
    return _Models(choosing, judging)


@dataclass(frozen=True, slots=True)
class _Answers:
    """The best answer of each question, chosen and scored by models fitted without its fold.

    By position: ``features`` float64 [n, len(FEATURES)], ``score`` float64 [n], of the judge
    of its group (-inf without a candidate), ``right`` bool [n], ``f1`` float64 [n]; ``models`` are
    those fitted without each fold.
    """

    features: np.ndarray
    score: np.ndarray
    right: np.ndarray
    f1: np.ndarray
    models: tuple[_Models, ...]


def _held_answers(questions: Questions, folds: np.ndarray, large: np.ndarray) -> _Answers:
    models = []
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold)
        models.append(_models([questions[at] for at in others], large[others]))
    count = len(questions)
    features, score = np.zeros((count, len(FEATURES))), np.full(count, -np.inf)
    right, f1 = np.zeros(count, dtype=bool), np.zeros(count)
    for at, question in enumerate(questions):
        if len(question.right):
            own = models[folds[at]]
            best = _chosen(own.choosing, question)
            features[at] = question.features[best]
            score[at] = own.judging[bool(large[at])].logits(features[at : at + 1])[0]
            right[at], f1[at] = question.right[best], question.f1[best]
    return _Answers(features, score, right, f1, tuple(models))


def _judges(
    questions: Questions,
    models: _Models,
    answers: _Answers,
    large: np.ndarray,
    weight: np.ndarray,
    among: np.ndarray | None = None,
) -> dict[bool, Judge]:
    """The judges, small first, with isotonic steps fitted on the answers ``among`` (bool [n]), or
    all, each of which counts by its ``weight``; without thresholds yet.

    That of small corpora holds up to the largest of all questions', that of large ones from the
    median on: what lies between was not asked often enough for a judge of its own.
    """
    searched = np.asarray([float(question.searched) for question in questions])
    judges = {}
    for group, model in models.judging.items():
        own = (large == group) & np.isfinite(answers.score)
        place = float(np.median(searched[own]) if group else searched[own].max())
        if among is not None:
            own &= among
        steps = isotonic_steps(answers.score[own], answers.right[own], weight[own])
        judges[group] = Judge(place, model, steps, threshold=0.0)
    return judges


def _held_confidence(
    questions: Questions,
    answers: _Answers,
    folds: np.ndarray,
    large: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """Confidences by judges and isotonic steps fitted on the other folds, float64 [n]."""
    searched = np.asarray([question.searched for question in questions])
    confidence = np.zeros(len(questions))
    for fold in range(FOLDS):
        own = (folds == fold) & np.isfinite(answers.score)
        judges = _judges(questions, answers.models[fold], answers, large, weight, folds != fold)
        if own.any():
            confidence[own] = confidences([*judges.values()], answers.features[own], searched[own])
    return confidence


def _chosen(choosing: Linear, question: JudgedQuestion) -> int:
    return int(np.argmax(choosing.logits(question.features)))
