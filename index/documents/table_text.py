"""Rows of a sheet → text: each row with the names of its columns, so that it says by itself
what it says.

    Region | Year | Revenue
    Region: North | Year: 2024 | Revenue: 1,700

The header is the first row of a table that is nothing but names, or a name and years in a row
(``Region | 2023 | 2024``); above it may stand lines of their own, and a row after an empty one
may begin another table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from index.documents.text_blocks import LINE_GAP, PARAGRAPH_GAP, TextBlocks

LONGEST_NAME = 100
"""Characters of a column's name; a longer cell is text."""

_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_NUMBER = re.compile(r"[-+(]?[^\w\s]?\s?\d[\d.,:/\s-]*\s?[%\w]{0,3}[)]?")
# "30 Jun 2025", "Mon, June 30th, 2025 9:15": as sheets show days; a month alone may name a column.
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = re.compile(
    rf"(?:[a-z]{{3,9}},?\s)?(?:\d\d?[\s-]{_MONTH}|{_MONTH}\s\d\d?(?:st|nd|rd|th)?),?[\s-](?:\d\d){{1,2}}"
    r"(?:,?\s\d\d?[:.\d]*(?:\s[ap]m)?)?",
    re.IGNORECASE,
)

Row = tuple[int, Sequence[str]]
"""A row's number, from 1, and its cells from column A on."""


def add_rows(rows: Iterable[Row], sheet: str, text: TextBlocks) -> None:
    """Append every row that holds anything, a block each, with its cells as its place.

    ``sheet`` goes into the place (``Costs!A:F``); "" for a file without sheets.
    """
    header: Sequence[str] | None = None
    before, above, may_begin = 0, "", True  # a table begins at the top, or below an empty row
    for (number, cells), (following, below) in _with_next(rows):
        filled = [column for column, cell in enumerate(cells) if cell]
        columns = f"{column_name(filled[0])}:{column_name(filled[-1])}"
        if number > before + 1:
            may_begin = True
        elif len(filled) > 1 and columns == above:  # of the table that has begun without names
            may_begin = False
        before, above = number, columns
        is_header = may_begin and following == number + 1 and _are_names(cells)
        if is_header and header and not any(map(is_number, below)):
            # Names under names, as in a list of people, may be a table or go on with one: a
            # name too few says less, a wrong one lies.
            header, is_header = None, False
        text.turn_to(row=number, label=f"{quoted(sheet)}!{columns}" if sheet else columns)
        named = [_named(None if is_header else header, at, cells[at]) for at in filled]
        text.add(" | ".join(named), PARAGRAPH_GAP if may_begin else LINE_GAP)
        if is_header:
            header, may_begin = cells, False
        elif header:
            may_begin = False


def column_name(column: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_name(0), column_name(25), column_name(26), column_name(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def quoted(sheet: str) -> str:
    """A sheet's name as references spell it.

    >>> quoted("Costs"), quoted("Q1 '24")
    ('Costs', "'Q1 ''24'")
    """
    is_plain = re.fullmatch(r"[^\W\d]\w*", sheet)
    return sheet if is_plain else "'" + sheet.replace("'", "''") + "'"


def is_number(cell: str) -> bool:
    """Whether a cell is an amount, a date or a share rather than a name."""
    return bool(_NUMBER.fullmatch(cell) or _DAY.fullmatch(cell))


def _with_next(rows: Iterable[Row]) -> Iterator[tuple[Row, Row]]:
    """Each row that holds anything, its cells on one line, and the next such (0 for none)."""
    last: Row | None = None
    for number, cells in rows:
        cells = [" ".join(cell.split()) for cell in cells]
        if not any(cells):
            continue
        if last is not None:
            yield last, (number, cells)
        last = (number, cells)
    if last is not None:
        yield last, (0, ())


def _are_names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return (
        len(filled) > 1
        and len({cell.casefold() for cell in filled}) == len(filled)
        and not any(len(cell) > LONGEST_NAME for cell in filled)
        and not is_number(filled[0])
        and _are_years([cell for cell in filled if is_number(cell)])
    )


def _are_years(cells: Sequence[str]) -> bool:
    """Whether numbers among names are years in a row, as columns are called; true for none.

    >>> _are_years(["2023", "2024"]), _are_years(["2024"]), _are_years(["1984", "2024"])
    (True, False, False)
    """
    if not all(map(_YEAR.fullmatch, cells)) or len(cells) == 1:
        return False
    return all(abs(int(year) - int(after)) == 1 for year, after in pairwise(cells))


def _named(header: Sequence[str] | None, column: int, cell: str) -> str:
    name = header[column] if header and column < len(header) else ""
    return f"{name}: {cell}" if name else cell
