"""The outermost layer of a request: its id, its log line, its metrics, and no error unanswered."""

from __future__ import annotations

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.metrics import Metrics
from service.problem_responses import problem_response

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
REQUEST_ID_HEADER = "X-Request-ID"
OWN_HEADERS = (b"x-request-id", b"x-content-type-options")
# Where no route matched: one label for all the paths a scanner may try.
UNMATCHED = "unmatched"
# The same for methods, which a sender can make up.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# In log and metrics only, where the sender left before there was a reply (nginx's number).
HUNG_UP = 499

_log = logging.getLogger("quoth.requests")


class HeadAsGet:
    """HEAD is GET without the body, as HTTP asks of every route that takes GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            await send(message | {"body": b""} if "body" in message else message)

        await self._app({**scope, "method": "GET"}, receive, send_head)


class RequestFrame:
    """Gives a request its id and times it; an error nothing inside answered becomes a problem."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, started, status = Request(scope), perf_counter(), 0
        request.state.request_id = _request_id(request)

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # Names in small letters, as ASGI has them; one that a route set itself is replaced.
                headers = [pair for pair in message["headers"] if pair[0] not in OWN_HEADERS]
                request_id = request.state.request_id.encode()
                own = zip(OWN_HEADERS, (request_id, b"nosniff"), strict=True)
                message["headers"] = [*headers, *own]
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        except Exception as error:
            if status:  # the reply has begun: only breaking it off tells that it is not whole
                raise
            response = problem_response(request, error)
            await response(scope, receive, send_framed)
        finally:
            self._record(request, status or HUNG_UP, perf_counter() - started)

    def _record(self, request: Request, status: int, seconds: float) -> None:
        turned_away = getattr(request.state, "turned_away_from", None)
        route = turned_away or route_template(request.scope)
        method = request.method if request.method in METHODS else "other"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        state = request.state
        if kind := getattr(state, "problem", None):
            self._metrics.problems.labels(kind).inc()
        # In a flood these lines would cost as much as the refusals, and fill the disk.
        level = logging.DEBUG if turned_away else logging.INFO
        if not _log.isEnabledFor(level):
            return
        line = {
            "method": request.method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 3),
            "request_id": state.request_id,
            "snapshot": getattr(state, "snapshot", None),
            "problem": kind,
        }
        if questions := getattr(state, "logged_questions", None):
            line["questions"] = questions
        _log.log(level, "request", extra=line)


def route_template(scope: Scope) -> str:
    """The template of the matched route, never the path itself: ``/v1/documents/{doc_id}``."""
    return getattr(scope.get("route"), "path", UNMATCHED)


def _request_id(request: Request) -> str:
    given = request.headers.get(REQUEST_ID_HEADER, "")
    return given if REQUEST_ID.fullmatch(given) else uuid4().hex
