"""What is sent for each method and how its reply is read: what both clients share, and waits for
nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from quoth_client.problems import NotQuoth, Problem, Unavailable, problem_of, raise_for
from quoth_client.replies import (
    BatchReply,
    Citation,
    DocumentDetail,
    DocumentPage,
    Reply,
    Verdict,
    Verdicts,
)

# The service's limits: questions and citations a request, bytes a body.
QUESTIONS, CITATIONS = 32, 50
BODY_BYTES, VERIFY_BODY_BYTES = 64 * 1024, 512 * 1024
DOCUMENTS = 200
# Bytes of a body beside its items.
_FRAME = 64

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a request that found the service unavailable is sent again.

    Before each, as long is waited as its ``Retry-After`` asks, at most ``longest`` seconds.
    """

    times: int = 3
    longest: float = 10.0

    def wait(self, problem: Problem, tried: int) -> float:
        """Seconds to wait after so many tries. Raises the problem where another will not help."""
        again = isinstance(problem, Unavailable) and problem.retry_after is not None
        if not again or tried > self.times:
            raise problem
        return min(problem.retry_after or 0.0, self.longest)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and what reads its response."""

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    json: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)

    def reply(self, response: httpx.Response) -> T:
        """Raises Problem and NotQuoth."""
        raise_for(response)
        return self.read(response)


def ask(
    question: str, top_k: int | None, filter: Mapping[str, Any] | None, answer: bool
) -> Call[Reply]:
    return Call("POST", "/v1/ask", _as(Reply), _asked(question, top_k, filter, answer))


def ask_many(
    questions: Sequence[str], top_k: int | None, filter: Mapping[str, Any] | None, answer: bool
) -> Iterator[Call[list[Reply | Problem]]]:
    """As many requests as the limits ask for, their questions in order."""
    asked = [_asked(question, top_k, filter, answer) for question in questions]
    for batch in _batches(asked, QUESTIONS, BODY_BYTES):
        yield Call("POST", "/v1/ask:batch", _results, {"questions": batch})


def documents(cursor: str | None) -> Call[DocumentPage]:
    params: dict[str, Any] = {"limit": DOCUMENTS}
    if cursor is not None:
        params["cursor"] = cursor
    return Call("GET", "/v1/documents", _as(DocumentPage), params=params)


def document(doc_id: str) -> Call[DocumentDetail]:
    return Call("GET", _at(doc_id), _as(DocumentDetail))


def text(doc_id: str, start: int, end: int | None) -> Call[str]:
    params = {"start": start} if end is None else {"start": start, "end": end}
    return Call("GET", f"{_at(doc_id)}/text", _text, params=params)


def cite(doc_id: str, start: int, end: int) -> Call[Citation]:
    params = {"start": start, "end": end}
    return Call("GET", f"{_at(doc_id)}/citation", _as(Citation), params=params)


def verify(citations: Sequence[Citation]) -> Iterator[Call[list[Verdict]]]:
    """As many requests as the limits ask for, their citations in order."""
    claims = [_claim(citation) for citation in citations]
    for batch in _batches(claims, CITATIONS, VERIFY_BODY_BYTES):
        yield Call("POST", "/v1/citations:verify", _verdicts, {"citations": batch})


def _asked(
    question: str, top_k: int | None, filter: Mapping[str, Any] | None, answer: bool
) -> dict[str, Any]:
    return {"question": question, "top_k": top_k, "filter": filter, "answer": answer}


def _claim(citation: Citation) -> dict[str, Any]:
    """What the check needs of a citation."""
    document = citation.document.model_dump(include={"doc_id", "text_sha256"})
    parts = citation.model_dump(include={"span", "quote"})
    return {"document": document, **parts}


def _batches(items: Sequence[T], count: int, limit: int) -> Iterator[list[T]]:
    """The items in order, so many in each batch as its body may hold, one at least."""
    batch: list[T] = []
    size = _FRAME
    for item in items:
        own = len(json.dumps(item)) + 2
        if batch and (len(batch) == count or size + own > limit):
            yield batch
            batch, size = [], _FRAME
        batch.append(item)
        size += own
    if batch:
        yield batch


def _at(doc_id: str) -> str:
    return f"/v1/documents/{quote(doc_id, safe='')}"


def _as(model: type[M]) -> Callable[[httpx.Response], M]:
    def read(response: httpx.Response) -> M:
        try:
            return model.model_validate_json(response.content)
        except ValidationError as error:
            raise NotQuoth(
                f"{response.url} replied what is no {model.__name__} of Quoth: {error}"
            ) from error

    return read


def _text(response: httpx.Response) -> str:
    return response.content.decode("utf-8")


def _results(response: httpx.Response) -> list[Reply | Problem]:
    results: list[Reply | Problem] = []
    for one in _as(BatchReply)(response).results:
        if one.problem is not None:
            results.append(problem_of(one.problem))
        elif one.reply is not None:
            results.append(one.reply)
    return results


def _verdicts(response: httpx.Response) -> list[Verdict]:
    return _as(Verdicts)(response).results
