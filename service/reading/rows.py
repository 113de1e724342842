"""Passages → the rows of the tables that stand in them, cell by cell.

    Ticket | Adult | Child          | Ticket | Adult |      Ticket: Weekly | Adult: €18 | …
    Day return | €5.20 | €2.60      | :----- | ----: |      Ticket: Single | Adult: €3 | …
    Weekly | €18 | €9               | Weekly | €18   |

Whatever format a document had, its tables come as one of these (``index/documents``); a cell that
holds nothing leaves its bar: ``| Adult | Child``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.records import Span, trimmed
from service.reading.table_lines import (
    LINE,
    LONGEST_NAME,
    NAMED,
    cells_of,
    groups,
    has_names,
    is_framed,
    is_row,
    is_rule,
    tables_of,
)
from service.reading.units import unit_of

# Lines of a table whose first is taken for its head without a rule below it: two may be two rows.
LEAST_LINES = 3
# Characters of a table that are looked back over for its first line.
LONGEST_TABLE = 20_000
# Of the line above a passage that are looked at.
LONGEST_LINE = 2_000

_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_FIGURE = re.compile(r"\W*\d")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value's place in the passage's text, and its column's name, "" where it has none."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """A row's place in the text, the cells of it that hold anything, two at least, and the names of
    those columns in which it has nothing. ``label_at`` is where its name stands, if in no cell;
    ``is_property`` says that its first cell names a property of what the columns are.
    """

    span: Span
    cells: tuple[Cell, ...]
    empty: tuple[str, ...] = ()
    label_at: Span | None = None
    is_property: bool = False


def rows_of(text: str, columns: Sequence[str] | None = None) -> list[Row]:
    """The rows of a passage's tables, in its order; none of a table's head.

    ``columns`` are the names of those of the table that the text begins within (``columns_at``).

    >>> text = "| Ticket | Adult |\\n|--|--|\\n| Weekly | €18 |"
    >>> [(cell.name, cell.span.of(text)) for row in rows_of(text) for cell in row.cells]
    [('Ticket', 'Weekly'), ('Adult', '€18')]
    """
    rows: list[Row] = []
    for at, lines in enumerate(groups(text)):
        for number, table in enumerate(tables_of(text, lines)):
            rows += _table(text, table, None if at or number else columns)
    return rows


def heads_of(text: str, start: int, end: int) -> list[Span]:
    """What of the passage from ``start`` to ``end`` only names the columns of its tables, each with
    the rule below it, by its place in the text.

    >>> text = "A | B\\n1 | 2\\n3 | 4"
    >>> [head.of(text) for head in heads_of(text, 0, len(text))]
    ['A | B']
    """
    passage = text[start:end]
    tables = [table for lines in groups(passage) for table in tables_of(passage, lines)]
    # Which table goes on, as ``columns_at`` tells, would take a hundred times as long.
    above = text[max(0, start - LONGEST_LINE) : start].rstrip().rpartition("\n")[2]
    first = LINE.search(passage)
    begun = first is not None and is_row(first[0].strip()) and is_row(above.strip())
    heads = []
    for table in tables[1 if begun else 0 :]:
        if _head(passage, table):
            last = table[1] if is_rule(table[1].of(passage)) else table[0]
            heads.append(Span(start + table[0].start, start + last.end))
    return heads


def columns_at(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The names of the columns of the table within which the passage from ``start`` to ``end``
    begins; empty where it has none or its first line is too far away, None where no table goes on
    at ``start``, or one whose cells have names of their own.
    """
    following = LINE.search(text, start, end)
    if not following or not is_row(following[0].strip()):
        return None
    before = _lines_before(text, start)
    if not before or start - before[0].start > LONGEST_TABLE:
        return () if before else None
    own = [Span(start + one.start, start + one.end) for one in next(groups(text[start:end]))]
    if has_names(text, cells_of(text, own[0], True)):
        return None
    table = next(table for table in tables_of(text, [*before, *own]) if own[0] in table)
    return None if table[0] == own[0] else tuple(_head(text, table))


def _lines_before(text: str, start: int) -> list[Span]:
    """Those of the table that goes on at ``start``, or a few more than are looked back over."""
    lines: list[Span] = []
    end = start
    while end > 0 and start - end <= LONGEST_TABLE:
        begins = text.rfind("\n", 0, end) + 1
        line = trimmed(text, begins, end)
        if line.start < line.end:
            if not is_row(line.of(text)):
                break
            lines.append(line)
        end = max(begins - 1, 0)
    return lines[::-1]


def _table(text: str, lines: Sequence[Span], columns: Sequence[str] | None) -> list[Row]:
    """Cells have the names that stand before them, else those of the table's head. Rows whose
    columns have no names are none: what they say is as plain in the text.
    """
    names = _head(text, lines) if columns is None else columns
    framed, rows = is_framed(text, lines, columns), []
    for line in lines[1 if names and columns is None else 0 :]:
        named = _named_cells(text, cells_of(text, line, framed), names)
        if any(cell.name for cell in named[1:]) and not is_rule(line.of(text)):
            rows.append(Row(line, named))
    known = dict.fromkeys([*names, *(cell.name for row in rows for cell in row.cells)])
    turned = _are_properties(text, rows)
    return [replace(row, empty=_empty(row, known), is_property=turned) for row in rows]


def _are_properties(text: str, rows: Sequence[Row]) -> bool:
    """Whether rows have values of one unit each, and columns of several: "Weight | 5 kg | 4 kg"."""
    told = [
        {cell.name: unit for cell in row.cells[1:] if (unit := unit_of(cell.span.of(text)))}
        for row in rows
    ]
    across = [one == other for row in told for one, other in pairwise(row.values())]
    down = [
        unit == below[name]
        for above, below in pairwise(told)
        for name, unit in above.items()
        if name in below
    ]
    return bool(across and down) and sum(across) * len(down) > sum(down) * len(across)


def _named_cells(text: str, cells: Sequence[Span], names: Sequence[str]) -> tuple[Cell, ...]:
    """Those that hold anything."""
    filled = [at for at, cell in enumerate(cells) if cell.start < cell.end]
    if has_names(text, [cells[at] for at in filled]):
        return tuple(_named_cell(text, cells[at]) for at in filled)
    return tuple(Cell(names[at] if at < len(names) else "", cells[at]) for at in filled)


def _empty(row: Row, columns: Iterable[str]) -> tuple[str, ...]:
    own = {cell.name for cell in row.cells}
    return tuple(name for name in columns if name and name not in own)


def _head(text: str, lines: Sequence[Span]) -> list[str]:
    """The names of the columns, [] where the first line is a row like the others, or may be one of
    two.
    """
    first = [cell.of(text) for cell in cells_of(text, lines[0], is_framed(text, lines, None))]
    if len(lines) < 2 or is_rule(lines[0].of(text)) or max(map(len, first)) > LONGEST_NAME:
        return []
    if is_rule(lines[1].of(text)):
        return first
    filled = [name for name in first if name]
    if len(filled) < 2:
        return []
    told = any(_FIGURE.match(name) and not _YEAR.fullmatch(name) for name in filled)
    told = told or any(NAMED.match(name) for name in filled) or bool(_FIGURE.match(filled[0]))
    return first if len(lines) >= LEAST_LINES and not told else []


def _named_cell(text: str, cell: Span) -> Cell:
    """The cell with the name that stands in it, else as a whole and without one."""
    found = NAMED.match(text, cell.start, cell.end)
    if not found:
        return Cell("", cell)
    return Cell(found[1], replace(cell, start=found.end()))
