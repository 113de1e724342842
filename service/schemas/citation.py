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


# Of a document that is no longer than the quote and its context, so that it can be re-checked.
CITATION_EXAMPLE: dict[str, Any] = {
    "id": "c1",
    "document": {
        "doc_id": "72f2daeb11b08973",
        "title": "Drills",
        "uri": "drills.md",
        "media_type": "text/markdown",
        "source_sha256": "035fc381249ce7a3fc787d0be26c620fa4423995afbf685b36474a85b4268ac8",
        "text_sha256": "035fc381249ce7a3fc787d0be26c620fa4423995afbf685b36474a85b4268ac8",
        "metadata": {},
    },
    "span": {"start": 26, "end": 67},
    "utf16": {"start": 26, "end": 67},
    "bytes": {"start": 26, "end": 67},
    "lines": {"start": 5, "end": 5},
    "page": None,
    "page_label": None,
    "cells": None,
    "section": ["Drills", "Deployments"],
    "quote": {
        "exact": "About 1,700 soldiers were sent to Poland.",
        "prefix": "# Drills\n\n## Deployments\n\n",
        "suffix": " Others stayed.\n",
        "sha256": "2c3585a580681e64ba7489aa0b3828dc8a88c2a5e7dc5f8fb7d6424751de9d15",
    },
    "links": {
        "text": "/v1/documents/72f2daeb11b08973/text",
        "view": "/documents/72f2daeb11b08973#char=26,67",
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
    page: int | None = Field(
        description="The page (or slide) the quote begins on, counted from 1; null for formats "
        "without pages."
    )
    page_label: str | None = Field(
        description="What the document itself calls that page (`iv`), where it names its pages."
    )
    cells: str | None = Field(
        description="In a sheet or table file, the cells of the rows quoted: `Costs!A5:F7`."
    )
    section: list[str] = Field(description="The headings above, outermost first.")
    quote: QuoteModel
    links: LinksModel
