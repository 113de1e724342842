"""Passages as a reply shows them: evidence chosen, answer marked, cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.records import Hit, Span
from index.snapshot import Snapshot, StoredPassage
from service.citation import cite
from service.errors import CitationMismatch
from service.evidence import (
    Evidence,
    Sentence,
    select_evidence,
    sentences_holding,
    with_answer,
)
from service.headings import headings
from service.schemas.answer import HighlightModel, PassageModel, ScoresModel
from service.schemas.citation import SpanModel

# Beside an answer, a passage that was read must be at least so relevant to hold evidence.
RELEVANT = 0.95


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit to show: its relevance (0 to 1, None where it was not read), and where in the
    passage's text the answer stands, if this passage gives it.
    """

    hit: Hit
    relevance: float | None = None
    answer: Span | None = None


def cited_passages(
    snapshot: Snapshot,
    vector: np.ndarray,
    shown: Sequence[ShownHit],
    abstained: bool = False,
) -> list[PassageModel]:
    """The hits as passages of a reply, in their order, for a question and its unit vector
    (float32 [dimensions]). Where it ``abstained`` none holds evidence; where one of them gives the
    answer, none that was read and is hardly relevant. Raises CitationMismatch.
    """
    passages = [snapshot.passage(one.hit.row) for one in shown]
    cosines = snapshot.sentence_cosines(passages, vector)
    chosen = select_evidence(
        [
            _sentences(snapshot, passage, one.hit.coverage, own)
            for passage, one, own in zip(passages, shown, cosines, strict=True)
        ]
    )
    answered = any(one.answer is not None for one in shown)
    cited = []
    for rank, (passage, one, evidence) in enumerate(
        zip(passages, shown, chosen, strict=True), start=1
    ):
        if one.answer is not None:
            evidence = with_answer(evidence, _holding(passage, one.answer))
        elif abstained or (answered and _irrelevant(one)):
            evidence = replace(evidence, kind="related")
        cited.append(_cited_passage(snapshot, passage, one, evidence, rank))
    return cited


def _irrelevant(shown: ShownHit) -> bool:
    return shown.relevance is not None and shown.relevance < RELEVANT


def _sentences(
    snapshot: Snapshot,
    passage: StoredPassage,
    coverage: Sequence[float],
    cosines: Sequence[float],
) -> list[Sentence]:
    named = headings(passage, snapshot.text(passage.document_row))
    return [
        Sentence(share, cosine, span.end - span.start, is_heading)
        for span, share, cosine, is_heading in zip(
            passage.sentences, coverage, cosines, named, strict=True
        )
    ]


def _holding(passage: StoredPassage, answer: Span) -> range:
    start = passage.span.start
    try:
        return sentences_holding(passage.sentences, Span(start + answer.start, start + answer.end))
    except ValueError as error:
        raise CitationMismatch(f"an answer in passage {passage.passage_id}: {error}") from error


def _cited_passage(
    snapshot: Snapshot, passage: StoredPassage, shown: ShownHit, evidence: Evidence, rank: int
) -> PassageModel:
    first, last = passage.sentences[evidence.run.start], passage.sentences[evidence.run.stop - 1]
    cited, start = Span(first.start, last.end), passage.span.start
    hit, marks = shown.hit, [(Span(cited.start - start, cited.end - start), evidence.kind)]
    if shown.answer is not None:
        marks.append((shown.answer, "answer"))
    return PassageModel(
        rank=rank,
        passage_id=passage.passage_id,
        text=passage.span.of(snapshot.text(passage.document_row)),
        span=SpanModel(start=start, end=passage.span.end),
        scores=ScoresModel(
            dense=hit.dense, lexical=hit.lexical, fused=hit.fused, relevance=shown.relevance
        ),
        highlights=[HighlightModel(start=m.start, end=m.end, kind=kind) for m, kind in marks],
        citation=cite(snapshot, passage, cited, f"c{rank}"),
    )
