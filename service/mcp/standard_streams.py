"""MCP over standard input and output, for desktop programs that start their servers themselves."""

from __future__ import annotations

import asyncio

from mcp.server.stdio import stdio_server

from service.logs import configure_logs
from service.mcp.server import mcp_server
from service.models import encoder_of, reader_of
from service.running import Service
from service.settings import Settings


def serve_standard_streams(settings: Settings) -> None:
    """Serves until standard input ends. Log lines go to standard error.

    Raises EncoderUnavailable and ReaderUnavailable where a model cannot be loaded.
    """
    configure_logs(settings.log_level)
    asyncio.run(_serve(Service(settings, encoder_of, reader_of)))


async def _serve(service: Service) -> None:
    server = mcp_server(service)
    await service.start()
    try:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        await service.stop()
