"""Tables whose cells span rows or columns → rows in which every value stands below its name.

    | Inner | Single | 2.40 |        Inner | Single | 2.40
    |       | Day    | 5.10 |        Inner | Day | 5.10

What spans is said again in each row and column, so that a row says by itself what it says. A
cell that is all of its row (a caption), or leads a row over several columns (``Total``), is
said once there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_COLUMNS = 63
"""That one cell spans, as in Word; what asks for more (100%, 999) means the rest of its row."""
MOST_ROWS = 65534
"""That one cell may span; HTML says so too."""
LONGEST_REPEATED = 200
"""Characters of a cell that is said again; a longer one is text, and only keeps its place."""

# What is said again in one document, in characters: no more than this, and than a share of it all.
_MOST_REPEATED = 4_000_000
_FREE = 20_000
_RATIO = 4
_BETWEEN = 3  # characters that part two cells


@dataclass(slots=True)
class Cell:
    """A cell's words, and how many columns and rows it stands in."""

    text: str
    columns: int = 1
    rows: int = 1


class Repeats:
    """How much one document's tables may grow: a few bytes of spans can ask for gigabytes."""

    def __init__(self) -> None:
        self._written = 0
        self._repeated = 0

    def wrote(self, text: str) -> None:
        """The document itself has a cell of these words."""
        self._written += len(text) + _BETWEEN

    def grant(self, text: str) -> bool:
        """Whether these words may be said once more."""
        self._repeated += len(text) + _BETWEEN
        return self._repeated <= min(_MOST_REPEATED, _FREE + _RATIO * self._written)


class TableGrid:
    """The columns of one table, filled row by row from the top."""

    def __init__(self, repeats: Repeats) -> None:
        self._repeats = repeats
        self._row = 0
        self._width = 0  # of the longest row of several cells so far; the first may name columns
        self._carried: dict[int, tuple[str, int]] = {}  # column: its words, the last row of them

    def end_group(self) -> None:
        """A head, body or foot of the table ends, and with it every cell that spans rows."""
        self._carried.clear()

    def row(self, cells: Sequence[Cell]) -> list[str]:
        """The words of the next row, column by column; [] where its own cells say nothing.

        >>> grid = TableGrid(Repeats())
        >>> grid.row([Cell("Inner", rows=2), Cell("Single"), Cell("2.40")])
        ['Inner', 'Single', '2.40']
        >>> grid.row([Cell("closed", columns=2)])
        ['Inner', 'closed', 'closed']
        """
        self._row += 1
        if not cells:  # there may be one for every four bytes: nothing is done for each
            return []
        line: list[str] = []
        for cell in cells:
            self._repeats.wrote(cell.text)
            self._carry(line)
            at = len(line)
            line.append(cell.text)
            self._spread(cell, line, is_first=at == 0, is_last=cell is cells[-1])
            if cell.rows > 1:
                self._hold(line, at, cell.rows)
        self._carry_the_rest(line)
        if len(cells) > 1:
            self._width = max(self._width, len(line))
        elif not any(line[1:]):
            line = line[:1]
        return line if any(cell.text for cell in cells) else []

    def _spread(self, cell: Cell, line: list[str], is_first: bool, is_last: bool) -> None:
        """A cell never covers what reaches into the row from above. The last one ends with the
        table, the first has all of the row or is its name, but for the row of names.
        """
        end = len(line) + (cell.columns if cell.columns <= MOST_COLUMNS else 1) - 1
        if is_last and self._width:
            end = min(end, self._width)
        says_once = is_first and (is_last or self._width > 0)
        again = "" if says_once or len(cell.text) > LONGEST_REPEATED else cell.text
        while len(line) < end and not self._is_carried(len(line)) and self._repeats.grant(again):
            line.append(again)

    def _hold(self, line: list[str], at: int, rows: int) -> None:
        last = self._row + min(rows, MOST_ROWS) - 1
        for column in range(at, len(line)):
            text = line[column]
            self._carried[column] = (text if len(text) <= LONGEST_REPEATED else "", last)

    def _is_carried(self, column: int) -> bool:
        return column in self._carried and self._carried[column][1] >= self._row

    def _carry(self, line: list[str]) -> None:
        """Say again whatever reaches into the next columns from above."""
        while self._is_carried(len(line)):
            self._say_again(self._carried[len(line)][0], line)

    def _carry_the_rest(self, line: list[str]) -> None:
        """Also beyond columns that the row leaves out; what ends in it is forgotten."""
        last = max((at for at in self._carried if self._is_carried(at)), default=-1)
        while len(line) <= last and self._carried:
            at = len(line)
            self._say_again(self._carried[at][0] if self._is_carried(at) else "", line)
        self._carried = {
            column: held for column, held in self._carried.items() if held[1] > self._row
        }

    def _say_again(self, text: str, line: list[str]) -> None:
        if self._repeats.grant(text):
            line.append(text)
        else:  # no file that somebody means to be read asks for so much
            self._carried.clear()
