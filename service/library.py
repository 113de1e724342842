"""What is in the snapshot, for those who list and read it: a page of documents, one, its text."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right

from index.records import Span
from index.snapshot import DocumentEntry, Snapshot
from service.answerer import OpenSnapshot
from service.citation import describe
from service.errors import DocumentNotFound, FieldFault, InvalidRequest
from service.schemas.library import DocumentDetail, DocumentLinks, DocumentPage
from service.schemas.requests import TextQuery

_CURSOR = "after:"


def document_page(opened: OpenSnapshot, limit: int, cursor: str | None) -> DocumentPage:
    """Documents in the order of their uri, from the one after the cursor's on.

    Raises InvalidRequest for what was never a cursor.
    """
    documents = opened.snapshot.documents
    first = 0 if cursor is None else bisect_right(documents, _uri_of(cursor), key=_by_uri)
    shown = documents[first : first + limit]
    more = first + limit < len(documents)
    return DocumentPage(
        documents=[describe_document(entry) for entry in shown],
        next_cursor=_cursor_after(shown[-1].uri) if more else None,
        total=len(documents),
        snapshot=opened.describe(),
    )


def find_document(snapshot: Snapshot, doc_id: str) -> tuple[int, DocumentEntry]:
    """The document's row and entry. Raises DocumentNotFound."""
    row = snapshot.document_row(doc_id)
    if row is None:
        raise DocumentNotFound(doc_id)
    return row, snapshot.documents[row]


def describe_document(entry: DocumentEntry) -> DocumentDetail:
    return DocumentDetail(
        **describe(entry).model_dump(),
        characters=entry.characters,
        passages=len(entry.passages),
        links=DocumentLinks(text=f"/v1/documents/{entry.doc_id}/text"),
    )


def part_of_text(part: TextQuery, entry: DocumentEntry, where: str) -> Span:
    """The part that is asked for, in code points; to the end where no end is given.

    ``where`` says which part of the request holds it. Raises InvalidRequest for one that is
    not within the text.
    """
    end = entry.characters if part.end is None else part.end
    if end > entry.characters:
        detail = f"{end} is beyond the text, which has {entry.characters} characters"
        raise InvalidRequest(FieldFault(where, "#/end", detail))
    if part.start > end:
        detail = f"{part.start} is beyond the end, {end}"
        raise InvalidRequest(FieldFault(where, "#/start", detail))
    return Span(part.start, end)


def _by_uri(entry: DocumentEntry) -> str:
    return entry.uri


def _cursor_after(uri: str) -> str:
    return base64.urlsafe_b64encode((_CURSOR + uri).encode()).decode()


def _uri_of(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith(_CURSOR):
        detail = "This is no cursor; take next_cursor of the page before, or leave it out"
        raise InvalidRequest(FieldFault("query", "#/cursor", detail))
    return text.removeprefix(_CURSOR)
