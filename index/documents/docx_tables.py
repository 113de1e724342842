"""Merged cells of Word's tables: those that go on with the cell above become its rows."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from index.documents.table_grid import Cell

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = _W + "val"


class MergedCells:
    """The cells of one table, given row by row from the top; cells above grow in the course."""

    def __init__(self) -> None:
        self._open: dict[int, Cell] = {}  # by their first column, those that may go on below

    def row(self, row: etree._Element, cells: Iterable[tuple[etree._Element, str]]) -> list[Cell]:
        """A row's own cells; one that goes on with the one above, and says nothing, is none."""
        own: list[Cell] = []
        still_open: dict[int, Cell] = {}
        column = _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        if column:  # the row begins further right
            own.append(Cell("", column))
        for element, words in cells:
            columns = _number(element.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            merge = element.find(f"{_W}tcPr/{_W}vMerge")
            above = self._open.get(column)
            if merge is not None and merge.get(_VAL) != "restart" and above and not words:
                above.rows += 1
                still_open[column] = above
            else:
                own.append(cell := Cell(words, columns))
                if merge is not None:
                    still_open[column] = cell
            column += columns
        self._open = still_open
        return own


def _number(element: etree._Element | None, default: int) -> int:
    """A count as a file states it; what is none, or too much for Word, is the default."""
    value = (element.get(_VAL) or "") if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else default
