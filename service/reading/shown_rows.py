"""The rows of a passage as a reader is shown it: of tables, of lists of fields, or of a record."""

from __future__ import annotations

from service.reading.field_lists import lists_of, record_of
from service.reading.records import ShownPassage
from service.reading.rows import Row, rows_of


def rows_shown(shown: ShownPassage) -> list[Row]:
    """In the passage's order; of a record the one that its fields make."""
    if shown.is_record:
        return record_of(shown.text)
    rows = [*rows_of(shown.text, shown.columns), *lists_of(shown.text)]
    return sorted(rows, key=lambda row: row.span)
