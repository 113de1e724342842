"""Passages → the rows of the tables that stand in them, cell by cell.

    Ticket | Adult | Child          | Ticket | Adult |      Ticket: Weekly | Adult: €18 | …
    Day return | €5.20 | €2.60      | :----- | ----: |      Ticket: Single | Adult: €3 | …
    Weekly | €18 | €9               | Weekly | €18   |

Whatever format a document had, its tables come as one of these (``index/documents``); a cell that
holds nothing leaves its bar: ``| Adult | Child``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.records import Span, trimmed

LONGEST_NAME = 100
# Lines of a table whose first is taken for its head without a rule below it: two may be two rows.
LEAST_LINES = 3
# Characters of a table that are looked back over for its first line.
LONGEST_TABLE = 20_000

_LINE = re.compile(r"[^\n]+")
_BAR = re.compile(r"(?<!\\)\|")
_PARTED = re.compile(r"\s\|(?:\s|\Z)|^\s*\|")
_RULE = re.compile(r"[\s|:]*+-[\s|:-]*+")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
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
    those columns in which it has nothing. ``label_at`` is where its name stands, if in no cell.
    """

    span: Span
    cells: tuple[Cell, ...]
    empty: tuple[str, ...] = ()
    label_at: Span | None = None


def rows_of(text: str, columns: Sequence[str] | None = None) -> list[Row]:
    """The rows of a passage's tables, in its order; none of a table's head.

    ``columns`` are the names of those of the table that the text begins within (``columns_at``).

    >>> text = "| Ticket | Adult |\\n|--|--|\\n| Weekly | €18 |"
    >>> [(cell.name, cell.span.of(text)) for row in rows_of(text) for cell in row.cells]
    [('Ticket', 'Weekly'), ('Adult', '€18')]
    """
    rows: list[Row] = []
    for at, lines in enumerate(_groups(text)):
        for number, table in enumerate(_tables(text, lines)):
            rows += _table(text, table, None if at or number else columns)
    return rows


def heads_of(text: str) -> list[Span]:
    """The lines of a text that only name the columns of its tables, and the rules below them.

    >>> [head.of("A | B\n1 | 2\n3 | 4") for head in heads_of("A | B\n1 | 2\n3 | 4")]
    ['A | B']
    """
    tables = [table for lines in _groups(text) for table in _tables(text, lines)]
    heads = [table[0] for table in tables if _head(text, table)]
    return heads + [line for table in tables for line in table if _is_rule(line.of(text))]


def columns_at(text: str, start: int, end: int) -> tuple[str, ...] | None:
    """The names of the columns of the table within which the passage from ``start`` to ``end``
    begins; empty where it has none or its first line is too far away, None where no table goes on
    at ``start``, or one whose cells have names of their own.
    """
    following = _LINE.search(text, start, end)
    if not following or not _is_row(following[0].strip()):
        return None
    before = _lines_before(text, start)
    if not before or start - before[0].start > LONGEST_TABLE:
        return () if before else None
    own = [Span(start + one.start, start + one.end) for one in next(_groups(text[start:end]))]
    if _has_names(text, _cells(text, own[0], True)):
        return None
    table = next(table for table in _tables(text, [*before, *own]) if own[0] in table)
    return None if table[0] == own[0] else tuple(_head(text, table))


def _lines_before(text: str, start: int) -> list[Span]:
    """Those of the table that goes on at ``start``, or a few more than are looked back over."""
    lines: list[Span] = []
    end = start
    while end > 0 and start - end <= LONGEST_TABLE:
        begins = text.rfind("\n", 0, end) + 1
        line = trimmed(text, begins, end)
        if line.start < line.end:
            if not _is_row(line.of(text)):
                break
            lines.append(line)
        end = max(begins - 1, 0)
    return lines[::-1]


def _groups(text: str) -> Iterator[list[Span]]:
    """Lines of tables that only empty lines part, or none."""
    lines: list[Span] = []
    above, ruled = None, False  # the line above, if it has a bar; whether a rule stands above
    for found in _LINE.finditer(text):
        line = trimmed(text, *found.span())
        words = line.of(text)
        has_bar = bool(_BAR.search(words))
        if has_bar and _is_rule(words):
            # Around a rule bars part cells though no space is about them: "A|B", "-|-", "1|2".
            lines = lines or ([above] if above else [])
            ruled = True
        if _is_row(words) or (ruled and has_bar):
            lines.append(line)
        elif line.start < line.end:
            if lines:
                yield lines
            lines, ruled = [], False
        above = line if has_bar else None
    if lines:
        yield lines


