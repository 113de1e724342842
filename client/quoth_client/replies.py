"""What the service replies. Each field is described in its ``/openapi.json``.

A field that a later service adds is passed over.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class Span(_Reply):
    """``[start, end)``, in Unicode code points of a document's text unless said otherwise."""

    start: int
    end: int


class Lines(_Reply):
    """First and last line, counted from 1, both included."""

    start: int
    end: int


class Document(_Reply):
    doc_id: str
    title: str
    uri: str
    media_type: str
    source_sha256: str
    text_sha256: str
    metadata: dict[str, Any]


class DocumentLinks(_Reply):
    text: str


class DocumentDetail(Document):
    characters: int
    passages: int
    links: DocumentLinks


class Quote(_Reply):
    """The quoted words, and up to 32 characters either side."""

    exact: str
    prefix: str
    suffix: str
    sha256: str


class Links(_Reply):
    text: str
    view: str


class Citation(_Reply):
    """``text[span.start:span.end] == quote.exact``; ``check`` says whether it is so."""

    id: str
    document: Document
    span: Span
    utf16: Span
    bytes: Span
    lines: Lines
    page: int | None
    page_label: str | None
    cells: str | None
    section: list[str]
    quote: Quote
    links: Links


class Answer(_Reply):
    """The document's own words, and of answers this sure the share that is right."""

    text: str
    confidence: float
    citation: str
    span: Span
    also: list[str]


class Abstention(_Reply):
    reason: Literal["not_stated", "nothing_found", "question_too_long"]
    message: str
    best_confidence: float
    threshold: float


class Reading(_Reply):
    passages_read: int
    passages_to_read: int
    complete: bool


class Scores(_Reply):
    dense: float
    lexical: float
    fused: float
    relevance: float | None


class Highlight(_Reply):
    """In code points of the passage's own text."""

    start: int
    end: int
    kind: Literal["evidence", "related", "answer"]


class Passage(_Reply):
    rank: int
    passage_id: str
    text: str
    span: Span
    scores: Scores
    highlights: list[Highlight]
    citation: Citation


class Snapshot(_Reply):
    version: str
    created_at: str
    encoder: str
    documents: int
    passages: int


class Timings(_Reply):
    """Milliseconds."""

    wait: float
    encode: float
    search: float
    read: float
    total: float


class Reply(_Reply):
    """Passages best first; an answer where ``status`` is ``answered``, an abstention where it is
    ``abstained``.
    """

    request_id: str
    question: str
    status: Literal["answered", "abstained", "retrieved"]
    answer: Answer | None
    abstention: Abstention | None
    reading: Reading | None
    passages: list[Passage]
    snapshot: Snapshot
    cached: bool
    timings_ms: Timings

    @property
    def citations(self) -> list[Citation]:
        """One of each passage, best first."""
        return [passage.citation for passage in self.passages]

    @property
    def cited(self) -> Citation | None:
        """The citation that the answer stands in; None without an answer."""
        if self.answer is None:
            return None
        return next(one for one in self.citations if one.id == self.answer.citation)


class Fault(_Reply):
    """One faulty field of a request."""

    location: str
    pointer: str
    detail: str


class ProblemDetails(_Reply):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[Fault] | None = None


class BatchResult(_Reply):
    reply: Reply | None
    problem: ProblemDetails | None


class BatchReply(_Reply):
    request_id: str
    results: list[BatchResult]
    snapshot: Snapshot


class DocumentPage(_Reply):
    documents: list[DocumentDetail]
    next_cursor: str | None
    total: int
    snapshot: Snapshot


class Place(_Reply):
    doc_id: str
    uri: str
    span: Span
    utf16: Span
    bytes: Span
    lines: Lines


class Verdict(_Reply):
    """What has become of a citation, and where its quote stands now."""

    status: Literal["valid", "moved", "changed", "gone"]
    place: Place | None
    detail: str


class Verdicts(_Reply):
    request_id: str
    results: list[Verdict]
    snapshot: Snapshot
