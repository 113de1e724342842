"""The reply to a question: passages best first, each with its citation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.schemas.citation import CITATION_EXAMPLE, CitationModel, SpanModel
from service.schemas.problem import ProblemModel


class AnswerModel(BaseModel):
    """A short answer read out of one passage."""

    model_config = ConfigDict(frozen=True, title="Answer")

    text: str = Field(description="The document's own words: `text[span.start:span.end]`.")
    confidence: float = Field(
        ge=0, le=1, description="Calibrated: of answers this sure, the share that is right."
    )
    citation: str = Field(description="The `id` of the citation it stands in.")
    span: SpanModel = Field(description="In code points of the canonical text.")
    also: list[str] = Field(
        description="The `id`s of the citations of other passages here that give the same answer."
    )


class AbstentionModel(BaseModel):
    """Why no answer is given, though one was asked for."""

    model_config = ConfigDict(frozen=True, title="Abstention")

    reason: Literal["not_stated", "nothing_found", "question_too_long"] = Field(
        description="`not_stated`: the nearest passages were read, and no answer in them is sure "
        "enough. `nothing_found`: no passage matches. `question_too_long`: it leaves no room for "
        "a passage to be read beside it."
    )
    message: str = Field(description="The reason in a sentence.")
    best_confidence: float = Field(
        ge=0, le=1, description="Of the best answer in the passages that were read; 0 if none."
    )
    threshold: float = Field(
        ge=0, le=1, description="The confidence from which on an answer is given."
    )


class ReadingModel(BaseModel):
    """How much was read for the answer: what the time did not allow is said."""

    model_config = ConfigDict(frozen=True, title="Reading")

    passages_read: int = Field(ge=0)
    passages_to_read: int = Field(ge=1)
    complete: bool = Field(
        description="False where `QUOTH_READ_BUDGET_MS` was spent before all were read, or the "
        "question was too long."
    )


class ScoresModel(BaseModel):
    """What each ranking says of the passage; none of it is a calibrated probability."""

    model_config = ConfigDict(frozen=True, title="Scores")

    dense: float = Field(description="Cosine of question and passage, -1 to 1.")
    lexical: float = Field(description="BM25; 0 where no term is shared.")
    fused: float = Field(description="Orders what is retrieved; of no meaning across questions.")
    relevance: float | None = Field(
        description="The reader's, 0 to 1; passages that were read are ordered by it together "
        "with `fused`. Null where the passage was not read."
    )


class HighlightModel(BaseModel):
    """A stretch of the passage to mark, in code points of the passage's `text`."""

    model_config = ConfigDict(frozen=True, title="Highlight")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    kind: Literal["evidence", "related", "answer"] = Field(
        description="`evidence`: the sentences that bear on the question; `related`: the nearest "
        "ones of a passage that holds less of it than others do; `answer`: the words that answer."
    )


class PassageModel(BaseModel):
    """A retrieved passage, with the sentences in it that bear on the question cited."""

    model_config = ConfigDict(frozen=True, title="Passage")

    rank: int = Field(ge=1)
    passage_id: str
    text: str
    span: SpanModel = Field(description="In code points of the document's canonical text.")
    scores: ScoresModel
    highlights: list[HighlightModel]
    citation: CitationModel


class SnapshotModel(BaseModel):
    """The one snapshot the whole reply was made from."""

    model_config = ConfigDict(frozen=True, title="Snapshot")

    version: str
    created_at: str = Field(description="ISO 8601, UTC.")
    encoder: str
    documents: int
    passages: int


class TimingsModel(BaseModel):
    """Milliseconds of this request; where it is `cached`, all but `total` are 0."""

    model_config = ConfigDict(frozen=True, title="Timings")

    wait: float = Field(description="Before its turn came.")
    encode: float = Field(description="The wait for questions encoded before it included.")
    search: float
    read: float = Field(description="0 where nothing was read.")
    total: float


