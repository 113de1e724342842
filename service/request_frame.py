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

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
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
        started, status = perf_counter(), 0
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        own = list(zip(OWN_HEADERS, (request_id.encode(), b"nosniff"), strict=True))

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # Names in small letters, as ASGI has them; one that a route set itself is replaced.
                headers = [pair for pair in message["headers"] if pair[0] not in OWN_HEADERS]
                message["headers"] = headers + own
            await send(message)

        try:
            await self._app(scope, receive, send_framed)
        except Exception as error:
            if status:  # the reply has begun: only breaking it off tells that it is not whole
                raise
            response = problem_response(Request(scope), error)
            await response(scope, receive, send_framed)
        finally:
            self._record(scope, status or HUNG_UP, perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        state = scope["state"]
        turned_away = state.get("turned_away_from")
        route = turned_away or route_template(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        kind = state.get("problem")
        self._metrics.observe_request(method, route, status, kind, seconds)
        # In a flood these lines would cost as much as the refusals, and fill the disk.
        level = logging.DEBUG if turned_away else logging.INFO
        if not _log.isEnabledFor(level):
            return
        line = {
            "method": scope["method"],
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 3),
            "request_id": state["request_id"],
            "snapshot": state.get("snapshot"),
            "problem": kind,
        }
        if questions := state.get("logged_questions"):
            line["questions"] = questions
        _log.log(level, "request", extra=line)


def route_template(scope: Scope) -> str:
    """The template of the matched route, never the path itself: ``/v1/documents/{doc_id}``."""
    return getattr(scope.get("route"), "path", UNMATCHED)


def _request_id(scope: Scope) -> str:
    given = first_header(scope, b"x-request-id")
    if given is not None and REQUEST_ID.fullmatch(given):
        return given.decode()
    return uuid4().hex


def first_header(scope: Scope, name: bytes) -> bytes | None:
    """The first of a request's headers of this name; ``name`` is in small letters."""
    return next((value for own, value in scope["headers"] if own == name), None)
