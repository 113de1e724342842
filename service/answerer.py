"""The question's whole road: its vector → hits → readings → answer or none → citations → reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from index.filters import Filter, parse_filter
from index.records import Hit, Span
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.passages import ShownHit, cited_passages
from service.reader import Findings, read_in_time, retrieved_passages, unread
from service.reading.loading import LoadedReader, ReadingSettings
from service.schemas.answer import (
    AbstentionModel,
    AnswerModel,
    AskResponse,
    PassageModel,
    SnapshotModel,
    TimingsModel,
)
from service.verdict import abstention, answer_places, cited_answer, reading_model


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
    it had its vector, the wait for other questions included. ``nearest`` are the dense
    candidates of its search where they were found before, in ``nearest_seconds``.
    """

    question: Question
    vector: np.ndarray
    asked_at: float
    encoded_at: float
    nearest: np.ndarray | None = None
    nearest_seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class OpenSnapshot:
    """What one request answers from, first to last byte: a snapshot, its retriever, and the
    reader with its calibration, or None where passages are not read. Equal to itself alone.
    """

    snapshot: Snapshot
    retriever: Retriever
    reader: LoadedReader | None = None
    reading: ReadingSettings = field(default_factory=ReadingSettings)

    def threshold(self, searched: int) -> float:
        """The confidence from which on an answer found among so many passages is given; above
        all where nothing is read.
        """
        if self.reading.threshold is not None:
            return self.reading.threshold
        return self.reader.calibration.threshold(searched) if self.reader else 1.0

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
    others_wait: Callable[[], bool] = lambda: True,
) -> AskResponse:
    """The reply to one question; blocks, so it is called on a worker thread.

    The question is encoded before (``batching.py``), together with others that wait. With a
    reader, and where an answer is asked for, the nearest passages are read, put into a new
    order, and answer or do not: longer while not ``others_wait``. Raises CitationMismatch.
    """
    question, started = encoded.question, clock()
    reads = question.answer and opened.reader is not None
    hits, among = _search(encoded, opened, reads)
    found, threshold = clock(), opened.threshold(among)
    findings = unread(hits, question.top_k)
    if reads:
        findings = _read(question, opened, hits, among, clock, others_wait)
    finished = clock() if reads else found
    places = answer_places(findings, threshold)
    none = reads and not places
    shown = _shown(hits, findings, places)
    passages = cited_passages(opened.snapshot, encoded.vector, shown, abstained=none)
    return AskResponse(
        request_id=request_id,
        question=question.text,
        status="answered" if places else "abstained" if none else "retrieved",
        answer=_answer(hits, findings, places, passages, opened.snapshot) if places else None,
        abstention=_abstention(question, opened, hits, findings, threshold) if none else None,
        reading=reading_model(findings),
        passages=passages,
        snapshot=opened.describe(),
        cached=False,
        timings_ms=_timings(encoded, found - started, finished - found, clock()),
    )


def _search(encoded: EncodedQuestion, opened: OpenSnapshot, reads: bool) -> tuple[list[Hit], int]:
    """The hits, and among how many passages they were found: those that the filter leaves; where
    it leaves none, all, so that the threshold told is the one that /v1/index tells.
    """
    question, snapshot = encoded.question, opened.snapshot
    depth = max(question.top_k, opened.reading.depth) if reads else question.top_k
    rows = snapshot.allowed_rows(question.wanted)
    hits = opened.retriever.rank(question.text, encoded.vector, depth, rows, encoded.nearest)
    left = 0 if rows is None else int(rows.sum())
    return hits, left or snapshot.manifest.passages


def _abstention(
    question: Question,
    opened: OpenSnapshot,
    hits: Sequence[Hit],
    findings: Findings,
    threshold: float,
) -> AbstentionModel:
    return abstention(
        findings, threshold, question.text, _unknown_fields(question.wanted, opened.snapshot, hits)
    )


def _unknown_fields(wanted: Filter | None, snapshot: Snapshot, hits: Sequence[Hit]) -> list[str]:
    """The fields of a filter that leaves nothing which no document has."""
    if wanted is None or hits:
        return []
    return sorted(wanted.names.difference(*snapshot.documents.fields))


def _read(
    question: Question,
    opened: OpenSnapshot,
    hits: Sequence[Hit],
    searched: int,
    clock: Callable[[], float],
    others_wait: Callable[[], bool],
) -> Findings:
    return read_in_time(
        question.text,
        retrieved_passages(opened.snapshot, hits),
        opened.reader,
        opened.reading,
        question.top_k,
        searched,
        clock,
        others_wait,
    )


def _answer(
    hits: Sequence[Hit],
    findings: Findings,
    places: Mapping[int, Span],
    passages: Sequence[PassageModel],
    snapshot: Snapshot,
) -> AnswerModel:
    # By the row that is known: a document's id is looked for in all that are listed.
    row = snapshot.passage(hits[findings.best.passage].row).document_row
    return cited_answer(findings, places, passages, snapshot.text(row))


def _shown(hits: Sequence[Hit], findings: Findings, places: Mapping[int, Span]) -> list[ShownHit]:
    return [
        ShownHit(hits[at], findings.relevance[at], places.get(place))
        for place, at in enumerate(findings.order)
    ]


def _timings(
    encoded: EncodedQuestion, search: float, read: float, replied_at: float
) -> TimingsModel:
    return TimingsModel(
        wait=0,
        encode=_ms(encoded.encoded_at - encoded.asked_at),
        search=_ms(search + encoded.nearest_seconds),
        read=_ms(read),
        total=_ms(replied_at - encoded.asked_at),
    )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
