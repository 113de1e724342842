"""Sound questions on the shortest way to where they are answered.

FastAPI's way to a route's function (matching, dependencies, telemetry) takes more of the event
loop than all that is done there for a question. Whatever is not plainly a sound question goes
that way all the same, and is told what is wrong with it.
"""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.doorkeeper import replayed
from service.request_frame import first_header
from service.routes import ask
from service.routes.dependencies import one_snapshot
from service.running import Service
from service.schemas.requests import AskRequest

# What log and metrics call a request by.
_ROUTE = next(route for route in ask.router.routes if route.path == ask.PATH)


class StraightToAsk:
    """Calls the route's function for a POST of one question; everything else goes on.

    Inside ``BodyLimit``, which has read the body whole, and every check that all requests pass.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _asks(scope):
            await self._app(scope, receive, send)
            return
        body = (await receive())["body"]
        asked = _sound(body)
        if asked is None:
            await self._app(scope, replayed(body, receive), send)
            return
        scope["route"] = _ROUTE
        request = Request(scope, receive)
        opened = await one_snapshot(request, self._service)
        response = await ask.ask(asked, request, self._service, opened)
        await response(scope, receive, send)


def _asks(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and scope["path"] == ask.PATH
        and not scope.get("root_path")
        and first_header(scope, b"content-type") == b"application/json"
    )


def _sound(body: bytes) -> AskRequest | None:
    """What is asked, as FastAPI reads it; None where it would find fault with it.

    Where JSON is nested to the brink of what can be read (some 920 deep, no filter's depth) fault
    is found a few steps later.
    """
    try:
        return AskRequest.model_validate(json.loads(body))
    except (ValueError, RecursionError):
        return None
