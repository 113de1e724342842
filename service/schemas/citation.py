"""A citation: what is quoted, from which document, and where, in every unit a reader may need."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class SpanModel(BaseModel):
    """`[start, end)`, counted from 0; the unit is said where it is used."""

    model_config = ConfigDict(frozen=True, title="Span")

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class LinesModel(BaseModel):
    """First and last line, counted from 1, both included."""

    model_config = ConfigDict(frozen=True, title="Lines")

    start: int = Field(ge=1)
    end: int = Field(ge=1)


class DocumentModel(BaseModel):
    """A document of the snapshot."""

    model_config = ConfigDict(frozen=True, title="Document")

    doc_id: str = Field(description="Stable while the file keeps its place in the folder.")
    title: str
    uri: str = Field(description="Path relative to the folder that was built, with `/`.")
    media_type: str
    source_sha256: str = Field(description="Of the file's bytes.")
    text_sha256: str = Field(description="Of the canonical text's UTF-8 bytes.")
    metadata: dict[str, Any] = Field(description="Front matter, path and dates; filters use it.")


class QuoteModel(BaseModel):
    """The quoted words and up to 32 characters either side (W3C TextQuoteSelector)."""

    model_config = ConfigDict(frozen=True, title="Quote")

    exact: str
    prefix: str
    suffix: str
    sha256: str = Field(description="Of the UTF-8 bytes of `exact`.")


class LinksModel(BaseModel):
    model_config = ConfigDict(frozen=True, title="Links")

    text: str = Field(description="The document's canonical text.")
    view: str = Field(description="The document opened at the quote (RFC 5147 fragment).")


CITATION_EXAMPLE: dict[str, Any] = {
    "id": "c1",
    "document": {
        "doc_id": "5f7c1c2ab0d14b7e",
        "title": "Drills and deployments",
        "uri": "drills.md",
        "media_type": "text/markdown",
        "source_sha256": "9b74c9897bac770ffc029102a200c5de1a3a3a1f9d1c0e0f4d6a5b7c8d9e0f1a",
        "text_sha256": "9b74c9897bac770ffc029102a200c5de1a3a3a1f9d1c0e0f4d6a5b7c8d9e0f1a",
        "metadata": {"date": "2022-02-06"},
    },
    "span": {"start": 11, "end": 51},
    "utf16": {"start": 11, "end": 51},
    "bytes": {"start": 11, "end": 51},
    "lines": {"start": 3, "end": 3},
    "page": None,
    "section": ["Deployments"],
    "quote": {
        "exact": "About 1,700 soldiers were sent to Poland",
        "prefix": "# Drills\n\n\n",
        "suffix": ".\n",
        "sha256": "7f0c8ad4b1b7b3f8f7c6e1d2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6",
    },
    "links": {
        "text": "/v1/documents/5f7c1c2ab0d14b7e/text",
        "view": "/documents/5f7c1c2ab0d14b7e#char=11,51",
    },
}


class CitationModel(BaseModel):
    """Evidence and where it stands. `text[span.start:span.end] == quote.exact`, always."""

    model_config = ConfigDict(
        frozen=True, title="Citation", json_schema_extra={"examples": [CITATION_EXAMPLE]}
    )

    id: str = Field(description="Names the citation within this reply.")
    document: DocumentModel
    span: SpanModel = Field(description="In Unicode code points of the canonical text.")
    utf16: SpanModel = Field(description="In UTF-16 code units of it, as JavaScript counts.")
    bytes: SpanModel = Field(description="In bytes of its UTF-8 form.")
    lines: LinesModel
    page: int | None = Field(description="For formats with pages, counted from 1; else null.")
    section: list[str] = Field(description="The headings above, outermost first.")
    quote: QuoteModel
    links: LinksModel
