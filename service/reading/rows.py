"""Passages → the rows that stand in them: of tables, cell by cell, and of records, line by line.

    Ticket | Adult | Child          | Ticket | Adult |         name: Loft
    Day return | €5.20 | €2.60      | :----- | ----: |         capacity: 8
    Ticket: Day return | Adult: …   | Weekly | €18   |         price: free

Whatever format a document had, its tables come as one of these (``index/documents``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.records import Span, trimmed

LONGEST_NAME = 100
# Lines of a record; fewer may be prose with a colon in it.
LEAST_LINES = 3
# Characters of a table that are looked back over for its first line.
LONGEST_TABLE = 20_000

_LINE = re.compile(r"[^\n]+")
_BAR = re.compile(r"(?<!\\)\|")
_PARTED = re.compile(r"\s\|(?:\s|\Z)|^\s*\|")
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")
_FIGURE = re.compile(r"\W*\d")
_NAMED = re.compile(rf"([^\s:|][^:|\n]{{0,{LONGEST_NAME - 1}}}):\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value's place in the passage's text, and its column's name, "" where it has none."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """A row's place in the text, the cells of it that hold anything, two at least, and the names of
    those columns in which it has nothing.
    """

    span: Span
    cells: tuple[Cell, ...]
    empty: tuple[str, ...] = ()


def rows_of(text: str, columns: Sequence[str] | None = None) -> list[Row]:
    """The rows of a passage's tables and records, in its order; none of a table's head.

    ``columns`` are the names of those of the table that the text begins within (``columns_at``).

    >>> (row,) = rows_of("Ticket | Adult\\nWeekly | €18")
    >>> [(cell.name, cell.span.of("Ticket | Adult\\nWeekly | €18")) for cell in row.cells]
    [('Ticket', 'Weekly'), ('Adult', '€18')]
    """
    rows: list[Row] = []
    for at, (kind, lines) in enumerate(_groups(text)):
        if kind == "table":
            rows += _tables(text, lines, columns if at == 0 else None)
        else:
            rows += _record(text, lines)
    return rows


def columns_at(text: str, start: int) -> tuple[str, ...] | None:
    """The names of the columns of the table within which a passage of the text begins; empty where
    it has none or its first line is too far away, None where no table goes on at ``start``, or one
    whose cells have names of their own.
    """
    following = _LINE.search(text, start)
    if not following or _kind(following[0].strip()) != "table":
        return None
    first = _cells(text, trimmed(text, *following.span()))
    if all(_NAMED.match(text, cell.start, cell.end) for cell in first[1:]):
        return None
    lines: list[Span] = []
    end = start
    while end > 0 and start - end <= LONGEST_TABLE:
        begins = text.rfind("\n", 0, end) + 1
        line = trimmed(text, begins, end)
        if line.start < line.end:
            if _kind(line.of(text)) != "table":
                break
            lines.append(line)
        end = max(begins - 1, 0)
    if not lines:
        return None
    lines.reverse()
    if start - end > LONGEST_TABLE:
        return ()
    lines.append(trimmed(text, *following.span()))
    return tuple(_head(text, lines, [_cells(text, line) for line in lines[:1]]))


def _groups(text: str) -> Iterator[tuple[str, list[Span]]]:
    """Lines that belong together: of a table, empty lines or none between, and of a record."""
    kind, lines, end = "", [], 0
    for found in _LINE.finditer(text):
        line = trimmed(text, *found.span())
        if line.start == line.end:
            continue
        own = _kind(line.of(text))
        gap = text.count("\n", end, line.start) > 1
        if lines and (own != kind or (gap and kind == "record")):
            yield kind, lines
            lines = []
        if own:
            lines.append(line)
        kind, end = own, line.end
    if lines:
        yield kind, lines


def _kind(line: str) -> str:
    if _PARTED.search(line):
        return "table"
    return "record" if _NAMED.match(line) else ""


def _record(text: str, lines: Sequence[Span]) -> list[Row]:
    cells = tuple(_named_cell(text, line) for line in lines)
    if len(cells) < LEAST_LINES or len({cell.name for cell in cells}) < len(cells):
        return []
    return [Row(Span(lines[0].start, lines[-1].end), cells)]


def _tables(text: str, lines: Sequence[Span], columns: Sequence[str] | None) -> list[Row]:
    """The line above a rule is the head of another table, though only an empty line parts them."""
    rules = [at for at, line in enumerate(lines) if _RULE.fullmatch(line.of(text))]
    starts = [0, *(at - 1 for at in rules if at > 1), len(lines)]
    return [
        row
        for first, end in pairwise(starts)
        for row in _table(text, lines[first:end], None if first else columns)
    ]


def _table(text: str, lines: Sequence[Span], columns: Sequence[str] | None) -> list[Row]:
    """Cells have the names that stand before them, else those of the table's head."""
    cells = [_cells(text, line) for line in lines]
    names = _head(text, lines, cells) if columns is None else columns
    rows = []
    for at in range(1 if names and columns is None else 0, len(lines)):
        named = _named_cells(text, cells[at], names)
        if len(named) > 1 and not _RULE.fullmatch(lines[at].of(text)):
            rows.append(Row(lines[at], named))
    known = dict.fromkeys([*names, *(cell.name for row in rows for cell in row.cells)])
    return [replace(row, empty=_empty(row, known)) for row in rows]


def _named_cells(text: str, cells: Sequence[Span], names: Sequence[str]) -> tuple[Cell, ...]:
    """Those that hold anything."""
    filled = [at for at, cell in enumerate(cells) if cell.start < cell.end]
    named = [_named_cell(text, cells[at]) for at in filled]
    if all(cell.name for cell in named[1:]):
        return tuple(named)
    return tuple(Cell(names[at] if at < len(names) else "", cells[at]) for at in filled)


def _empty(row: Row, columns: Iterable[str]) -> tuple[str, ...]:
    own = {cell.name for cell in row.cells}
    return tuple(name for name in columns if name and name not in own)


def _head(text: str, lines: Sequence[Span], cells: Sequence[Sequence[Span]]) -> list[str]:
    """The names of the columns, [] where the first line is a row like the others."""
    first = [cell.of(text) for cell in cells[0]]
    if len(lines) < 2 or max(map(len, first)) > LONGEST_NAME:
        return []
    if _RULE.fullmatch(lines[1].of(text)):
        return first
    filled = [name for name in first if name]
    told = any(_FIGURE.match(name) or _NAMED.match(name) for name in filled)
    return first if len(filled) > 1 and not told else []


def _cells(text: str, line: Span) -> list[Span]:
    """What stands between the bars of a line; bars at its ends part nothing."""
    bars = [line.start + bar.start() for bar in _BAR.finditer(line.of(text))]
    starts = [line.start, *(bar + 1 for bar in bars)]
    ends = [*bars, line.end]
    cells = [trimmed(text, start, end) for start, end in zip(starts, ends, strict=True)]
    if len(cells) > 1 and text[line.start] == "|":
        cells = cells[1:]
    if len(cells) > 1 and text[line.end - 1] == "|":
        cells = cells[:-1]
    return cells


def _named_cell(text: str, cell: Span) -> Cell:
    """The cell with the name that stands in it, else as a whole and without one."""
    found = _NAMED.match(text, cell.start, cell.end)
    if not found:
        return Cell("", cell)
    return Cell(found[1], replace(cell, start=found.end()))
