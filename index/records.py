"""What every room passes on: spans, blocks, documents, passages, hits.

All offsets are Unicode code points of a document's canonical text, half open:
``text[span.start:span.end]`` is the span, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

MetadataValue = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """``[start, end)`` in code points of a canonical text.

    >>> Span(2, 5).of("abcdef")
    'cde'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span [{self.start}, {self.end}) is not 0 <= start <= end")

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of readable text no sentence crosses: a paragraph, heading, list item or table row.

    ``section`` is the path of headings above it, outermost first; ``is_heading`` where the
    block is the heading that opens its section (two sections may have the same path). Text
    outside every block (front matter, say) stays in the canonical text but is neither
    searched nor cited.
    """

    span: Span
    section: tuple[str, ...] = ()
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text stands in its source from ``start`` on, until the next place begins.

    In a source of pages or slides ``page`` counts them from 1 and ``label`` is what the file
    calls that page (``iv``), "" where it does not. In a sheet ``row`` counts from 1, and
    ``label`` holds the sheet and the columns of that row, as ``Costs!A:F``. The other is 0.
    """

    start: int
    page: int = 0
    row: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A source text with its canonical text; ``blocks`` are disjoint and in text order.

    ``places`` begin in text order, for formats that have pages or rows. Raises ValueError
    naming the first block or place that is not in order, or that lies beyond the text.
    """

    uri: str
    title: str
    media_type: str
    text: str
    source_sha256: str
    blocks: tuple[Block, ...]
    metadata: Mapping[str, MetadataValue] = field(default_factory=dict)
    places: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        end = 0
        for row, block in enumerate(self.blocks):
            span, wrong = block.span, ""
            if span.start < end:
                wrong = f"begins before block {row - 1} ends, at {end}"
            elif span.end > len(self.text):
                wrong = f"ends beyond its text of {len(self.text)} characters"
            if wrong:
                raise ValueError(f"block {row} of {self.uri}, [{span.start}, {span.end}), {wrong}")
            end = span.end
        before = 0
        for place in self.places:
            if not before <= place.start <= len(self.text):
                raise ValueError(f"{place} of {self.uri} is out of order or beyond the text")
            before = place.start

    @property
    def doc_id(self) -> str:
        """Sixteen hex digits of the uri's sha256: stable while the file keeps its place."""
        return short_digest(self.uri)

    @property
    def text_sha256(self) -> str:
        return digest(self.text)


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document, the unit retrieved.

    ``sentences`` are the spans it is made of, in order: the passage starts where the
    first starts and ends where the last ends. All lie in one section.
    """

    span: Span
    section: tuple[str, ...]
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One retrieved passage: its row in the snapshot and what each ranking says of it.

    ``dense`` is a cosine in [-1, 1], ``lexical`` a BM25 score (0 where no term is
    shared), ``fused`` orders the ranking and is no probability; ``coverage`` is the share of the
    question's idf (0 to 1) that each of its sentences holds.
    """

    row: int
    dense: float
    lexical: float
    fused: float
    coverage: tuple[float, ...]


def trimmed(text: str, start: int, end: int) -> Span:
    """The span ``[start, end)`` of ``text`` without the white space around it."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return Span(start, start + len(inner.strip()))


def digest(text: str) -> str:
    """sha256 of the text's UTF-8 bytes, 64 hex digits."""
    return sha256(text.encode("utf-8")).hexdigest()


def short_digest(*parts: str) -> str:
    """The first 16 hex digits of the sha256 over the parts, each ended by a NUL."""
    return sha256("".join(f"{part}\0" for part in parts).encode("utf-8")).hexdigest()[:16]
