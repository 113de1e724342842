"""For those who run the service: alive, ready, measured; and what a problem's type means."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client.exposition import choose_encoder
from starlette.exceptions import HTTPException

from service.openapi import ANYWHERE, DOCUMENTED, problems
from service.problems import KINDS
from service.routes.dependencies import OneSnapshot, RunningService
from service.schemas.library import Health

router = APIRouter(tags=["operation"])


@router.get("/livez", operation_id="livez", summary="Is it alive?", responses=problems(*ANYWHERE))
async def livez() -> Health:
    """Answers while the process serves requests; needs no API key."""
    return Health(status="ok")


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Is it ready?",
    responses=problems(*ANYWHERE, "shutting-down", "no-index", "index-unusable"),
)
async def readyz(opened: OneSnapshot) -> Health:
    """Answers ok once a snapshot serves, and until the service is told to stop; needs no key."""
    return Health(status="ok", snapshot=opened.snapshot.version)


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Prometheus metrics",
    response_class=PlainTextResponse,
    responses=problems(*DOCUMENTED),
)
async def metrics(request: Request, service: RunningService) -> Response:
    """Returns the metrics in the format the Accept header asks for."""
    render, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(render(service.metrics.registry), media_type=content_type)


@router.get(
    "/problems/{kind}",
    operation_id="explain_problem",
    summary="Explain a kind of problem",
    response_class=PlainTextResponse,
    responses=problems(*DOCUMENTED, "not-found"),
)
async def explain_problem(kind: str) -> PlainTextResponse:
    """Returns what a problem's `type` means, for a person to read."""
    if kind not in KINDS:
        raise HTTPException(404)
    known = KINDS[kind]
    return PlainTextResponse(f"{known.title} ({known.status})\n{known.meaning}\n")
