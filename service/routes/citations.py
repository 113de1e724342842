"""Citations checked against the present snapshot."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service.claims import judge
from service.openapi import BODY, DOCUMENTED, SERVING, problems
from service.routes.dependencies import JsonBody, OneSnapshot, RunningService
from service.schemas.library import VerifyResponse
from service.schemas.requests import VerifyRequest

PATH = "/v1/citations:verify"

router = APIRouter(tags=["citations"], dependencies=[JsonBody])


@router.post(
    PATH,
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