def _is_row(line: str) -> bool:
    return bool(_PARTED.search(line)) or ("|" in line and _is_rule(line))


def _is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(line))


def _tables(text: str, lines: Sequence[Span]) -> list[list[Span]]:
    """Tables that only an empty line parts, of one group of lines: above a rule stands the head of
    another one, and so it may where a line has more cells than the head.
    """
    tables: list[list[Span]] = [[lines[0]]]
    width = _bars(lines[0].of(text))
    for line, following in zip(lines[1:], [*lines[2:], None], strict=False):
        above_a_rule = following is not None and _is_rule(following.of(text))
        bars = _bars(line.of(text))
        if above_a_rule or (bars > width and not _has_names(text, _cells(text, line, True))):
            tables.append([])
            width = bars
        tables[-1].append(line)
    return tables


def _bars(line: str) -> int:
    """How many part its cells: counted, since a table of hundreds of lines is looked back over."""
    return line.count("|") - line.count("\\|")


def _table(text: str, lines: Sequence[Span], columns: Sequence[str] | None) -> list[Row]:
    """Cells have the names that stand before them, else those of the table's head. Rows whose
    columns have no names are none: what they say is as plain in the text.
    """
    names = _head(text, lines) if columns is None else columns
    framed, rows = _is_framed(text, lines, columns), []
    for line in lines[1 if names and columns is None else 0 :]:
        named = _named_cells(text, _cells(text, line, framed), names)
        if any(cell.name for cell in named[1:]) and not _is_rule(line.of(text)):
            rows.append(Row(line, named))
    known = dict.fromkeys([*names, *(cell.name for row in rows for cell in row.cells)])
    return [replace(row, empty=_empty(row, known)) for row in rows]


def _named_cells(text: str, cells: Sequence[Span], names: Sequence[str]) -> tuple[Cell, ...]:
    """Those that hold anything."""
    filled = [at for at, cell in enumerate(cells) if cell.start < cell.end]
    if _has_names(text, [cells[at] for at in filled]):
        return tuple(_named_cell(text, cells[at]) for at in filled)
    return tuple(Cell(names[at] if at < len(names) else "", cells[at]) for at in filled)


def _has_names(text: str, cells: Sequence[Span]) -> bool:
    """Whether names stand in the cells, but perhaps in the first."""
    return len(cells) > 1 and all(_NAMED.match(text, one.start, one.end) for one in cells[1:])


def _empty(row: Row, columns: Iterable[str]) -> tuple[str, ...]:
    own = {cell.name for cell in row.cells}
    return tuple(name for name in columns if name and name not in own)


def _head(text: str, lines: Sequence[Span]) -> list[str]:
    """The names of the columns, [] where the first line is a row like the others, or may be one of
    two.
    """
    first = [cell.of(text) for cell in _cells(text, lines[0], _is_framed(text, lines, None))]
    if len(lines) < 2 or max(map(len, first)) > LONGEST_NAME:
        return []
    if _is_rule(lines[1].of(text)):
        return first
    filled = [name for name in first if name]
    if len(filled) < 2:
        return []
    told = any(_FIGURE.match(name) and not _YEAR.fullmatch(name) for name in filled)
    told = told or any(_NAMED.match(name) for name in filled) or bool(_FIGURE.match(filled[0]))
    return first if len(lines) >= LEAST_LINES and not told else []


def _is_framed(text: str, lines: Sequence[Span], columns: Sequence[str] | None) -> bool:
    """Whether the bars that lines begin with are a table's frame and not an empty cell's: all have
    one, and with that cell they would not be as many as the ``columns`` known.
    """
    cells = {_bars(line.of(text)) + 1 for line in lines}
    is_begun = all(text[line.start] == "|" for line in lines)
    return is_begun and (columns is None or max(cells) != len(columns))


def _cells(text: str, line: Span, is_framed: bool) -> list[Span]:
    """What stands between the bars of a line; the one at its end parts nothing, nor in a frame the
    one at its beginning.
    """
    bars = [line.start + bar.start() for bar in _BAR.finditer(line.of(text))]
    starts = [line.start, *(bar + 1 for bar in bars)]
    ends = [*bars, line.end]
    cells = [trimmed(text, start, end) for start, end in zip(starts, ends, strict=True)]
    if len(cells) > 1 and is_framed and text[line.start] == "|":
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
