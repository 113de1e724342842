"""What every layout becomes: documents, queries, and which document answers which query."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from index.records import Block, Document, Span, digest

Item = TypeVar("Item")
Qrels = Mapping[str, Mapping[str, int]]

SAMPLE_SEED = 20_240_229
# Lines that are not blank, with nothing but a line end between them.
PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its gold answers (any one of them will do), none where none are given."""

    query_id: str
    text: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Documents to rank and queries to rank them for.

    ``qrels`` maps query_id to the uri and relevance (> 0) of its right documents; every
    one of ``queries`` has an entry. ``unanswerable`` are queries said to have none.
    """

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    qrels: Qrels
    unanswerable: tuple[Query, ...] = field(default=())

    def limited(self, count: int | None) -> RetrievalSet:
        """The same documents with at most ``count`` queries of each kind."""
        queries = sample(self.queries, count)
        return replace(
            self,
            queries=queries,
            qrels={query.query_id: self.qrels[query.query_id] for query in queries},
            unanswerable=sample(self.unanswerable, count),
        )


def sample(items: tuple[Item, ...], count: int | None) -> tuple[Item, ...]:
    """``count`` items drawn with a fixed seed, in their old order; all where there are no more."""
    if count is None or count >= len(items):
        return items
    chosen = sorted(random.Random(SAMPLE_SEED).sample(range(len(items)), count))
    return tuple(items[position] for position in chosen)


def document(uri: str, title: str, text: str) -> Document:
    """A plain-text document in memory, one block per paragraph (blank lines between them).

    A blank text gives way to the title, so that a document known by its title alone can
    still be found; the title stays a title otherwise and is not repeated in the text.
    """
    body = text.replace("\r\n", "\n").replace("\r", "\n")
    if not body.strip():
        body = title
    return Document(
        uri=uri,
        title=title.strip(),
        media_type="text/plain",
        text=body,
        source_sha256=digest(body),
        blocks=tuple(Block(span) for span in paragraphs(body)),
    )


def paragraphs(text: str) -> list[Span]:
    """The stretches between blank lines, without the white space around them.

    >>> paragraphs("one\\ntwo\\n\\n three ")
    [Span(start=0, end=7), Span(start=9, end=14)]
    """
    spans = []
    for match in PARAGRAPH.finditer(text):
        stretch = match.group()
        start = match.start() + len(stretch) - len(stretch.lstrip())
        spans.append(Span(start, start + len(stretch.strip())))
    return spans
