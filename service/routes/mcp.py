"""MCP: JSON-RPC over streamable HTTP, each request by itself, each reply one JSON object."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.openapi import BODY, DOCUMENTED, problems
from service.routes.dependencies import JsonBody

_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object"},
            "example": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
        }
    },
}

router = APIRouter(tags=["mcp"])


class _HandledBy(Response):
    """A reply that somebody else sends."""

    def __init__(self, handle: Any) -> None:
        super().__init__()
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._handle(scope, receive, send)


@router.post(
    "/mcp",
    dependencies=[JsonBody],
    operation_id="mcp",
    summary="Speak the Model Context Protocol",
    openapi_extra={"requestBody": _BODY},
    response_class=Response,
    responses={
        200: {
            "description": "A JSON-RPC reply.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        202: {"description": "A notification was taken."},
        **problems(*DOCUMENTED, *BODY, "mcp-not-installed"),
    },
)
async def mcp(request: Request) -> Response:
    """Takes what an MCP client sends; its tools are `ask`, `read_document` and `list_documents`.

    A tool's failure is in its result (`isError`), with a problem's title, status and detail.
    """
    manager = await request.app.state.mcp.manager()
    return _HandledBy(manager.handle_request)
