"""How much of the evidence was cited, and how much of what was cited is evidence.

Over one question, with E the set of character positions of the evidence and C that of
what was cited, positions being (document, code point) and each counted once:

    recall = |E ∩ C| / |E|    precision = |E ∩ C| / |C|    IoU = |E ∩ C| / |E ∪ C|

A set's figure is the mean over its questions. The definition is that of Smith and Troynikov
("Evaluating Chunking Strategies for Retrieval", Chroma, 2024), except that their code counts
twice in |C| what two overlapping chunks share. Passages that do not overlap score the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.records import Span

# A span of a document known by its uri.
Place = tuple[str, Span]


@dataclass(frozen=True, slots=True)
class Coverage:
    recall: float
    precision: float
    iou: float


def coverage(evidence: Sequence[Place], cited: Sequence[Place]) -> Coverage:
    """Recall, precision and IoU of one question; precision is 0 where nothing is cited.

    Raises ValueError for evidence without a single character.

    >>> coverage([("a", Span(0, 10))], [("a", Span(5, 10)), ("b", Span(0, 15))])
    Coverage(recall=0.5, precision=0.25, iou=0.2)
    """
    wanted, given = merged(evidence), merged(cited)
    size, cited_size = length(wanted), length(given)
    if not size:
        raise ValueError("the evidence holds no character")
    shared = size + cited_size - length(merged([*wanted, *given]))
    precision = shared / cited_size if cited_size else 0.0
    return Coverage(shared / size, precision, shared / (size + cited_size - shared))


def merged(places: Iterable[Place]) -> list[Place]:
    """The same positions as disjoint spans, in order of uri and start."""
    union: list[Place] = []
    for uri, group in groupby(sorted(places), key=lambda place: place[0]):
        spans = [span for _, span in group]
        start, end = spans[0].start, spans[0].end
        for span in spans[1:]:
            if span.start > end:
                union.append((uri, Span(start, end)))
                start, end = span.start, span.end
            end = max(end, span.end)
        union.append((uri, Span(start, end)))
    return union


def length(disjoint: Iterable[Place]) -> int:
    """Characters in spans that do not overlap."""
    return sum(span.end - span.start for _, span in disjoint)
