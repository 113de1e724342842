"""Answers read, and how honest their confidence is.

Each question is asked once, with threshold 0, so that the best answer is always said; whether
the service would have given it follows from its confidence and the real threshold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from service.evaluation.answers import auroc
from service.evaluation.confidences import (
    area_under_risk_coverage,
    brier_score,
    expected_calibration_error,
    reliability_bins,
    selected,
)
from service.evaluation.facts import holds_fact
from service.evaluation.replies import Reply


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """The best answer to a question, ``""`` where none was found, and how sure it is.

    ``gold`` are the answers accepted; none for an unanswerable question, or where an
    answerable one's are not known.
    """

    question_id: str
    answerable: bool
    gold: tuple[str, ...]
    text: str
    confidence: float

    @property
    def judged(self) -> bool:
        """Whether a right answer can be told from a wrong one."""
        return not self.answerable or bool(self.gold)

    @property
    def right(self) -> bool:
        return self.answerable and holds_fact(self.text, self.gold)

    def given(self, threshold: float) -> bool:
        return bool(self.text) and self.confidence >= threshold

    def said(self, threshold: float) -> str:
        """The answer, or ``""`` where it is withheld."""
        return self.text if self.given(threshold) else ""


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """Confidence against being right, by question; empty where truths are not known.

    ``auroc`` is of telling answerable from unanswerable by confidence, nan where one kind
    is missing. ``accuracy`` is the share right of what was answered. ``questions`` counts
    all that were asked.
    """

    threshold: float
    questions: int
    confidences: Mapping[str, float]
    right: Mapping[str, bool]
    auroc: float
    ece: float
    brier: float
    aurc: float
    coverage: float
    accuracy: float

    @property
    def pairs(self) -> tuple[list[float], list[bool]]:
        """Confidences and whether right, in one order."""
        return list(self.confidences.values()), list(self.right.values())

    def to_json(self) -> dict[str, Any]:
        """With the reliability bins; null for a figure that there is no question for."""
        value = {name: _or_none(each) for name, each in asdict(self).items()}
        return value | {"bins": [asdict(one) for one in reliability_bins(*self.pairs)]}


def read_question(
    question_id: str, answerable: bool, gold: Sequence[str], reply: Reply
) -> ReadQuestion:
    """From a reply asked for with threshold 0."""
    text = "" if reply.answer is None else reply.answer.text
    return ReadQuestion(question_id, answerable, tuple(gold), text, reply.confidence)


def reading_figures(questions: Sequence[ReadQuestion], threshold: float) -> ReadingFigures:
    """The AUROC is of all questions; the rest only where every question's truth is known."""
    judged = questions if all(question.judged for question in questions) else ()
    confidences = {question.question_id: question.confidence for question in judged}
    right = {question.question_id: question.right for question in judged}
    values, labels = list(confidences.values()), list(right.values())
    chosen = selected(values, labels, threshold)
    return ReadingFigures(
        threshold=threshold,
        questions=len(questions),
        confidences=confidences,
        right=right,
        auroc=auroc([q.confidence for q in questions], [q.answerable for q in questions]),
        ece=expected_calibration_error(values, labels),
        brier=brier_score(values, labels),
        aurc=area_under_risk_coverage(values, labels),
        coverage=chosen.coverage,
        accuracy=chosen.accuracy,
    )


def _or_none(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
