"""Where passages stand in sources that have pages or cells, as a snapshot keeps it.

A table of places in document and text order, mapped and searched by halving, so that a million
rows cost a citation nothing and opening a snapshot little.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.closing import Closing
from index.mapped import open_array
from index.records import Place, Span
from index.row_file import RowWriter

PLACES = "places.npy"
LABELS = "labels.json"
PLACE = np.dtype(
    [("document", "<i4"), ("start", "<i4"), ("page", "<i4"), ("row", "<i4"), ("label", "<i4")]
)


class PlacesWriter(Closing):
    """Writes ``PLACES`` and ``LABELS``, document by document."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows = RowWriter(folder / PLACES, PLACE)
        self._labels: dict[str, int] = {}

    def add(self, document_row: int, places: Sequence[Place]) -> None:
        """A document's, in text order."""
        labels = self._labels
        if places:
            self._rows.append(
                [
                    (document_row, p.start, p.page, p.row, labels.setdefault(p.label, len(labels)))
                    for p in places
                ]
            )

    def close(self) -> None:
        self._rows.close()
        labels = json.dumps([*self._labels], ensure_ascii=False)
        (self._folder / LABELS).write_text(f"{labels}\n", encoding="utf-8")


class Places:
    """The places of all documents of one snapshot, read-only: ``PLACE`` rows and their labels."""

    def __init__(self, rows: np.ndarray, labels: Sequence[str]) -> None:
        self.rows = rows
        self.labels = labels
        # Kept, because memmap's own class makes every look at a row cost a microsecond.
        self._documents, self._starts = (rows.view(np.ndarray)[f] for f in ("document", "start"))

    @classmethod
    def open(cls, folder: Path) -> Places:
        rows = open_array(folder / PLACES, PLACE)
        return cls(rows, json.loads((folder / LABELS).read_bytes()))

    def of(self, document_row: int, span: Span) -> tuple[Place, Place] | None:
        """The places that the first and the last character of a span stand at.

        None where the document has no pages or rows, or the span begins before its first.
        """
        documents, starts = self._documents, self._starts
        begin, end = bisect_left(documents, document_row), bisect_right(documents, document_row)
        first = bisect_right(starts, span.start, begin, end) - 1
        last = bisect_right(starts, span.end - 1, begin, end) - 1
        return (self._place(first), self._place(last)) if first >= begin else None

    def _place(self, row: int) -> Place:
        _, start, page, line, label = self.rows[row].item()
        return Place(start, page, line, self.labels[label])

    def faults(self, lengths: Sequence[int]) -> Iterator[str]:
        """What is wrong, given how many characters each document has; nothing where all is well."""
        rows = self.rows
        if (
            rows.dtype != PLACE
            or rows.ndim != 1
            or not all(isinstance(x, str) for x in self.labels)
        ):
            yield f"{PLACES} or {LABELS} is no table of its kind"
            return
        if not len(rows):
            return
        document, start = rows["document"].astype(np.int64), rows["start"].astype(np.int64)
        unknown = (document < 0) | (document >= len(lengths))
        ends = np.array(lengths)[np.where(unknown, 0, document)]
        apart = np.diff(document)
        for wrong, what in (
            (unknown, "names a document that is not there"),
            ((start < 0) | (start > ends), "lies beyond its document's text"),
            ((rows["label"] < 0) | (rows["label"] >= len(self.labels)), "names no label"),
            ((rows["page"] > 0) == (rows["row"] > 0), "is neither a page nor a row"),
            (
                np.r_[False, (apart < 0) | ((apart == 0) & (np.diff(start) < 0))],
                "is before the place before it",
            ),
        ):
            yield from (f"place {row} {what}" for row in np.flatnonzero(wrong))


def cells(first: Place, last: Place) -> str | None:
    """The cells from one row to another as spreadsheets name them; None where they are no rows.

    >>> cells(Place(0, row=5, label="Costs!A:F"), Place(90, row=7, label="Costs!A:F"))
    'Costs!A5:F7'
    """
    if not first.row:
        return None
    sheet, mark, _ = first.label.rpartition("!")
    columns = [at.label.rpartition("!")[2].split(":") for at in (first, last)]
    # Rows may be of different width; "AA" is to the right of "Z".
    left = min((pair[0] for pair in columns), key=lambda name: (len(name), name))
    right = max((pair[-1] for pair in columns), key=lambda name: (len(name), name))
    return f"{sheet}{mark}{left}{first.row}:{right}{last.row}"
