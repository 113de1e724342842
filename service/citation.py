"""A span of a passage → a citation, and an answer in it: re-read from the canonical text before
they leave here.
"""

from __future__ import annotations

from index.places import cells
from index.records import Span, digest
from index.snapshot import DocumentEntry, Snapshot, StoredPassage
from service.errors import CitationMismatch
from service.schemas.citation import (
    CitationModel,
    DocumentModel,
    LinesModel,
    LinksModel,
    QuoteModel,
    SpanModel,
)
from service.schemas.requests import CONTEXT


def cite(snapshot: Snapshot, passage: StoredPassage, span: Span, citation_id: str) -> CitationModel:
    """The citation of a span (code points of the canonical text) that lies in a passage.

    Offsets in UTF-16 units, bytes and lines come from the passage's stored start and are
    counted on inside the passage only. Raises CitationMismatch rather than cite wrongly.
    """
    if not passage.span.start <= span.start < span.end <= passage.span.end:
        raise CitationMismatch(f"{span} is empty or outside its passage {passage.span}")
    entry = snapshot.documents[passage.document_row]
    text = snapshot.text(passage.document_row)
    before = text[passage.span.start : span.start]
    exact = passage.span.of(text)[span.start - passage.span.start :][: span.end - span.start]
    utf16_start = passage.utf16_start + utf16_length(before)
    byte_start = passage.byte_start + len(before.encode())
    first_line = passage.first_line + before.count("\n")
    at = snapshot.places.of(passage.document_row, span)
    citation = CitationModel(
        id=citation_id,
        document=describe(entry),
        span=SpanModel(start=span.start, end=span.end),
        utf16=SpanModel(start=utf16_start, end=utf16_start + utf16_length(exact)),
        bytes=SpanModel(start=byte_start, end=byte_start + len(exact.encode())),
        # A line end that closes the quote belongs to the line it ends.
        lines=LinesModel(start=first_line, end=first_line + exact[:-1].count("\n")),
        page=(at and at[0].page) or None,
        page_label=(at and at[0].page and at[0].label) or None,
        cells=at and cells(*at),
        section=list(passage.section),
        quote=QuoteModel(
            exact=exact,
            prefix=text[max(0, span.start - CONTEXT) : span.start],
            suffix=text[span.end : span.end + CONTEXT],
            sha256=digest(exact),
        ),
        links=_links(entry, span),
    )
    if faults := quote_faults(citation, text):
        raise CitationMismatch(f"{entry.uri} {span}: {'; '.join(faults)}")
    return citation


def describe(entry: DocumentEntry) -> DocumentModel:
    """A document as replies name it."""
    return DocumentModel(
        doc_id=entry.doc_id,
        title=entry.title,
        uri=entry.uri,
        media_type=entry.media_type,
        source_sha256=entry.source_sha256,
        text_sha256=entry.text_sha256,
        metadata=dict(entry.metadata),
    )


def quote_faults(citation: CitationModel, text: str) -> list[str]:
    """What in a citation's quote disagrees with the canonical text; empty when all agrees.

    The other units are held to the whole text by ``service.evaluation.verification``, which
    owes nothing to this file.
    """
    span, quote = citation.span, citation.quote
    checks = {
        "the quote is not what stands at its span": text[span.start : span.end] == quote.exact,
        "the quote is empty": bool(quote.exact),
        "the sha256 is not the quote's": digest(quote.exact) == quote.sha256,
        "the prefix is not what stands before": (
            text[max(0, span.start - CONTEXT) : span.start] == quote.prefix
        ),
        "the suffix is not what stands after": text[span.end : span.end + CONTEXT] == quote.suffix,
    }
    return [fault for fault, holds in checks.items() if not holds]


def checked_answer(words: str, span: Span, citation: CitationModel, text: str) -> Span:
    """The span (code points of the canonical text) of an answer that its citation holds.

    Raises CitationMismatch rather than answer wrongly.
    """
    checks = {
        "the answer is empty": bool(words),
        "the answer is not what stands at its span": span.of(text) == words,
        "the answer is outside its citation": (
            citation.span.start <= span.start and span.end <= citation.span.end
        ),
    }
    if faults := [fault for fault, holds in checks.items() if not holds]:
        raise CitationMismatch(f"{citation.document.uri} {span}: {'; '.join(faults)}")
    return span


def utf16_length(text: str) -> int:
    """UTF-16 code units of a text: one a character, two beyond U+FFFF.

    >>> utf16_length("a😀")
    3
    """
    return len(text.encode("utf-16-le")) // 2


def _links(entry: DocumentEntry, span: Span) -> LinksModel:
    return LinksModel(
        text=f"/v1/documents/{entry.doc_id}/text",
        view=f"/documents/{entry.doc_id}#char={span.start},{span.end}",
    )
