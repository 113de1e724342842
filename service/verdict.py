"""Findings → the answer with its citation, or why none is given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import ceil, floor

from index.records import Span
from service.citation import checked_answer
from service.reader import Findings
from service.schemas.answer import AbstentionModel, AnswerModel, PassageModel, ReadingModel
from service.schemas.citation import SpanModel

_LATIN = re.compile("[A-Za-z]")


def answer_places(findings: Findings, threshold: float) -> dict[int, Span]:
    """Where the answer stands, in passages by their place in ``findings.order``; the first is
    the one it is taken from. Empty where no answer is sure enough.
    """
    best = findings.best
    if best is None or best.confidence < threshold:
        return {}
    ranks = {hit: place for place, hit in enumerate(findings.order)}
    places = {ranks[best.passage]: best.span}
    for hit, span in best.also:
        if hit in ranks:
            places.setdefault(ranks[hit], span)
    return places


def cited_answer(
    findings: Findings,
    places: Mapping[int, Span],
    passages: Sequence[PassageModel],
    text: str,
) -> AnswerModel:
    """The answer that stands at ``places`` (not empty), in the document with this canonical text.
    Raises CitationMismatch.
    """
    best = findings.best
    (own, *others) = places
    passage = passages[own]
    start = passage.span.start
    span = checked_answer(
        best.text,
        Span(start + best.span.start, start + best.span.end),
        passage.citation,
        text,
    )
    return AnswerModel(
        text=best.text,
        confidence=best.confidence,
        citation=passage.citation.id,
        span=SpanModel(start=span.start, end=span.end),
        also=[passages[place].citation.id for place in sorted(others)],
    )


def abstention(
    findings: Findings, threshold: float, question: str, unknown: Sequence[str] = ()
) -> AbstentionModel:
    """Why findings without a sure answer give none; ``unknown`` are the fields of the filter that
    no document has.
    """
    best = findings.best.confidence if findings.best else 0.0
    if findings.too_long:
        reason = "question_too_long"
        message = "The question is too long to be read beside a passage; ask it in fewer words."
    elif not findings.order:
        reason = "nothing_found"
        message = f"No passage matches, so there was nothing to read; {_too_narrow(unknown)}."
    else:
        reason = "not_stated"
        message = (
            # Rounded apart, so that what is too little never reads like what is needed.
            f"No answer in {_extent(findings)} is sure enough: the best has a confidence of "
            f"{floor(_percent(best))} %, and {ceil(_percent(threshold))} % is needed"
            f"{_hint(question)}."
        )
    return AbstentionModel(
        reason=reason, message=message, best_confidence=best, threshold=threshold
    )


def reading_model(findings: Findings) -> ReadingModel | None:
    """How much was read; None where there was nothing to read."""
    if not findings.to_read:
        return None
    return ReadingModel(
        passages_read=findings.read,
        passages_to_read=findings.to_read,
        complete=findings.read == findings.to_read,
    )


def _too_narrow(unknown: Sequence[str]) -> str:
    if not unknown:
        return "the filter may leave too little"
    fields = "field" if len(unknown) == 1 else "fields"
    return f"no document has the {fields} {', '.join(map(repr, unknown))} that the filter asks for"


def _hint(question: str) -> str:
    """Why the documents may say it all the same, where the question alone tells for sure."""
    if not any(map(str.isalnum, question)):
        return "; the question holds no word"
    if any(map(str.isalpha, question)) and not _LATIN.search(question):
        return "; the question is not in English, which Quoth's own reader knows best"
    return ""


def _extent(findings: Findings) -> str:
    """What was read, which is what may answer: more than is shown, as a rule."""
    read, to_read = findings.read, findings.to_read
    if read == to_read:
        return "the nearest passage" if read == 1 else f"the {read} nearest passages"
    passages = "one passage" if read == 1 else f"{read} passages"
    return f"the {passages} that could be read in time, of the {to_read} nearest,"


def _percent(share: float) -> float:
    # 100 * .55 is 55.00000000000001, which is no 56 %.
    return round(100 * share, 9)
