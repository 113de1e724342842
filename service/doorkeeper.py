"""What a request must pass before any route sees it: its origin or key, the size of its body."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from pydantic import SecretStr
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import (
    BodyTooLarge,
    BodyTooSlow,
    ForeignOrigin,
    Misdirected,
    RequestRefused,
    Unauthorised,
)
from service.loopback import is_loopback
from service.problem_responses import problem_response
from service.request_frame import first_header

# A supervisor asks these without a key.
OPEN_PATHS = frozenset({"/livez", "/readyz"})
# The page asks its reader for the key, so the page itself must come without one.
PAGE_PATH, PAGE_PREFIXES = "/", ("/pages/", "/documents/")


def needs_no_key(path: str) -> bool:
    """Whether a path is open to everybody: probes, and the page's static files."""
    return path in OPEN_PATHS or path == PAGE_PATH or path.startswith(PAGE_PREFIXES)


class LoopbackOnly:
    """Refuses a Host that is no loopback name: a web page whose own name was made to point at
    127.0.0.1 (DNS rebinding) could read everything else. Refuses an Origin that is none: a page
    of another site has no business here. With keys it can do neither, and any is let in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error = _from_elsewhere(scope) if scope["type"] == "http" else None
        if error is None:
            await self._app(scope, receive, send)
            return
        await problem_response(Request(scope), error)(scope, receive, send)


def _from_elsewhere(scope: Scope) -> RequestRefused | None:
    """Why a request is not this machine's own, if it is not."""
    host, origin = (first_header(scope, name) for name in (b"host", b"origin"))
    if host is not None and not _names_loopback(b"//" + host):
        return Misdirected(
            "This service was started without API keys and the request is for "
            f"{host[:100].decode('latin-1')!r}; ask it as 127.0.0.1 or localhost, or start it with "
            "QUOTH_API_KEYS."
        )
    if origin is not None and not _names_loopback(origin):
        return ForeignOrigin(
            "This service was started without API keys and a page of "
            f"{origin[:100].decode('latin-1')!r} sent the request; only pages of this machine may, "
            "or start it with QUOTH_API_KEYS."
        )
    return None


@lru_cache(maxsize=64)
def _names_loopback(url: bytes) -> bool:
    return is_loopback(_host_name(url.decode("latin-1")))


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class ApiKeys:
    """Lets a request in that carries one of the keys; with no keys, every request."""

    def __init__(self, app: ASGIApp, keys: Sequence[SecretStr]) -> None:
        self._app = app
        self._digests = [_digest(key.get_secret_value()) for key in keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._digests or needs_no_key(scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = presented_key(request)
        if given is None or not self._known(given):
            said = "carries none" if given is None else "carries none that is known here"
            error = Unauthorised(
                f"This service asks for an API key and the request {said}; send it as "
                "Authorization: Bearer KEY, or as X-API-Key: KEY."
            )
            await problem_response(request, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _known(self, given: str) -> bool:
        # Digests have one length and every one is compared, so time tells nothing of the keys.
        digest = _digest(given)
        return sum(hmac.compare_digest(digest, known) for known in self._digests) > 0


def presented_key(request: Request) -> str | None:
    """The key a request carries: of ``Authorization: Bearer`` or else of ``X-API-Key``."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    return request.headers.get("X-API-Key")


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


class BodyLimit:
    """Refuses a body of more than ``limit`` bytes, by the bytes that arrive, announced or not.

    ``own_limits`` are those of single paths. A body that takes longer than ``seconds`` is
    refused too.
    """

    def __init__(
        self, app: ASGIApp, limit: int, own_limits: Mapping[str, int], seconds: float
    ) -> None:
        self._app = app
        self._limit = limit
        self._own_limits = own_limits
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            body = await self._read_in_time(request, receive)
        except (BodyTooLarge, BodyTooSlow) as error:
            await problem_response(request, error)(scope, receive, send)
            return
        if body is None:  # the sender hung up: nobody reads a reply
            return
        await self._app(scope, replayed(body, receive), send)

    async def _read_in_time(self, request: Request, receive: Receive) -> bytes | None:
        limit = self._own_limits.get(request.scope["path"], self._limit)
        try:
            async with asyncio.timeout(self._seconds):
                return await _read(request, receive, limit)
        except TimeoutError as error:
            raise BodyTooSlow(
                f"The body did not arrive within {self._seconds:g} seconds; send it at once."
            ) from error


async def _read(request: Request, receive: Receive, limit: int) -> bytes | None:
    """The whole body, None where its sender hung up. Raises BodyTooLarge."""
    announced = request.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise BodyTooLarge(f"The body has {announced[:20]} bytes; at most {limit} are read.")
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > limit:
            raise BodyTooLarge(f"The body has more than the {limit} bytes that are read.")
        if not message.get("more_body", False):
            return body


def replayed(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body read already, then whatever comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
