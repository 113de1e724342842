"""What routes are given: the running service, the one snapshot of their request, a JSON body."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from service.answerer import OpenSnapshot
from service.errors import UnsupportedMediaType
from service.running import Service


async def running_service(request: Request) -> Service:
    return request.app.state.service


RunningService = Annotated[Service, Depends(running_service)]


async def one_snapshot(request: Request, service: RunningService) -> OpenSnapshot:
    """The snapshot this request is answered from, taken once. Raises as ``Service.opened``."""
    opened = service.opened()
    request.state.snapshot = opened.snapshot.version
    return opened


OneSnapshot = Annotated[OpenSnapshot, Depends(one_snapshot)]


async def json_body(request: Request) -> None:
    """Raises UnsupportedMediaType for a body that is not declared to be JSON."""
    declared = request.headers.get("Content-Type", "")
    media_type = declared.partition(";")[0].strip().lower()
    of_json = media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
    if not of_json:
        said = f"is declared as {declared[:100]!r}" if declared else "has no Content-Type"
        raise UnsupportedMediaType(f"The body {said}; send it as application/json.")


JsonBody = Depends(json_body)
