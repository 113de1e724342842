"""The reply to a question: passages best first, each with its citation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.schemas.citation import CITATION_EXAMPLE, CitationModel, SpanModel
from service.schemas.problem import ProblemModel


class AnswerModel(BaseModel):
    """A short answer read out of one passage."""

    model_config = ConfigDict(frozen=True, title="Answer")

    text: str
    confidence: float = Field(ge=0, le=1, description="Calibrated: the share that is right.")
    citation: str = Field(description="The `id` of the citation it stands in.")
    span: SpanModel = Field(description="In code points of the canonical text.")


class AbstentionModel(BaseModel):
    """Why no answer is given, though one was asked for."""

    model_config = ConfigDict(frozen=True, title="Abstention")

    reason: str
    message: str
    best_confidence: float
    threshold: float


class ScoresModel(BaseModel):
    """What each ranking says of the passage. Only `relevance` is a probability."""

    model_config = ConfigDict(frozen=True, title="Scores")

    dense: float = Field(description="Cosine of question and passage, -1 to 1.")
    lexical: float = Field(description="BM25; 0 where no term is shared.")
    fused: float = Field(description="Orders the passages; of no meaning across questions.")
    relevance: float | None = Field(description="The reader's; null where no reader is loaded.")


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
    """Milliseconds, waiting included."""

    model_config = ConfigDict(frozen=True, title="Timings")

    encode: float
    search: float
    read: float = Field(description="0 where no reader is loaded.")
    total: float


SNAPSHOT_EXAMPLE = {
    "version": "0ad0fb807e360d6f",
    "created_at": "2022-02-07T12:00:00Z",
    "encoder": "sentence-transformers/all-MiniLM-L6-v2",
    "documents": 1,
    "passages": 1,
}

ASK_RESPONSE_EXAMPLE: dict[str, Any] = {
    "request_id": "0b8f8f6f5d5c4b9c8d3c1f0e7a6b5c4d",
    "question": "how many US troops went to Poland?",
    "status": "retrieved",
    "answer": None,
    "abstention": None,
    "passages": [
        {
            "rank": 1,
            "passage_id": "0c13062b72ecc524",
            "text": "# Drills\n\n## Deployments\n\n"
            "About 1,700 soldiers were sent to Poland. Others stayed.",
            "span": {"start": 0, "end": 82},
            "scores": {"dense": 0.696, "lexical": 0.18, "fused": 0.366, "relevance": None},
            "highlights": [{"start": 26, "end": 67, "kind": "evidence"}],
            "citation": CITATION_EXAMPLE,
        }
    ],
    "snapshot": SNAPSHOT_EXAMPLE,
    "timings_ms": {"encode": 2.9, "search": 0.3, "read": 0.0, "total": 3.6},
}


class AskResponse(BaseModel):
    """Passages best first, always; an answer where a reader found one."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [ASK_RESPONSE_EXAMPLE]})

    request_id: str
    question: str = Field(description="As it was read: trimmed.")
    status: Literal["answered", "abstained", "retrieved"] = Field(
        description="`retrieved`: no answer was asked for, or no reader is loaded."
    )
    answer: AnswerModel | None
    abstention: AbstentionModel | None
    passages: list[PassageModel]
    snapshot: SnapshotModel
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
