"""CSV and TSV: every record a row with its header, its number and its columns as its place."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from itertools import islice

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.table_text import add_rows
from index.documents.text_blocks import TextBlocks
from index.errors import UnreadableDocument

_DELIMITERS = ",;\t|"
_SAMPLED_ROWS = 50


def parse(data: bytes) -> Extract:
    """Records as spreadsheets number them: a quoted line end starts none.

    Raises UnreadableDocument.
    """
    decoded = decode(data)
    csv.field_size_limit(max(csv.field_size_limit(), len(decoded.text)))
    rows = csv.reader(StringIO(decoded.text, newline=""), delimiter=_delimiter(decoded.text))
    text = TextBlocks()
    try:
        add_rows(enumerate(rows, start=1), "", text)
    except csv.Error as error:
        raise UnreadableDocument(f"line {rows.line_num} is no CSV: {error}") from error
    return Extract(text.text, None, tuple(text.blocks), decoded.metadata, tuple(text.places))


def _delimiter(text: str) -> str:
    """The delimiter that gives most rows the same number of fields, and more than one."""

    def agreement(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(row) for row in islice(rows, _SAMPLED_ROWS) if len(row) > 1)
        except csv.Error:
            return 0, 0
        width, rows_of_it = widths.most_common(1)[0] if widths else (0, 0)
        return rows_of_it, width

    return max(_DELIMITERS, key=agreement)
