"""The tables of a page that are open while it is read, and the cells of the row being read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.documents.table_grid import MOST_ROWS, Cell, Repeats, TableGrid

_WHOLE_NUMBER = re.compile(r"[ \t\n\f\r]*\+?([0-9]{1,9})")
Attributes = Mapping[str, str | None]


class OpenTables:
    """Tables within each other, of which at most one has a row that is being read."""

    def __init__(self) -> None:
        self._repeats = Repeats()
        self._grids: list[TableGrid] = []
        self._row: list[Cell] | None = None
        self._cell: Attributes | None = None

    @property
    def in_row(self) -> bool:
        """Whether a row of data is being read."""
        return self._row is not None

    def open(self) -> None:
        """A table begins."""
        self._grids.append(TableGrid(self._repeats))

    def close(self) -> None:
        """The innermost table ends."""
        if self._grids:
            self._grids.pop()

    def end_group(self) -> None:
        """A head, body or foot ends, and no cell reaches beyond it."""
        if self._grids:
            self._grids[-1].end_group()

    def open_row(self) -> None:
        """A row begins."""
        self._row, self._cell = [], None

    def open_cell(self, words: str, attributes: Attributes) -> None:
        """A cell begins; the words are those before it."""
        self.end_cell(words)
        self._cell = attributes

    def end_cell(self, words: str) -> None:
        """A cell ends; words that stand in none are one."""
        if self._row is not None and (words or self._cell is not None):
            self._row.append(cell_of(words, self._cell or {}))
        self._cell = None

    def end_row(self, words: str) -> list[str]:
        """The row's words, column by column; its last cell may not have ended."""
        self.end_cell(words)
        cells, self._row = self._row or [], None
        # Elements of formulas may be called as rows are, and stand in no table.
        return (self._grids[-1] if self._grids else TableGrid(self._repeats)).row(cells)

    def break_row(self, words: str) -> list[str]:
        """The cells so far of what is no row of data but layout; nothing spans in its table."""
        self.end_cell(words)
        cells, self._row = self._row or [], None
        self.end_group()
        return [cell.text for cell in cells]


def cell_of(text: str, attributes: Attributes) -> Cell:
    """A cell as its tag says, read as browsers do: what is no number is 1, 0 rows are all below.

    >>> cell_of("a", {"colspan": "2", "rowspan": "0"})
    Cell(text='a', columns=2, rows=65534)
    """
    columns = _number(attributes.get("colspan")) or 1
    return Cell(text, columns, _number(attributes.get("rowspan")) or MOST_ROWS)


def _number(value: str | None) -> int:
    match = _WHOLE_NUMBER.match(value or "")
    return int(match[1]) if match else 1
