"""The client for programs that wait."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from quoth_client import calls
from quoth_client.calls import Call, Retries
from quoth_client.problems import Problem, Unreachable
from quoth_client.replies import Citation, DocumentDetail, Reply, Verdict

T = TypeVar("T")


class Quoth:
    """A Quoth service; every method raises Problem (what the service says), Unreachable and
    NotQuoth. To be closed, or used in a ``with``.

    ``timeout`` is of one try, in seconds; ``transport`` is httpx's, for tests and proxies.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8080",
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        retries: Retries = Retries(),
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=timeout, transport=transport
        )
        self._retries = retries

    def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        filter: Mapping[str, Any] | None = None,
        answer: bool = True,
    ) -> Reply:
        """The answer, or that the documents do not say, and the passages nearest to it."""
        return self._send(calls.ask(question, top_k, filter, answer))

    def ask_many(
        self,
        questions: Sequence[str],
        *,
        top_k: int | None = None,
        filter: Mapping[str, Any] | None = None,
        answer: bool = True,
    ) -> list[Reply | Problem]:
        """A reply for each question, in their order, or the Problem of one that has none."""
        batches = calls.ask_many(questions, top_k, filter, answer)
        return [result for call in batches for result in self._send(call)]

    def documents(self) -> Iterator[DocumentDetail]:
        """Every document in the order of their uri, asked for as they are taken."""
        cursor: str | None = None
        while True:
            page = self._send(calls.documents(cursor))
            yield from page.documents
            if (cursor := page.next_cursor) is None:
                return

    def document(self, doc_id: str) -> DocumentDetail:
        return self._send(calls.document(doc_id))

    def text(self, doc_id: str, start: int = 0, end: int | None = None) -> str:
        """The document's text that every span points into, or a part of it."""
        return self._send(calls.text(doc_id, start, end))

    def cite(self, doc_id: str, start: int, end: int) -> Citation:
        """The citation of a span that lies within one passage."""
        return self._send(calls.cite(doc_id, start, end))

    def verify(self, citations: Sequence[Citation]) -> list[Verdict]:
        """What has become of each citation in the service's present documents."""
        return [verdict for call in calls.verify(citations) for verdict in self._send(call)]

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _send(self, call: Call[T]) -> T:
        tried = 0
        while True:
            try:
                response = self._http.request(
                    call.method, call.path, json=call.json, params=call.params
                )
                return call.reply(response)
            except httpx.RequestError as error:
                raise Unreachable(
                    f"{self._http.base_url}: {error or type(error).__name__}"
                ) from error
            except Problem as problem:
                tried += 1
                time.sleep(self._retries.wait(problem, tried))
