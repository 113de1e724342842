"""Citations checked against the present snapshot, and made for any span."""

from __future__ import annotations

from bisect import bisect_right
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from index.records import Span
from index.snapshot import Snapshot
from service.citation import cite
from service.claims import judge
from service.errors import FieldFault, InvalidRequest
from service.library import find_document
from service.openapi import ASKING, BODY, DOCUMENTED, SERVING, problems
from service.routes.dependencies import JsonBody, OneSnapshot, RunningService
from service.schemas.citation import CitationModel
from service.schemas.library import VerifyResponse
from service.schemas.requests import VerifyRequest

PATH = "/v1/citations:verify"

router = APIRouter(tags=["citations"])


class SpanQuery(BaseModel):
    """What is to be cited, in code points of the canonical text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: int = Field(ge=0, description="First code point.")
    end: int = Field(ge=1, description="One past the last code point.")


@router.post(
    PATH,
    dependencies=[JsonBody],
    operation_id="verify_citations",
    summary="Check citations",
    responses=problems(*DOCUMENTED, *BODY, *SERVING),
)
async def verify_citations(
    asked: VerifyRequest, request: Request, service: RunningService, opened: OneSnapshot
) -> VerifyResponse:
    """Says of each citation whether its quote stands where it was cited, and if not, where.

    Another document is searched where it has the very text that was cited, or reads much
    like the quote; a quote of very common words may so be missed. The body may have 512 KiB, as
    citations are larger than questions.
    """
    snapshot = opened.snapshot
    return VerifyResponse(
        request_id=request.state.request_id,
        results=await service.work(lambda: [judge(claim, snapshot) for claim in asked.citations]),
        snapshot=opened.describe(),
    )


@router.get(
    "/v1/documents/{doc_id}/citation",
    operation_id="cite_span",
    summary="Cite a span of a document",
    responses=problems(*DOCUMENTED, "not-found", "invalid-request", *ASKING),
)
async def cite_span(
    doc_id: str,
    part: Annotated[SpanQuery, Query()],
    service: RunningService,
    opened: OneSnapshot,
) -> CitationModel:
    """Returns the citation of a span that lies within one passage: its quote as the text has it
    now, with section, page and lines.
    """
    return await service.work(_cited, opened.snapshot, doc_id, part.start, part.end)


def _cited(snapshot: Snapshot, doc_id: str, start: int, end: int) -> CitationModel:
    rows = find_document(snapshot, doc_id)[1].passages
    # Passages come in text order: of those that begin at or before the span, the last holds it.
    begun = bisect_right(snapshot.passages["start"][rows.start : rows.stop], start)
    if start >= end or not begun or end > snapshot.passages["end"][rows[begun - 1]]:
        detail = f"[{start}, {end}) does not lie within one passage of the document"
        raise InvalidRequest(FieldFault("query", "#/start", detail))
    return cite(snapshot, snapshot.passage(rows[begun - 1]), Span(start, end), "c1")
