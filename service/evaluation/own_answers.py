"""Answers to the user's own questions: right, wrong, or rightly or wrongly withheld."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from index.snapshot import Snapshot
from service.evaluation.questions import OwnQuestion
from service.evaluation.reading import ReadQuestion


class Outcome(StrEnum):
    """What became of a question whose truth is known; "right" as ``facts.holds_fact`` has it."""

    RIGHT = "answered right"
    WRONG = "answered wrong"
    WITHHELD = "wrongly abstained"
    INVENTED = "wrongly answered"
    ABSTAINED = "rightly abstained"


def outcome(question: ReadQuestion, threshold: float) -> Outcome:
    given = question.given(threshold)
    if not question.answerable:
        return Outcome.INVENTED if given else Outcome.ABSTAINED
    if not given:
        return Outcome.WITHHELD
    return Outcome.RIGHT if question.right else Outcome.WRONG


def own_gold(question: OwnQuestion, snapshot: Snapshot) -> tuple[str, ...]:
    """The answers accepted: those given, else the words at ``span`` in the indexed document."""
    if question.answers or question.span is None:
        return question.answers if question.answerable else ()
    rows = {entry.uri: row for row, entry in enumerate(snapshot.documents)}
    if question.uri not in rows or not question.answerable:
        return ()
    words = question.span.of(snapshot.text(rows[question.uri]))
    return (words,) if words.strip() else ()


def answer_counts(questions: Sequence[ReadQuestion], threshold: float) -> dict[str, int]:
    """How many questions came to each outcome, those that can be judged."""
    found = [outcome(question, threshold) for question in questions if question.judged]
    return {str(each): found.count(each) for each in Outcome} if found else {}


def answer_fault(question: ReadQuestion, threshold: float) -> str:
    """Why the answer failed, with its confidence; ``""`` where it did not or nobody can say."""
    if not question.judged:
        return ""
    how = outcome(question, threshold)
    if how in (Outcome.RIGHT, Outcome.ABSTAINED):
        return ""
    sure = f"confidence {question.confidence:.2f}, threshold {threshold:.2f}"
    if not question.text:
        return f"{how}: no answer was found"
    if how is Outcome.WITHHELD:
        kind = "right" if question.right else "wrong"
        return f"{how}: its best answer, “{question.text}”, is {kind} ({sure})"
    if how is Outcome.WRONG:
        return f"{how}: “{question.text}”, not “{question.gold[0]}” ({sure})"
    return f"{how}: “{question.text}” ({sure})"
