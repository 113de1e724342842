"""The table a part gives: the same Markdown in a terminal and in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One result. ``rows`` hold as many cells as ``columns``; units stand in the columns' names.

    ``note`` says what a reader must know to judge the figures: texts, order of asking, limits.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def __str__(self) -> str:
        """Markdown, its columns aligned, numbers to the right."""
        written = [list(self.columns), *([written_cell(cell) for cell in row] for row in self.rows)]
        # Markdown's rule below the heading wants a dash beside its colon.
        widths = [
            max(2, *(len(line[place]) for line in written)) for place in range(len(self.columns))
        ]
        numeric = [
            all(not isinstance(row[place], str) for row in self.rows)
            for place in range(len(self.columns))
        ]
        lines = [_line(line, widths, numeric) for line in written]
        rule = [
            "-" * (width - 1) + (":" if number else "-")
            for width, number in zip(widths, numeric, strict=True)
        ]
        lines.insert(1, f"| {' | '.join(rule)} |")
        return "\n".join([f"### {self.title}", "", *lines, *(["", self.note] if self.note else [])])


def written_cell(cell: Cell) -> str:
    """A number with the digits that say something: 1234.5 is 1,234 and 0.98765 is 0.988."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or abs(cell) >= 1000:
        return f"{cell:,.0f}"
    if abs(cell) >= 100:
        return f"{cell:.0f}"
    return f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}" if abs(cell) >= 1 else f"{cell:.3f}"


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    placed = [
        cell.rjust(width) if number else cell.ljust(width)
        for cell, width, number in zip(cells, widths, numeric, strict=True)
    ]
    return f"| {' | '.join(placed)} |"
