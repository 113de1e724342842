"""A place in a text in every unit that readers count in."""

from __future__ import annotations


class Offsets:
    """One code-point offset of a text in the other units, moved forward through it.

    ``byte`` counts UTF-8 bytes and ``utf16`` UTF-16 code units before the place; ``line`` is the
    line it lies on, from 1. Moving costs the text moved over, so a whole pass is linear.

    >>> place = Offsets("😀\\nNATO")
    >>> place.move_to(2)
    >>> place.byte, place.utf16, place.line
    (5, 3, 2)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.byte = self.utf16 = 0
        self.line = 1

    def move_to(self, offset: int) -> None:
        """Raises ValueError for an offset before the last one, or beyond the text."""
        if not self._at <= offset <= len(self._text):
            raise ValueError(f"cannot move from {self._at} to {offset} of {len(self._text)}")
        piece = self._text[self._at : offset]
        self.byte += len(piece.encode("utf-8"))
        self.utf16 += len(piece.encode("utf-16-le")) // 2
        self.line += piece.count("\n")
        self._at = offset
