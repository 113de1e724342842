"""The documents of the snapshot: listed, described, and their canonical text."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from index.snapshot import DocumentEntry, Snapshot
from service.answerer import OpenSnapshot
from service.citation import describe
from service.errors import DocumentNotFound, FieldFault, InvalidRequest
from service.openapi import DOCUMENTED, SERVING, problems
from service.routes.dependencies import OneSnapshot, RunningService
from service.routes.etags import holds
from service.schemas.library import DocumentDetail, DocumentLinks, DocumentPage
from service.schemas.requests import DOCUMENTS_PER_PAGE

SNAPSHOT_HEADER = "Quoth-Snapshot"
_CURSOR = "after:"

_TEXT_HEADERS = {
    "ETag": {"description": "The text_sha256.", "schema": {"type": "string"}},
    SNAPSHOT_HEADER: {"description": "The snapshot's version.", "schema": {"type": "string"}},
}

router = APIRouter(tags=["documents"])


class PageQuery(BaseModel):
    """Which page of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(default=50, ge=1, le=DOCUMENTS_PER_PAGE, description="Documents a page.")
    cursor: str | None = Field(
        default=None, description="`next_cursor` of the page before; opaque."
    )


class TextQuery(BaseModel):
    """Which part of the text, in code points; all of it where left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: int = Field(default=0, ge=0, description="First code point.")
    end: int | None = Field(default=None, ge=0, description="One past the last code point.")


@router.get(
    "/v1/documents",
    operation_id="list_documents",
    summary="List the documents",
    responses=problems(*DOCUMENTED, "invalid-request", *SERVING),
)
async def list_documents(
    page: Annotated[PageQuery, Query()], service: RunningService, opened: OneSnapshot
) -> DocumentPage:
    """Returns documents in the order of their uri.

    A cursor stands for the place after one uri, so it stays good when a new snapshot is
    published between two pages; `snapshot` says which one a page is of.
    """
    return await service.work(_page, opened, page.limit, page.cursor)


@router.get(
    "/v1/documents/{doc_id}",
    operation_id="get_document",
    summary="Describe a document",
    responses=problems(*DOCUMENTED, "not-found", *SERVING),
)
async def get_document(doc_id: str, opened: OneSnapshot) -> DocumentDetail:
    """Returns the document's title, place, hashes and metadata."""
    return _detail(_find(opened.snapshot, doc_id)[1])


@router.get(
    "/v1/documents/{doc_id}/text",
    operation_id="get_document_text",
    summary="Read a document's canonical text",
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "The text, or the part asked for, in UTF-8.",
            "content": {"text/plain": {"example": "# Drills\n\nAbout 1,700 soldiers ..."}},
            "headers": _TEXT_HEADERS,
        },
        304: {
            "description": "The text is the one of If-None-Match.",
            "headers": _TEXT_HEADERS,
        },
        **problems(*DOCUMENTED, "not-found", "invalid-request", *SERVING),
    },
)
async def get_document_text(
    doc_id: str,
    part: Annotated[TextQuery, Query()],
    service: RunningService,
    opened: OneSnapshot,
    if_none_match: Annotated[
        str,
        Header(
            alias="If-None-Match",
            description="Tags of texts at hand; where one is the text's, 304.",
        ),
    ] = "",
) -> Response:
    """Returns the text every offset points into; `start` and `end` cut it as a span does."""
    row, entry = _find(opened.snapshot, doc_id)
    end = entry.characters if part.end is None else part.end
    _check_part(part.start, end, entry.characters)
    headers = {
        "ETag": f'"{entry.text_sha256}"',
        "Cache-Control": "private, no-cache",
        SNAPSHOT_HEADER: opened.snapshot.version,
    }
    if holds(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    data = await service.work(lambda: opened.snapshot.text(row)[part.start : end].encode())
    return PlainTextResponse(data, headers=headers)


def _page(opened: OpenSnapshot, limit: int, cursor: str | None) -> DocumentPage:
    documents = opened.snapshot.documents
    first = 0 if cursor is None else bisect_right(documents, _uri_of(cursor), key=_by_uri)
    shown = documents[first : first + limit]
    more = first + limit < len(documents)
    return DocumentPage(
        documents=[_detail(entry) for entry in shown],
        next_cursor=_cursor_after(shown[-1].uri) if more else None,
        total=len(documents),
        snapshot=opened.describe(),
    )


def _by_uri(entry: DocumentEntry) -> str:
    return entry.uri


def _cursor_after(uri: str) -> str:
    return base64.urlsafe_b64encode((_CURSOR + uri).encode()).decode()


def _uri_of(cursor: str) -> str:
    """The uri a cursor stands after. Raises InvalidRequest for what was never a cursor."""
    try:
        text = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith(_CURSOR):
        detail = "This is no cursor; take next_cursor of the page before, or leave it out"
        raise InvalidRequest(FieldFault("query", "#/cursor", detail))
    return text.removeprefix(_CURSOR)


def _find(snapshot: Snapshot, doc_id: str) -> tuple[int, DocumentEntry]:
    row = snapshot.document_row(doc_id)
    if row is None:
        raise DocumentNotFound(doc_id)
    return row, snapshot.documents[row]


def _detail(entry: DocumentEntry) -> DocumentDetail:
    return DocumentDetail(
        **describe(entry).model_dump(),
        characters=entry.characters,
        passages=len(entry.passages),
        links=DocumentLinks(text=f"/v1/documents/{entry.doc_id}/text"),
    )


def _check_part(start: int, end: int, characters: int) -> None:
    if end > characters:
        detail = f"{end} is beyond the text, which has {characters} characters"
        raise InvalidRequest(FieldFault("query", "#/end", detail))
    if start > end:
        raise InvalidRequest(FieldFault("query", "#/start", f"{start} is beyond the end, {end}"))
