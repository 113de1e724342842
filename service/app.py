"""The HTTP application: layers, routes and lifespan put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from service.doorkeeper import OPEN_PATHS, ApiKeys, BodyLimit, LoopbackOnly
from service.logs import configure_logs
from service.mcp.door import McpDoor
from service.models import encoder_of, reader_of
from service.openapi import DESCRIPTION, TITLE, VERSION, describe_api
from service.problem_responses import handle_problems
from service.request_frame import HeadAsGet, RequestFrame
from service.routes import ask, citations, documents, index, mcp, operation, pages
from service.running import LoadEncoder, LoadReader, Service
from service.schemas.requests import BODY_BYTES, VERIFY_BODY_BYTES
from service.settings import Settings
from service.straight import StraightToAsk
from service.turnstile import Turnstile

BODY_LIMITS = {citations.PATH: VERIFY_BODY_BYTES}
# A body that is slower than this holds up a stop; an answer may take longer.
BODY_SECONDS = 10.0


def create_app(
    settings: Settings,
    load: LoadEncoder = encoder_of,
    load_reader: LoadReader = reader_of,
) -> FastAPI:
    """The service as an ASGI application; nothing is loaded until its lifespan begins.

    ``app.state.service`` is the running service; whoever stops the server calls its
    ``begin_stop`` first.
    """
    service = Service(settings, load, load_reader)
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        description=DESCRIPTION,
        lifespan=_lifespan,
        # FastAPI's own pages of the API load from elsewhere on the network.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.service = service
    app.state.mcp = McpDoor(service)
    _add_layers(app, service)
    handle_problems(app)
    for routes in (ask, documents, citations, index, mcp, operation, pages):
        app.include_router(routes.router)
    describe_api(app, bool(settings.api_keys), OPEN_PATHS)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    configure_logs(service.settings.log_level)
    await service.start()
    try:
        yield
    finally:
        await service.stop()
        await app.state.mcp.close()


def _add_layers(app: FastAPI, service: Service) -> None:
    """The layer added last is the first a request meets."""
    settings = service.settings
    app.add_middleware(StraightToAsk, service=service)
    app.add_middleware(
        BodyLimit,
        limit=BODY_BYTES,
        own_limits=BODY_LIMITS,
        seconds=min(BODY_SECONDS, settings.request_timeout),
    )
    app.add_middleware(
        Turnstile, paths=(ask.PATH, ask.BATCH_PATH), refusal=service.admission.closed
    )
    if settings.api_keys:
        app.add_middleware(ApiKeys, keys=settings.api_keys)
    else:
        app.add_middleware(LoopbackOnly)
    app.add_middleware(RequestFrame, metrics=service.metrics)
    app.add_middleware(HeadAsGet)
