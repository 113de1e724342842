"""Questions whose candidates are known to be right or wrong, and what was made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.evaluation.confidences import expected_calibration_error

# Of the questions that somebody asks his own documents, how many have an answer there: eleven of
# sixteen in `training/folders/`, whose writers were to ask as the folder's owner would.
ANSWERABLE = 11 / 16


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question's candidates: ``features`` float64 [n, len(FEATURES)], ``right`` bool [n] and
    ``f1`` float64 [n].

    ``right`` and ``f1`` are 0 for an unanswerable question; ``lacking`` says why it is one,
    where that is known. ``searched`` is how many passages it was asked of, ``weight`` how much it
    counts in what is fitted; thresholds count every question alike. The same question asked of
    another corpus has the same ``question_id``.
    """

    question_id: str
    source: str
    answerable: bool
    features: np.ndarray
    right: np.ndarray
    f1: np.ndarray
    searched: int
    lacking: str = ""
    weight: float = 1.0


Questions = Sequence[JudgedQuestion]


@dataclass(frozen=True, slots=True)
class Held:
    """The best answers of questions, each judged by what was fitted without it.

    By position of the question: ``confidence`` and ``f1`` float64 [n], ``right`` bool [n], and
    ``weight`` float64 [n], by which it counts in shares of right answers. A question without a
    candidate has confidence 0 and is wrong.
    """

    confidence: np.ndarray
    right: np.ndarray
    f1: np.ndarray
    weight: np.ndarray

    @property
    def ece(self) -> float:
        return expected_calibration_error(self.confidence, self.right, weights=self.weight)


def counted_as_asked(questions: Questions, group: np.ndarray) -> np.ndarray:
    """The weights with which of each group (bool [n]) ``ANSWERABLE`` have an answer, float64 [n].

    Sets to learn from hold more unanswerable questions than people ask, and the share of right
    answers grows with the answerable ones (Saerens et al. 2002, "Adjusting the Outputs of a
    Classifier to New a Priori Probabilities"). A group of one kind alone keeps its weights.
    """
    weight = np.asarray([question.weight for question in questions], dtype=np.float64)
    answerable = np.asarray([question.answerable for question in questions], dtype=bool)
    for own in (group, ~group):
        total, known = weight[own].sum(), weight[own & answerable].sum()
        if 0 < known < total:
            weight[own & answerable] *= ANSWERABLE * total / known
            weight[own & ~answerable] *= (1 - ANSWERABLE) * total / (total - known)
    return weight
