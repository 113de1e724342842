"""A snapshot's documents as listed; a line of ``documents.jsonl`` is parsed when asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np

# Bytes looked through for line ends at a time.
SLICE = 16 << 20


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as listed; ``passages`` are its rows, ``bytes`` is its place among all texts."""

    doc_id: str
    uri: str
    title: str
    media_type: str
    source_sha256: str
    text_sha256: str
    metadata: Mapping[str, Any]
    characters: int
    bytes: range
    passages: range

    def fields(self) -> dict[str, Any]:
        """What a filter is asked of: the metadata, and the document's own fields over it."""
        own = ("doc_id", "uri", "title", "media_type")
        return {**self.metadata, **{name: getattr(self, name) for name in own}}

    def to_line(self) -> str:
        """As a line of ``documents.jsonl``, its end included."""
        value = {name: getattr(self, name) for name in self.__slots__}
        for name in ("bytes", "passages"):
            value[name] = [value[name].start, value[name].stop]
        return json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_line(cls, line: bytes) -> DocumentEntry:
        value = json.loads(line)
        for name in ("bytes", "passages"):
            value[name] = range(*value[name])
        return cls(**value)


class Entries(Sequence[DocumentEntry]):
    """All documents in their order; a million of them open in a moment."""

    def __init__(self, path: Path) -> None:
        # Read and not mapped: what is parsed later must be what was verified.
        self._data = path.read_bytes()
        view = np.frombuffer(self._data, np.uint8)
        ends = [
            first + 1 + np.flatnonzero(view[first : first + SLICE] == ord("\n"))
            for first in range(0, len(view), SLICE)
        ]
        self._starts = np.concatenate([[0], *ends])
        self._parsed: list[DocumentEntry | None] = [None] * (len(self._starts) - 1)

    def __len__(self) -> int:
        return len(self._parsed)

    @overload
    def __getitem__(self, row: int) -> DocumentEntry: ...
    @overload
    def __getitem__(self, row: slice) -> list[DocumentEntry]: ...
    def __getitem__(self, row: int | slice) -> DocumentEntry | list[DocumentEntry]:
        if isinstance(row, slice):
            return [self[own] for own in range(*row.indices(len(self)))]
        entry = self._parsed[row]
        if entry is None:
            own = range(len(self))[row]
            line = self._data[self._starts[own] : self._starts[own + 1]]
            entry = self._parsed[row] = DocumentEntry.from_line(line)
        return entry

    def row_of(self, doc_id: str) -> int | None:
        """The row of the document with that id, found in the file as it is written."""
        wanted = b'"doc_id": ' + json.dumps(doc_id, ensure_ascii=False).encode("utf-8", "replace")
        at = self._data.find(wanted)
        while at >= 0:
            row = int(np.searchsorted(self._starts, at, side="right")) - 1
            # Metadata may speak of another document.
            if self[row].doc_id == doc_id:
                return row
            at = self._data.find(wanted, at + 1)
        return None

    @cached_property
    def fields(self) -> list[dict[str, Any]]:
        """What filters are asked of, each document's; all are parsed for the first filter."""
        return [entry.fields() for entry in self]
