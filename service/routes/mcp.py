"""MCP: JSON-RPC over streamable HTTP, each request by itself, each reply one JSON object.

It is no part of the OpenAPI document: its clients ask it itself what it can do.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.routes.dependencies import JsonBody

router = APIRouter(include_in_schema=False, dependencies=[JsonBody])


class _HandledBy(Response):
    """A reply that somebody else sends."""

    def __init__(self, handle: Any) -> None:
        super().__init__()
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._handle(scope, receive, send)


@router.post("/mcp")
async def mcp(request: Request) -> Response:
    """Takes what an MCP client sends. Raises McpNotInstalled."""
    manager = await request.app.state.mcp.manager()
    return _HandledBy(manager.handle_request)
