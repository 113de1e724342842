"""The question's whole road: its vector → hits → passages → evidence → citations → reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from index.filters import Filter, parse_filter
from index.records import Hit, Span
from index.retriever import Retriever
from index.snapshot import Snapshot, StoredPassage
from service.citation import cite
from service.evidence import Evidence, Sentence, select_evidence
from service.schemas.answer import (
    AskResponse,
    HighlightModel,
    PassageModel,
    ScoresModel,
    SnapshotModel,
    TimingsModel,
)
from service.schemas.citation import SpanModel


@dataclass(frozen=True, slots=True)
class Question:
    """A question that has passed validation; ``top_k`` and ``wanted`` are settled."""

    text: str
    top_k: int
    wanted: Filter | None = None
    answer: bool = True


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question and its unit vector (float32 [dimensions]).

    ``asked_at`` and ``encoded_at`` are the clock's seconds when the question came and when
    it had its vector, the wait for other questions included.
    """

    question: Question
    vector: np.ndarray
    asked_at: float
    encoded_at: float


@dataclass(frozen=True, slots=True)
class OpenSnapshot:
    """What one request answers from, first to last byte: a snapshot and its retriever."""

    snapshot: Snapshot
    retriever: Retriever

    def describe(self) -> SnapshotModel:
        snapshot = self.snapshot
        return SnapshotModel(
            version=snapshot.version,
            created_at=snapshot.created_at,
            encoder=snapshot.manifest.encoder.name,
            documents=snapshot.manifest.documents,
            passages=snapshot.manifest.passages,
        )


def read_question(text: str, top_k: int, filter_json: object, answer: bool) -> Question:
    """Raises InvalidFilter for a filter outside the filter language."""
    wanted = None if filter_json is None else parse_filter(filter_json)
    return Question(text, top_k, wanted, answer)


def answer_question(
    encoded: EncodedQuestion,
    opened: OpenSnapshot,
    request_id: str,
    clock: Callable[[], float] = perf_counter,
) -> AskResponse:
    """The reply to one question; blocks, so it is called on a worker thread.

    The question is encoded before (``batching.py``), together with others that wait. Where a
    reader comes to be loaded it stands between the search and the citations: it gives each
    passage its relevance and moves the evidence to what it read. Raises CitationMismatch.
    """
    question, started = encoded.question, clock()
    hits = opened.retriever.rank(question.text, encoded.vector, question.top_k, question.wanted)
    searched = clock()
    passages = _cited_passages(opened.snapshot, encoded, hits)
    return AskResponse(
        request_id=request_id,
        question=question.text,
        status="retrieved",
        answer=None,
        abstention=None,
        passages=passages,
        snapshot=opened.describe(),
        timings_ms=TimingsModel(
            encode=_ms(encoded.encoded_at - encoded.asked_at),
            search=_ms(searched - started),
            read=0.0,
            total=_ms(clock() - encoded.asked_at),
        ),
    )


def _cited_passages(
    snapshot: Snapshot, encoded: EncodedQuestion, hits: Sequence[Hit]
) -> list[PassageModel]:
    passages = [snapshot.passage(hit.row) for hit in hits]
    evidence = select_evidence([_sentences(snapshot, encoded, p) for p in passages])
    return [
        _cited_passage(snapshot, passage, hit, chosen, rank)
        for rank, (passage, hit, chosen) in enumerate(
            zip(passages, hits, evidence, strict=True), start=1
        )
    ]


def _sentences(
    snapshot: Snapshot, encoded: EncodedQuestion, passage: StoredPassage
) -> list[Sentence]:
    text = snapshot.text(passage.document_row)
    coverage = snapshot.lexical.sentence_coverage(encoded.question.text, passage.row)
    cosines = snapshot.sentence_cosines(passage, encoded.vector)
    return [
        Sentence(
            coverage=float(share),
            cosine=float(cosine),
            characters=span.end - span.start,
            # Markdown keeps the marks of a heading in its text, other formats have none.
            is_heading=span.of(text).strip("#*_ \t\n") in passage.section,
        )
        for span, share, cosine in zip(passage.sentences, coverage, cosines, strict=True)
    ]


def _cited_passage(
    snapshot: Snapshot, passage: StoredPassage, hit: Hit, evidence: Evidence, rank: int
) -> PassageModel:
    first, last = passage.sentences[evidence.run.start], passage.sentences[evidence.run.stop - 1]
    cited, start = Span(first.start, last.end), passage.span.start
    return PassageModel(
        rank=rank,
        passage_id=passage.passage_id,
        text=passage.span.of(snapshot.text(passage.document_row)),
        span=SpanModel(start=start, end=passage.span.end),
        scores=ScoresModel(dense=hit.dense, lexical=hit.lexical, fused=hit.fused, relevance=None),
        highlights=[
            HighlightModel(start=cited.start - start, end=cited.end - start, kind=evidence.kind)
        ],
        citation=cite(snapshot, passage, cited, f"c{rank}"),
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
