"""Questions turned away before anything is done for them, while none could be let in."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from functools import lru_cache
from uuid import uuid4

from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import RequestRefused
from service.problems import MEDIA_TYPE, Kind, kind_of, problem

# Stands for the request's id in a reply that is written before there is a request.
_SOME_ID = uuid4().hex


class Turnstile:
    """Refuses questions before their bodies are read, while none could be let in.

    In a flood most of what comes is refused, so a refusal has to cost a hundredth of an answer:
    it is written once for all who are told the same. It is counted, and its log line is one of
    level debug. ``refusal`` is why none is let in now, which is told word for word, or None;
    ``paths`` are those that ask.
    """

    def __init__(
        self,
        app: ASGIApp,
        paths: Collection[str],
        refusal: Callable[[], RequestRefused | None],
    ) -> None:
        self._app = app
        self._paths = paths
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = (
            scope["type"] == "http" and scope["method"] == "POST" and scope["path"] in self._paths
        )
        if not asks or (refusal := self._refusal()) is None:
            await self._app(scope, receive, send)
            return
        kind, state = kind_of(refusal), scope["state"]
        state["turned_away_from"] = scope["path"]  # no router has seen it
        state["problem"] = kind.name
        before, after = _written(kind, str(refusal))
        body = before + state["request_id"].encode() + after
        headers = [*_headers(kind), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": kind.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=16)
def _written(kind: Kind, detail: str) -> tuple[bytes, bytes]:
    """The problem's body before and after the request's id."""
    told = problem(kind, detail, _SOME_ID).model_dump(exclude_none=True)
    before, _, after = json.dumps(told).encode().partition(_SOME_ID.encode())
    return before, after


@lru_cache(maxsize=16)
def _headers(kind: Kind) -> list[tuple[bytes, bytes]]:
    named = [(name.lower().encode(), value.encode()) for name, value in kind.headers]
    return [(b"content-type", MEDIA_TYPE.encode()), *named]
