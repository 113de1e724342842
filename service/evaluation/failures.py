"""Which questions failed, why, what should have come, and what came instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from index.records import Span
from index.snapshot import Snapshot, StoredPassage
from service.answerer import OpenSnapshot
from service.citation import cite
from service.evaluation.gold import holds_answer
from service.evaluation.own_answers import Outcome, answer_fault, outcome
from service.evaluation.questions import OwnQuestion, Verdict, is_right
from service.evaluation.reading import ReadQuestion
from service.evaluation.replies import CitedPassage, Reply, ask
from service.schemas.citation import CitationModel
from service.terminal.answer import place

# How far down the ranking a passage that did not come is looked for.
DEEP = 50
# Passages of an index that are looked through for one that holds the answer.
LOOKED_THROUGH = 50_000


class Why(StrEnum):
    """What went wrong first on the way from the question to the answer."""

    NOT_INDEXED = "not in the index"
    NOT_RETRIEVED = "not retrieved"
    MISREAD = "read wrongly"
    WITHHELD = "wrongly abstained"
    INVENTED = "wrongly answered"
    NOT_FIRST = "retrieved, but not first"
    MISCITED = "evidence misses the answer"


MEANINGS = {
    Why.NOT_INDEXED: "The question names a document or a place that the index does not hold.",
    Why.NOT_RETRIEVED: "No passage that answers was among those returned.",
    Why.MISREAD: "The right passage was there; other words were read as the answer.",
    Why.WITHHELD: "The right passage was there; no answer in it was sure enough.",
    Why.INVENTED: "The documents do not say, and an answer was given.",
    Why.NOT_FIRST: "Answered, or not read; the right passage came below another.",
    Why.MISCITED: "The right passage came first; the sentences cited leave the answer out.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of a document, with its ``place`` as a citation tells it (``notes.md:3``);
    ``rank`` is where it came, from 1, None where it did not.
    """

    place: str
    text: str
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """``expected`` is what should have come, ``came`` what did, best first. ``said`` is the best
    answer, given or withheld, with its confidence; ``reasons`` tell all that went wrong.
    """

    question_id: str
    question: str
    why: Why
    reasons: tuple[str, ...]
    answers: tuple[str, ...] = ()
    expected: tuple[Shown, ...] = ()
    came: tuple[Shown, ...] = ()
    said: str = ""
    confidence: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def by_reason(failures: Iterable[Failure]) -> dict[Why, list[Failure]]:
    """The failures of each kind, the kinds in the order of ``Why``, none of them empty."""
    listed = list(failures)
    found = {why: [one for one in listed if one.why is why] for why in Why}
    return {why: those for why, those in found.items() if those}


def find_failures(
    asked: Iterable[tuple[OwnQuestion, Reply, np.ndarray]],
    verdicts: Mapping[str, Verdict],
    read: Sequence[ReadQuestion],
    opened: OpenSnapshot,
    threshold: float,
) -> Iterator[Failure]:
    """A record of each question that failed at its passage, its evidence or its answer.

    ``asked`` is each question with its reply and its unit vector; ``verdicts`` and ``read``
    are of those that could be judged.
    """
    answered = {one.question_id: one for one in read}
    for question, reply, vector in asked:
        verdict, said = verdicts.get(question.question_id), answered.get(question.question_id)
        why = _why(verdict, said, threshold)
        if why is None:
            continue
        fault = answer_fault(said, threshold) if said else ""
        rank = None if verdict is None else verdict.rank
        passages, reasons = reply.passages, [verdict.reason if verdict else "", fault]
        if why is Why.NOT_RETRIEVED:
            passages = ask(opened, question.text, vector, DEEP, answer=False).passages
            rank = _rank(question, passages)
            reasons.insert(1, f"it came at rank {rank}" if rank else "")
        right = passages[rank - 1] if rank else None
        yield Failure(
            question_id=question.question_id,
            question=question.text,
            why=why,
            reasons=tuple(filter(None, reasons)),
            answers=question.answers if question.answerable else (),
            expected=_expected(question, rank, right, opened),
            # Where the right passage came first, what came below it explains nothing.
            came=() if rank == 1 else tuple(_came(reply.passages)),
            said=said.text if said else "",
            confidence=said.confidence if said and said.text else None,
        )


def _why(verdict: Verdict | None, said: ReadQuestion | None, threshold: float) -> Why | None:
    """The first thing that went wrong; None where nothing did."""
    if verdict is not None and verdict.rank is None:
        return Why.NOT_RETRIEVED if verdict.indexed else Why.NOT_INDEXED
    if said is not None and said.judged:
        of_answer = {
            Outcome.WRONG: Why.MISREAD,
            Outcome.WITHHELD: Why.WITHHELD,
            Outcome.INVENTED: Why.INVENTED,
        }.get(outcome(said, threshold))
        if of_answer is not None:
            return of_answer
    if verdict is None or (verdict.rank == 1 and verdict.evidence):
        return None
    return Why.NOT_FIRST if verdict.rank != 1 else Why.MISCITED


def _rank(question: OwnQuestion, passages: Sequence[CitedPassage]) -> int | None:
    """Where the right passage stands, from 1; None where it is not among them."""
    ranks = (rank for rank, one in enumerate(passages, start=1) if is_right(question, one))
    return next(ranks, None)


def _came(passages: Sequence[CitedPassage]) -> Iterator[Shown]:
    for rank, passage in enumerate(passages, start=1):
        cited = CitationModel.model_validate(passage.citation)
        yield Shown(place(cited), passage.quote, rank)


def _expected(
    question: OwnQuestion, rank: int | None, right: CitedPassage | None, opened: OpenSnapshot
) -> tuple[Shown, ...]:
    """The evidence the question names, else a sentence that holds one of its answers: of the
    right passage where it came, else the first in the index.
    """
    snapshot = opened.snapshot
    entry = next((one for one in snapshot.documents if one.uri == question.uri), None)
    if question.evidence and entry is not None:
        span = question.evidence[0]
        for row in entry.passages:
            passage = snapshot.passage(row)
            if passage.span.start <= span.start < passage.span.end:
                return (_shown(snapshot, passage, span, rank),)
        return ()
    if not question.answerable or not question.answers:
        return ()
    rows = range(min(len(snapshot.passages), LOOKED_THROUGH)) if entry is None else entry.passages
    for row in rows:
        passage = snapshot.passage(row)
        if right is not None and not _is_same(snapshot, passage, right):
            continue
        text = snapshot.text(passage.document_row)
        holding = [one for one in passage.sentences if holds_answer(one.of(text), question.answers)]
        if holding:  # a heading may hold it too, and tells less
            longest = max(holding, key=lambda one: one.end - one.start)
            return (_shown(snapshot, passage, longest, rank),)
    return ()


def _is_same(snapshot: Snapshot, passage: StoredPassage, came: CitedPassage) -> bool:
    uri = snapshot.documents[passage.document_row].uri
    return (uri, passage.span) == (came.uri, came.span)


def _shown(snapshot: Snapshot, passage: StoredPassage, span: Span, rank: int | None) -> Shown:
    """The part of the span that lies in the passage it begins in."""
    own = Span(span.start, min(span.end, passage.span.end))
    cited = cite(snapshot, passage, own, "expected")
    return Shown(place(cited), cited.quote.exact, rank)
