"""What a format's parser hands back: canonical text, blocks, title, metadata."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.records import Block, MetadataValue, Place


@dataclass(frozen=True, slots=True)
class Extract:
    """The readable content of one file, before it has a uri.

    ``blocks`` are disjoint, in text order and hold no surrounding white space;
    ``title`` is None where the format states none; ``places`` are in text order.
    """

    text: str
    title: str | None
    blocks: tuple[Block, ...]
    metadata: dict[str, MetadataValue] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
