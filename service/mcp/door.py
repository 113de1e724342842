"""The way from ``/mcp`` to the SDK, which is imported by the first request that needs it."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

from service.errors import McpNotInstalled
from service.running import Service
from service.schemas.requests import BODY_BYTES

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

REMEDY = (
    "The MCP server needs the extra mcp, which is not installed here: "
    "pip install --constraint constraints.txt --editable '.[mcp]'"
)


def require_sdk() -> None:
    """Raises McpNotInstalled where the SDK is not there; imports nothing."""
    if find_spec("mcp") is None:
        raise McpNotInstalled(REMEDY)


class McpDoor:
    """Opened by the first request, closed with the service; used on the event loop only."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._opening = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._close = asyncio.Event()

    async def manager(self) -> StreamableHTTPSessionManager:
        """What handles MCP's requests. Raises McpNotInstalled."""
        async with self._opening:
            if self._manager is None:
                require_sdk()
                manager = await asyncio.to_thread(self._load)
                ready = asyncio.Event()
                self._running = asyncio.create_task(self._run(manager, ready))
                await ready.wait()
                self._manager = manager
        return self._manager

    async def close(self) -> None:
        """Ends what the SDK runs."""
        self._close.set()
        if self._running is not None:
            await self._running

    def _load(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from service.mcp.server import mcp_server

        # Each request stands alone. Who may ask is the layers' affair, as for every route.
        return StreamableHTTPSessionManager(
            mcp_server(self._service),
            json_response=True,
            stateless=True,
            security_settings=None,
            max_request_body_size=BODY_BYTES,
        )

    async def _run(self, manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
        # Begun and ended in one task, as its task group asks.
        async with manager.run():
            ready.set()
            await self._close.wait()
