"""Lists of "name: value" → rows: the fields of a record of JSON, and those below a name in bold.

    **Acorn room**
    - Room leader: Patrick Oyelaran
    - Assistants: Tilly Marsh

The name above them names such a row; one of its own values never does, since a list of offices is
of nobody in it. Lists below anything else (a heading, "Action items:") are read as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.records import Span, trimmed
from service.reading.rows import Cell, Row

_FIELD = re.compile(r"(?:[-*•–]\s+)?[*_]*([^\W\d][^:|\n*]{0,39})[*_]*:[*_]*\s+(?=\S)")
_NAME = re.compile(r"[*_]{2}([^*_:|\n]{1,80})[*_]{2}")
# Characters; a longer value is prose.
LONGEST_VALUE = 100
_LINE = re.compile(r"^.*$", re.MULTILINE)


def record_of(text: str) -> list[Row]:
    """The one row of a record's fields, each with the lines below it that name none; no row where
    fewer than two fields are.

    >>> text = "Notes: It stopped.\\nIt hums.\\nPhone: 108"
    >>> [cell.span.of(text) for cell in record_of(text)[0].cells]
    ['It stopped.\\nIt hums.', '108']
    """
    cells: list[Cell] = []
    for line in _lines(text):
        if cell := _cell(text, line):
            cells.append(cell)
        elif cells and line.start < line.end:
            cells[-1] = replace(cells[-1], span=replace(cells[-1].span, end=line.end))
    return [Row(Span(0, len(text)), tuple(cells))] if len(cells) > 1 else []


def lists_of(text: str) -> list[Row]:
    """The rows of a passage's lists of fields, each right below a name in bold.

    >>> text = "**Cook**\\n- Name: Bo Ilie\\n- Phone: 108"
    >>> [row.label_at.of(text) for row in lists_of(text)]
    ['Cook']
    """
    rows: list[Row] = []
    name: re.Match[str] | None = None
    cells: list[Cell] = []
    for line in [*_lines(text), Span(0, 0)]:  # an empty line ends the last list
        cell = _cell(text, line)
        if cell and cell.span.end - cell.span.start <= LONGEST_VALUE:
            cells.append(cell)
            continue
        if name and len({own.name for own in cells}) == len(cells) > 1:
            whole = Span(name.start(), cells[-1].span.end)
            rows.append(Row(whole, tuple(cells), label_at=Span(*name.span(1))))
        name, cells = _NAME.fullmatch(text, line.start, line.end), []
    return rows


def _cell(text: str, line: Span) -> Cell | None:
    found = _FIELD.match(text, line.start, line.end)
    return Cell(found[1].strip(), Span(found.end(), line.end)) if found else None


def _lines(text: str) -> Iterator[Span]:
    """All of them, an empty one as an empty span."""
    return (trimmed(text, *found.span()) for found in _LINE.finditer(text))
