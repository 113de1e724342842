"""The section path: which headings stand above the place now being read."""

from __future__ import annotations

LONGEST_HEADING = 300
"""Characters of a heading kept in a section path; its block keeps the whole of it."""


class Outline:
    """A stack of open headings. Levels may be skipped, as people do.

    >>> outline = Outline()
    >>> outline.open(1, "Report"); outline.open(3, "Costs"); outline.open(2, "Staff")
    >>> outline.path
    ('Report', 'Staff')
    """

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []

    def open(self, level: int, heading: str) -> None:
        """Close every section of this level or deeper, then open one; an empty heading is none."""
        heading = " ".join(heading.split())[:LONGEST_HEADING].rstrip()
        if not heading:
            return
        self.close(level)
        self._headings.append((level, heading))

    def close(self, level: int) -> None:
        """Close every section of this level or deeper."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()

    def close_all(self) -> None:
        """No section is open: a slide, a sheet or a record begins anew."""
        self._headings.clear()

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(heading for _, heading in self._headings)
