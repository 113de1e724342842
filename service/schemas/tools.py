"""What goes in and out of the MCP tools: the API's replies, cut down to what a model reads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.schemas.answer import AbstentionModel, AnswerModel, ReadingModel
from service.schemas.citation import LinesModel, SpanModel
from service.schemas.requests import Question, TextQuery, TopK

# Characters of one reading: some four thousand tokens of English.
READ_CHARACTERS = 16_000


class AskArguments(BaseModel):
    """A question for the documents."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    question: Question
    top_k: TopK = None
    filter: dict[str, Any] | None = Field(
        default=None,
        description="Only documents this holds for, such as "
        '`{"op": "prefix", "field": "uri", "value": "reports/"}`; `eq`, `in`, `range`, `prefix`, '
        "`and`, `or`, `not` over what list_documents shows of a document.",
    )


class ReadArguments(TextQuery):
    """Which part of which document."""

    doc_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        description="As ask and list_documents give it."
    )


class EvidenceModel(BaseModel):
    """A quote, word for word, and where it stands."""

    model_config = ConfigDict(frozen=True, title="Evidence")

    id: str = Field(description="Names the quote within this reply.")
    kind: Literal["evidence", "related"] = Field(
        description="`evidence` bears on the question; `related` is the nearest of a passage that "
        "holds less of it."
    )
    quote: str
    passage: str = Field(description="The passage the quote stands in.")
    title: str
    uri: str
    section: list[str]
    page: int | None
    page_label: str | None
    cells: str | None
    lines: LinesModel
    doc_id: str
    span: SpanModel = Field(description="The quote, in code points of the document's text.")
    passage_span: SpanModel = Field(description="The passage, likewise; read_document takes it.")
    sha256: str = Field(description="Of the quote.")
    text_sha256: str = Field(description="Of the document's text.")
    view: str | None = Field(description="A link that shows a person the quote in its document.")


class AskResult(BaseModel):
    """An answer quoted from the documents, or that they do not say; the evidence best first."""

    model_config = ConfigDict(frozen=True)

    status: Literal["answered", "abstained", "retrieved"]
    answer: AnswerModel | None = Field(description="Null where the documents do not say.")
    abstention: AbstentionModel | None
    reading: ReadingModel | None
    evidence: list[EvidenceModel]
    snapshot: str = Field(description="The version of the index it comes from.")


class ListedDocument(BaseModel):
    model_config = ConfigDict(frozen=True)

    doc_id: str
    title: str
    uri: str
    media_type: str
    characters: int
    text_sha256: str
    metadata: dict[str, Any]


class ListResult(BaseModel):
    """Documents in the order of their uri."""

    model_config = ConfigDict(frozen=True)

    documents: list[ListedDocument]
    next_cursor: str | None = Field(description="Ask for more with it; null at the end.")
    total: int
    snapshot: str


class ReadResult(BaseModel):
    """A part of a document's text."""

    model_config = ConfigDict(frozen=True)

    document: ListedDocument
    text: str
    span: SpanModel = Field(description="The part, in code points of the document's text.")
    next_start: int | None = Field(
        description=f"A reading ends after {READ_CHARACTERS} characters; go on with this as "
        "`start`. Null where all that was asked for is here."
    )
    snapshot: str
