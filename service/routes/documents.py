"""The documents of the snapshot: listed, described, and their canonical text."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.responses import PlainTextResponse, Response

from service.library import describe_document, document_page, find_document, part_of_text
from service.openapi import DOCUMENTED, SERVING, problems
from service.routes.dependencies import OneSnapshot, RunningService
from service.routes.etags import holds
from service.schemas.library import DocumentDetail, DocumentPage
from service.schemas.requests import PageQuery, TextQuery

SNAPSHOT_HEADER = "Quoth-Snapshot"

_TEXT_HEADERS = {
    "ETag": {"description": "The text_sha256.", "schema": {"type": "string"}},
    SNAPSHOT_HEADER: {"description": "The snapshot's version.", "schema": {"type": "string"}},
}

router = APIRouter(tags=["documents"])


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
    return await service.work(document_page, opened, page.limit, page.cursor)


@router.get(
    "/v1/documents/{doc_id}",
    operation_id="get_document",
    summary="Describe a document",
    responses=problems(*DOCUMENTED, "not-found", *SERVING),
)
async def get_document(doc_id: str, opened: OneSnapshot) -> DocumentDetail:
    """Returns the document's title, place, hashes and metadata."""
    return describe_document(find_document(opened.snapshot, doc_id)[1])


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
    row, entry = find_document(opened.snapshot, doc_id)
    span = part_of_text(part, entry, "query")
    headers = {
        "ETag": f'"{entry.text_sha256}"',
        "Cache-Control": "private, no-cache",
        SNAPSHOT_HEADER: opened.snapshot.version,
    }
    if holds(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    data = await service.work(lambda: span.of(opened.snapshot.text(row)).encode())
    return PlainTextResponse(data, headers=headers)
