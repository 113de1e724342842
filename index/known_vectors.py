"""Vectors that need not be encoded again: found by the sha256 of the text they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from index.closing import Closing
from index.dense import VECTORS
from index.encoder import EncoderIdentity
from index.errors import CorruptSnapshot, IncompatibleSnapshot, SnapshotNotFound
from index.manifest import check_files, read_manifest
from index.pointer import SNAPSHOTS, read_pointer
from index.row_file import RowReader
from index.snapshot import WINDOWS

KEY_BYTES = 32
# Keys read at once.
SLICE = 65_536


class KnownVectors(Protocol):
    """Where vectors may be found before any is encoded."""

    def find(self, keys: np.ndarray) -> np.ndarray:
        """The row of each key (uint8 [n, 32]), -1 where it is not known; int64 [n]."""

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Their vectors, float32 [rows, dimensions]."""


class KeyTable:
    """Rows by key, in 16 bytes a row: a key's first 8 bytes and its row, in order of these.

    Two keys may begin alike, so what is found is a candidate, to be compared whole.
    """

    def __init__(self) -> None:
        self._heads = np.empty(0, dtype=np.uint64)
        self._rows = np.empty(0, dtype=np.int64)

    def add(self, keys: np.ndarray, rows: np.ndarray) -> None:
        """``keys`` is uint8 [n, 32], ``rows`` int64 [n]."""
        heads = _heads(keys)
        order = np.argsort(heads, kind="stable")
        places = np.searchsorted(self._heads, heads[order], side="right")
        self._heads = np.insert(self._heads, places, heads[order])
        self._rows = np.insert(self._rows, places, rows[order])

    def find(self, keys: np.ndarray) -> np.ndarray:
        """The first row whose key begins as each of ``keys`` does, -1 for none; int64 [n]."""
        heads = _heads(keys)
        found = np.full(len(heads), -1, dtype=np.int64)
        places = np.searchsorted(self._heads, heads)
        inside = places < len(self._heads)
        alike = np.flatnonzero(inside)[self._heads[places[inside]] == heads[inside]]
        found[alike] = self._rows[places[alike]]
        return found


class PublishedVectors(Closing):
    """Those of the published snapshot, where the same encoder made them; else none.

    A broken snapshot is no reason to stop: nothing is taken from it, and the build that
    follows mends it.
    """

    def __init__(self, index_folder: Path, encoder: EncoderIdentity) -> None:
        self._table = KeyTable()
        folder = _usable(index_folder, encoder)
        self._files = [] if folder is None else [RowReader(folder / n) for n in (WINDOWS, VECTORS)]
        if self._files:
            windows = self._files[0]
            for first in range(0, windows.rows, SLICE):
                keys = windows.read(first, SLICE)["encoded_sha256"]
                self._table.add(keys, np.arange(first, first + len(keys)))

    def find(self, keys: np.ndarray) -> np.ndarray:
        rows = self._table.find(keys)
        known = np.flatnonzero(rows >= 0)
        if len(known):
            stored = self._files[0].take(rows[known])["encoded_sha256"]
            rows[known[(stored != keys[known]).any(axis=1)]] = -1
        return rows

    def take(self, rows: np.ndarray) -> np.ndarray:
        return self._files[1].take(rows)

    def close(self) -> None:
        for file in self._files:
            file.close()


def _usable(index_folder: Path, encoder: EncoderIdentity) -> Path | None:
    """The published snapshot's folder, where it is whole and of this encoder."""
    try:
        folder = index_folder / SNAPSHOTS / read_pointer(index_folder).version
        manifest = read_manifest(folder)
    except (SnapshotNotFound, IncompatibleSnapshot, CorruptSnapshot):
        return None
    if not manifest.encoder.same_vectors(encoder) or check_files(folder, manifest):
        return None
    return folder


def _heads(keys: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(keys[:, :8]).view(np.uint64)[:, 0]
