"""The tools that programs with a language model call: what they take, do and give.

They ask the running service as the HTTP routes do, with the same limits, permits and errors.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from index.records import Span
from service.answerer import OpenSnapshot
from service.errors import InvalidRequest
from service.library import describe_document, document_page, find_document, part_of_text
from service.pointers import field_faults
from service.questions import settled
from service.running import Service
from service.schemas.answer import AskResponse, PassageModel
from service.schemas.citation import DocumentModel, SpanModel
from service.schemas.library import DocumentDetail
from service.schemas.requests import AskRequest, PageQuery
from service.schemas.tools import (
    READ_CHARACTERS,
    AskArguments,
    AskResult,
    EvidenceModel,
    ListedDocument,
    ListResult,
    ReadArguments,
    ReadResult,
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool: who serves it, from which snapshot, under which id.

    ``site`` is where a person can look at the documents (``http://127.0.0.1:8080/``), None
    where nowhere.
    """

    service: Service
    opened: OpenSnapshot
    request_id: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool by its name; ``run`` is given what has passed ``arguments``."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    result: type[BaseModel]
    run: Callable[[Any, Call], Awaitable[BaseModel]]

    async def call(self, arguments: Mapping[str, Any], call: Call) -> BaseModel:
        """Raises InvalidRequest for arguments outside the schema, and what a route can raise."""
        try:
            taken = self.arguments.model_validate(arguments)
        except ValidationError as invalid:
            raise InvalidRequest(*field_faults(invalid.errors(), ("body",))) from None
        return await self.run(taken, call)


async def _ask(asked: AskArguments, call: Call) -> AskResult:
    request = AskRequest(question=asked.question, top_k=asked.top_k, filter=asked.filter)
    question = settled(request, call.service.settings.top_k)
    (answer,) = await call.service.answer([question], call.opened, call.request_id)
    if isinstance(answer, Exception):
        raise answer
    reply = AskResponse.model_validate_json(answer.to_json(call.request_id))
    return _result(reply, call.site)


async def _list(page: PageQuery, call: Call) -> ListResult:
    found = await call.service.work(document_page, call.opened, page.limit, page.cursor)
    return ListResult(
        documents=[_listed(document) for document in found.documents],
        next_cursor=found.next_cursor,
        total=found.total,
        snapshot=found.snapshot.version,
    )


async def _read(asked: ReadArguments, call: Call) -> ReadResult:
    snapshot = call.opened.snapshot
    row, entry = find_document(snapshot, asked.doc_id)
    wanted = part_of_text(asked, entry, "body")
    part = Span(wanted.start, min(wanted.end, wanted.start + READ_CHARACTERS))
    return ReadResult(
        document=_listed(describe_document(entry)),
        text=await call.service.work(lambda: part.of(snapshot.text(row))),
        span=SpanModel(start=part.start, end=part.end),
        next_start=part.end if part.end < wanted.end else None,
        snapshot=snapshot.version,
    )


def _result(reply: AskResponse, site: str | None) -> AskResult:
    return AskResult(
        status=reply.status,
        answer=reply.answer,
        abstention=reply.abstention,
        reading=reply.reading,
        evidence=[_evidence(passage, site) for passage in reply.passages],
        snapshot=reply.snapshot.version,
    )


def _evidence(passage: PassageModel, site: str | None) -> EvidenceModel:
    cited = passage.citation
    kinds = {highlight.kind for highlight in passage.highlights}
    return EvidenceModel(
        id=cited.id,
        kind="evidence" if "evidence" in kinds else "related",
        quote=cited.quote.exact,
        passage=passage.text,
        passage_span=passage.span,
        sha256=cited.quote.sha256,
        view=site and site.rstrip("/") + cited.links.view,
        **_named(cited.document, "doc_id", "title", "uri", "text_sha256"),
        **_named(cited, "span", "lines", "page", "page_label", "cells", "section"),
    )


def _listed(document: DocumentDetail) -> ListedDocument:
    return ListedDocument(**_named(document, *ListedDocument.model_fields))


def _named(model: DocumentModel | Any, *names: str) -> dict[str, Any]:
    return {name: getattr(model, name) for name in names}


TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "ask",
            "Ask the documents",
            "Answers a question from the user's own documents, in their own words, with how sure "
            "that is, or says that they do not tell. Always returns the passages nearest to the "
            "question, each with an exact quote and where it stands. Cite `uri`, page or lines, "
            "and the quote; where the status is `abstained`, say that the documents do not tell "
            "rather than guess.",
            AskArguments,
            AskResult,
            _ask,
        ),
        Tool(
            "read_document",
            "Read a document",
            "Returns the text of one document, or the part from `start` to `end`, at most "
            f"{READ_CHARACTERS} characters at a time; `next_start` tells where to go on.",
            ReadArguments,
            ReadResult,
            _read,
        ),
        Tool(
            "list_documents",
            "List the documents",
            "Lists the documents there are, by pages, in the order of their uri, with the "
            "metadata that a filter of ask can use.",
            PageQuery,
            ListResult,
            _list,
        ),
    )
}
