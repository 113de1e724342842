"""Replies about documents, checked citations, and whether the service lives."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.schemas.answer import SNAPSHOT_EXAMPLE, SnapshotModel
from service.schemas.citation import (
    CITATION_EXAMPLE,
    DocumentModel,
    LinesModel,
    SpanModel,
)

_DOCUMENT_EXAMPLE = {
    **CITATION_EXAMPLE["document"],
    "characters": 83,
    "passages": 1,
    "links": {"text": "/v1/documents/72f2daeb11b08973/text"},
}


class DocumentLinks(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: str = Field(description="The document's canonical text.")


class DocumentDetail(DocumentModel):
    """A document of the snapshot, its size and where its text is."""

    model_config = ConfigDict(
        frozen=True, title="DocumentDetail", json_schema_extra={"examples": [_DOCUMENT_EXAMPLE]}
    )

    characters: int = Field(ge=0, description="Code points of the canonical text.")
    passages: int = Field(ge=0)
    links: DocumentLinks


class DocumentPage(BaseModel):
    """Documents in the order of their uri's code points."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "documents": [_DOCUMENT_EXAMPLE],
                    "next_cursor": None,
                    "total": 1,
                    "snapshot": SNAPSHOT_EXAMPLE,
                }
            ]
        },
    )

    documents: list[DocumentDetail]
    next_cursor: str | None = Field(description="Ask for the next page with it; null at the end.")
    total: int = Field(ge=0, description="Documents in the snapshot.")
    snapshot: SnapshotModel


class PlaceModel(BaseModel):
    """Where a quote stands now."""

    model_config = ConfigDict(frozen=True, title="Place")

    doc_id: str
    uri: str
    span: SpanModel = Field(description="In code points of the canonical text.")
    utf16: SpanModel
    bytes: SpanModel
    lines: LinesModel


class Verdict(BaseModel):
    """What has become of one citation."""

    model_config = ConfigDict(frozen=True)

    status: Literal["valid", "moved", "changed", "gone"] = Field(
        description="`valid`: the quote stands where it was cited. `moved`: it stands elsewhere, "
        "in this document or another. `changed`: the document is there, the quote is not. "
        "`gone`: neither is."
    )
    place: PlaceModel | None = Field(description="Where the quote stands now, if it does.")
    detail: str


class VerifyResponse(BaseModel):
    """One verdict for each citation, in their order, all from one snapshot."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "request_id": "0b8f8f6f5d5c4b9c8d3c1f0e7a6b5c4d",
                    "results": [
                        {
                            "status": "moved",
                            "place": {
                                "doc_id": "72f2daeb11b08973",
                                "uri": "drills.md",
                                "span": {"start": 26, "end": 37},
                                "utf16": {"start": 26, "end": 37},
                                "bytes": {"start": 26, "end": 37},
                                "lines": {"start": 5, "end": 5},
                            },
                            "detail": "The quote now starts at 26 of drills.md; it was cited at "
                            "11.",
                        }
                    ],
                    "snapshot": SNAPSHOT_EXAMPLE,
                }
            ]
        },
    )

    request_id: str
    results: list[Verdict]
    snapshot: SnapshotModel


class Health(BaseModel):
    """The service lives; for readiness, the snapshot it answers from."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"]
    snapshot: str | None = Field(default=None, description="The version that serves.")
