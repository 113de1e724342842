"""The client for programs that do other things meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from quoth_client import calls
from quoth_client.calls import Call, Retries
from quoth_client.problems import Problem, Unreachable
from quoth_client.replies import Citation, DocumentDetail, Reply, Verdict

T = TypeVar("T")


class AsyncQuoth:
    """As ``Quoth``, its methods to be awaited. To be closed, or used in an ``async with``."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8080",
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        retries: Retries = Retries(),
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=timeout, transport=transport
        )
        self._retries = retries

    async def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        filter: Mapping[str, Any] | None = None,
        answer: bool = True,
    ) -> Reply:
        """The answer, or that the documents do not say, and the passages nearest to it."""
        return await self._send(calls.ask(question, top_k, filter, answer))

    async def ask_many(
        self,
        questions: Sequence[str],
        *,
        top_k: int | None = None,
        filter: Mapping[str, Any] | None = None,
        answer: bool = True,
    ) -> list[Reply | Problem]:
        """A reply for each question, in their order, or the Problem of one that has none."""
        batches = calls.ask_many(questions, top_k, filter, answer)
        return [result for call in batches for result in await self._send(call)]

    async def documents(self) -> AsyncIterator[DocumentDetail]:
        """Every document in the order of their uri, asked for as they are taken."""
        cursor: str | None = None
        while True:
            page = await self._send(calls.documents(cursor))
            for document in page.documents:
                yield document
            if (cursor := page.next_cursor) is None:
                return

    async def document(self, doc_id: str) -> DocumentDetail:
        return await self._send(calls.document(doc_id))

    async def text(self, doc_id: str, start: int = 0, end: int | None = None) -> str:
        """The document's text that every span points into, or a part of it."""
        return await self._send(calls.text(doc_id, start, end))

    async def cite(self, doc_id: str, start: int, end: int) -> Citation:
        """The citation of a span that lies within one passage."""
        return await self._send(calls.cite(doc_id, start, end))

    async def verify(self, citations: Sequence[Citation]) -> list[Verdict]:
        """What has become of each citation in the service's present documents."""
        return [verdict for call in calls.verify(citations) for verdict in await self._send(call)]

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _send(self, call: Call[T]) -> T:
        tried = 0
        while True:
            try:
                response = await self._http.request(
                    call.method, call.path, json=call.json, params=call.params
                )
                return call.reply(response)
            except httpx.RequestError as error:
                raise Unreachable(
                    f"{self._http.base_url}: {error or type(error).__name__}"
                ) from error
            except Problem as problem:
                tried += 1
                await asyncio.sleep(self._retries.wait(problem, tried))
