"""What a format's parser hands back: canonical text, blocks, title, metadata."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.records import Block, MetadataValue, Span


@dataclass(frozen=True, slots=True)
class Extract:
    """The readable content of one file, before it has a uri.

    ``blocks`` are disjoint, in text order and hold no surrounding white space;
    ``title`` is None where the format states none.
    """

    text: str
    title: str | None
    blocks: tuple[Block, ...]
    metadata: dict[str, MetadataValue] = field(default_factory=dict)


def trimmed(text: str, start: int, end: int) -> Span:
    """The span ``[start, end)`` of ``text`` without the white space around it."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    return Span(start, start + len(inner.strip()))
