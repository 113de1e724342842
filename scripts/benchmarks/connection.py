"""One HTTP/1.1 connection, spoken by hand: what clients use of the machine that they measure, the
service lacks, and a client library takes as long for a request as the service does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

Written = Callable[[str, int], bytes]
HOST = "127.0.0.1"
TOP_K = 5
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One request: its status (0 where none came), ms until its reply was read, counted from when
    it was due, and the seconds its Retry-After said, None where it had none.
    """

    status: int
    ms: float
    retry_after: int | None = None
    cached: bool = False


def quoth_request(question: str, port: int) -> bytes:
    """A question as Quoth is asked it."""
    body = json.dumps({"question": question, "top_k": TOP_K}).encode()
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def txtai_request(question: str, port: int) -> bytes:
    """A question as txtai's API is asked it."""
    asked = urlencode({"query": question, "limit": TOP_K})
    return f"GET /search?{asked} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode()


class Connection:
    """One kept HTTP/1.1 connection, opened anew where the service has closed it; ``written`` makes
    of question and port the whole request.
    """

    def __init__(self, port: int, written: Written = quoth_request) -> None:
        self._port = port
        self._written = written
        self._line: _Line | None = None

    async def ask(self, question: str, due: float) -> Sample:
        """The sample of one question that was due at ``due``, in the clock's seconds."""
        request = self._written(question, self._port)
        try:
            async with asyncio.timeout(TIMEOUT):
                if self._line is None or self._line.ended.is_set():
                    loop = asyncio.get_running_loop()
                    _, self._line = await loop.create_connection(_Line, HOST, self._port)
                headers, told = await self._line.exchange(request)
        except (OSError, TimeoutError):
            await self.close()
            return Sample(0, (perf_counter() - due) * 1000)
        spent = (perf_counter() - due) * 1000
        if b"\r\nconnection: close" in headers:
            await self.close()
        retry = _header(headers, b"retry-after")
        status = int(headers.split(b" ", 2)[1])
        return Sample(status, spent, retry and int(retry), b'"cached":true' in told)

    async def close(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            line.transport.close()
            await line.ended.wait()


class _Line(asyncio.Protocol):
    """A connection as bytes come; streams would take half as long again for a request."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._told = b""
        self._asked: asyncio.Future[tuple[bytes, bytes]] | None = None

    def exchange(self, request: bytes) -> asyncio.Future[tuple[bytes, bytes]]:
        """Head, in small letters, and body of the reply. Raises ConnectionResetError."""
        self._asked = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._told += data
        head, ended, body = self._told.partition(b"\r\n\r\n")
        if not ended:
            return
        headers = head.lower() + b"\r\n"
        if len(body) < int(_header(headers, b"content-length") or 0):
            return
        self._told = b""
        if self._asked is not None and not self._asked.done():
            self._asked.set_result((headers, body))

    def connection_lost(self, error: Exception | None) -> None:
        self.ended.set()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(ConnectionResetError(str(error)))


def _header(headers: bytes, name: bytes) -> bytes | None:
    """A header's value in a head of small letters."""
    _, found, rest = headers.partition(b"\r\n" + name + b":")
    return rest.partition(b"\r\n")[0].strip() if found else None
