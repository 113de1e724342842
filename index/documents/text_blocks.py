"""Canonical text that grows block by block: offsets are made here, never searched for."""

from __future__ import annotations

from collections.abc import Iterable

from index.documents.outline import Outline
from index.records import Block, Place, Span, trimmed

PARAGRAPH_GAP = "\n\n"
LINE_GAP = "\n"


class TextBlocks:
    """The text so far, its blocks and places, and the section path for the next block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.places: list[Place] = []
        self.outline = Outline()
        self.first_heading: str | None = None
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, text: str, gap: str = PARAGRAPH_GAP, is_heading: bool = False) -> None:
        """Append a block, ``gap`` after the last one; white space alone is none."""
        text = text.strip("\n")
        if not text or text.isspace():
            return
        if self._length:
            self._parts.append(gap)
            self._length += len(gap)
        span = trimmed(text, 0, len(text))
        span = Span(self._length + span.start, self._length + span.end)
        self.blocks.append(Block(span, self.outline.path, is_heading))
        self._parts.append(text)
        self._length += len(text)

    def add_heading(self, level: int, text: str) -> None:
        """Append a heading and open its section; the last one of this level or deeper ends."""
        if not text.strip():
            return
        self.outline.open(level, text)
        self.first_heading = self.first_heading or " ".join(text.split())
        self.add(text, is_heading=True)

    def add_row(self, cells: Iterable[str]) -> None:
        """Append a table's row as one block, its cells joined by ``" | "``."""
        line = " | ".join(" ".join(cell.split()) for cell in cells)
        if line.strip(" |"):
            self.add(line)

    def turn_to(self, page: int = 0, row: int = 0, label: str = "") -> None:
        """What is added from here on stands on that page, or in that row."""
        start = self._length
        if self.places and self.places[-1].start == start:  # nothing was added there
            self.places.pop()
        self.places.append(Place(start, page, row, label))

    def turn_within(self, offset: int, page: int, label: str = "") -> None:
        """From so many characters into the last block on, the text stands on that page."""
        self.places.append(Place(self.blocks[-1].span.start + offset, page, 0, label))