SNAPSHOT_EXAMPLE = {
    "version": "0ad0fb807e360d6f",
    "created_at": "2022-02-07T12:00:00Z",
    "encoder": "sentence-transformers/all-MiniLM-L6-v2",
    "documents": 1,
    "passages": 1,
}

_PASSAGE_EXAMPLE: dict[str, Any] = {
    "rank": 1,
    "passage_id": "0c13062b72ecc524",
    "text": "# Drills\n\n## Deployments\n\n"
    "About 1,700 soldiers were sent to Poland. Others stayed.",
    "span": {"start": 0, "end": 82},
    "scores": {"dense": 0.696, "lexical": 0.18, "fused": 0.366, "relevance": 0.97},
    "highlights": [
        {"start": 26, "end": 67, "kind": "evidence"},
        {"start": 26, "end": 37, "kind": "answer"},
    ],
    "citation": CITATION_EXAMPLE,
}

ASK_RESPONSE_EXAMPLE: dict[str, Any] = {
    "request_id": "0b8f8f6f5d5c4b9c8d3c1f0e7a6b5c4d",
    "question": "how many US troops went to Poland?",
    "status": "answered",
    "answer": {
        "text": "About 1,700",
        "confidence": 0.94,
        "citation": "c1",
        "span": {"start": 26, "end": 37},
        "also": [],
    },
    "abstention": None,
    "reading": {"passages_read": 1, "passages_to_read": 1, "complete": True},
    "passages": [_PASSAGE_EXAMPLE],
    "snapshot": SNAPSHOT_EXAMPLE,
    "cached": False,
    "timings_ms": {"wait": 0.1, "encode": 2.9, "search": 0.3, "read": 9.1, "total": 12.8},
}

ABSTAINED_EXAMPLE: dict[str, Any] = {
    **ASK_RESPONSE_EXAMPLE,
    "question": "how many Chinese soldiers were sent to Poland?",
    "status": "abstained",
    "answer": None,
    "abstention": {
        "reason": "not_stated",
        "message": "No answer in the nearest passage is sure enough: the best has a confidence "
        "of 12 %, and 50 % is needed.",
        "best_confidence": 0.12,
        "threshold": 0.5,
    },
    "passages": [
        {
            **_PASSAGE_EXAMPLE,
            "scores": {"dense": 0.631, "lexical": 0.18, "fused": 0.341, "relevance": 0.41},
            "highlights": [{"start": 26, "end": 67, "kind": "related"}],
        }
    ],
}


class AskResponse(BaseModel):
    """Passages best first, always; an answer where a reader found one that is sure enough."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [ASK_RESPONSE_EXAMPLE, ABSTAINED_EXAMPLE]}
    )

    request_id: str
    question: str = Field(description="As it was read: trimmed.")
    status: Literal["answered", "abstained", "retrieved"] = Field(
        description="`answered`: the passages hold an answer that is sure enough. `abstained`: "
        "they were read, and do not. `retrieved`: no answer was asked for, or no reader is loaded."
    )
    answer: AnswerModel | None = Field(description="Where it is answered; else null.")
    abstention: AbstentionModel | None = Field(description="Where it abstains; else null.")
    reading: ReadingModel | None = Field(description="Null where nothing was to be read.")
    passages: list[PassageModel]
    snapshot: SnapshotModel
    cached: bool = Field(
        description="Whether it was found for another request that asked the same of this "
        "snapshot, before or at the same time."
    )
    timings_ms: TimingsModel


class BatchResult(BaseModel):
    """One question of a batch: its reply or its problem; the other is null."""

    model_config = ConfigDict(frozen=True)

    reply: AskResponse | None
    problem: ProblemModel | None


class BatchResponse(BaseModel):
    """One result for each question, in their order, all from one snapshot."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "request_id": "0b8f8f6f5d5c4b9c8d3c1f0e7a6b5c4d",
                    "results": [{"reply": ASK_RESPONSE_EXAMPLE, "problem": None}],
                    "snapshot": SNAPSHOT_EXAMPLE,
                }
            ]
        },
    )

    request_id: str
    results: list[BatchResult]
    snapshot: SnapshotModel
