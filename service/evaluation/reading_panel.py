"""Answers as figures: EM and F1 of what was said, and what was left unsaid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from service.evaluation.answers import exact_match, f1
from service.evaluation.reading import ReadQuestion
from service.evaluation.results import Panel


def reading_panel(questions: Sequence[ReadQuestion], threshold: float) -> Panel | None:
    """EM, F1, right and abstained: as given, and where an answer must be given.

    As SQuAD 2.0 scores: abstaining is worth 0 on an answerable question, 1 on another.
    Scores need gold answers; None for no question at all.
    """
    answerable = [question for question in questions if question.answerable]
    others = [question for question in questions if not question.answerable]
    known = [question for question in answerable if question.judged]
    given = [question for question in questions if question.given(threshold)]
    whole = others and len(known) == len(answerable)
    rows = {
        "answerable, answer forced": _scores(known, 0.0),
        "answerable, as given": _scores(known, threshold) | _abstained(answerable, threshold),
        "unanswerable, as given": _abstained(others, threshold),
        "all, as given": _all_scores(questions, threshold) if whole else {},
        "all that was answered": _scores(given, threshold) if whole else {},
    }
    values = {row: measures for row, measures in rows.items() if measures}
    return Panel(title="answers", values=values) if values else None


def _scores(questions: Sequence[ReadQuestion], threshold: float) -> dict[str, dict[str, float]]:
    """An unanswerable question in it is one that was answered, which scores 0."""
    return _measured(
        questions,
        {
            "EM": lambda q: q.answerable * exact_match(q.said(threshold), q.gold),
            "F1": lambda q: q.answerable * f1(q.said(threshold), q.gold),
            "right": lambda q: float(q.given(threshold) and q.right),
        },
    )


def _all_scores(questions: Sequence[ReadQuestion], threshold: float) -> dict[str, dict[str, float]]:
    """Without gold the empty answer is the right one."""
    return _measured(
        questions,
        {
            "EM": lambda q: exact_match(q.said(threshold), q.gold),
            "F1": lambda q: f1(q.said(threshold), q.gold),
            "right": lambda q: float(q.right if q.given(threshold) else not q.answerable),
        },
    ) | _abstained(questions, threshold)


def _abstained(questions: Sequence[ReadQuestion], threshold: float) -> dict[str, dict[str, float]]:
    return _measured(questions, {"abstained": lambda q: float(not q.given(threshold))})


def _measured(
    questions: Sequence[ReadQuestion], measures: Mapping[str, Callable[[ReadQuestion], float]]
) -> dict[str, dict[str, float]]:
    if not questions:
        return {}
    return {
        name: {question.question_id: measure(question) for question in questions}
        for name, measure in measures.items()
    }
