"""What an unfinished build has encoded so far, so that the next one need not do it again.

The file holds the encoder's sign, then a record per vector: the sha256 of the encoded text, the
vector, and the first bytes of the sha256 of both. A record that a crash left half written, or
that the disk altered, is not counted. It goes when what it led to is published.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.closing import Closing
from index.encoder import EncoderIdentity
from index.known_vectors import KEY_BYTES, KeyTable

FILE = "encoding.journal"
SUM_BYTES = 8
# Records read at once when a journal is opened.
SLICE = 4096


class EncodingJournal(Closing):
    """Records of one encoder, in the order they were written; one process at a time.

    The first ``resumed`` rows stem from an interrupted build, the others were appended since.
    """

    def __init__(self, index_folder: Path, encoder: EncoderIdentity) -> None:
        self._path = index_folder / FILE
        self._record = np.dtype(
            [
                ("key", "u1", (KEY_BYTES,)),
                ("vector", "<f4", (encoder.dimensions,)),
                ("sum", "u1", (SUM_BYTES,)),
            ]
        )
        self._table = KeyTable()
        self._fresh: list[np.ndarray] = []
        self._begin = len(sign := _sign(encoder))
        self._file = self._path.open("a+b", buffering=0)
        try:
            self._file.seek(0)
            if self._file.read(self._begin) != sign:  # of another encoder, or none yet
                self._file.truncate(0)
                self._write(sign)
            self._rows = self.resumed = self._read_all()
        except BaseException:
            self._file.close()
            raise

    def find(self, keys: np.ndarray) -> np.ndarray:
        """The row of each key (uint8 [n, 32]), -1 where it is not known; int64 [n]."""
        if self._fresh:  # entered together: each time the whole table is copied
            fresh, self._fresh = np.concatenate(self._fresh), []
            self._table.add(fresh, np.arange(self._rows - len(fresh), self._rows))
        rows = self._table.find(keys)
        for at in np.flatnonzero(rows >= 0):
            if (self._at(int(rows[at]))["key"] != keys[at]).any():
                rows[at] = -1
        return rows

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Their vectors, float32 [rows, dimensions]."""
        return np.array([self._at(int(row))["vector"] for row in rows], dtype=np.float32)

    def append(self, keys: np.ndarray, vectors: np.ndarray) -> None:
        """Keeps vectors (float32 [n, dimensions]) by their keys (uint8 [n, 32]).

        They outlive this process once it returns. Raises OSError where the disk is full.
        """
        records = np.zeros(len(keys), dtype=self._record)
        records["key"], records["vector"] = keys, vectors
        records["sum"] = _sums(records)
        self._write(records.tobytes())
        self._fresh.append(keys)
        self._rows += len(keys)

    def discard(self) -> None:
        """Removes the file: all of it is published."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Keeps the file for the next build where it holds anything."""
        self._file.close()
        if not self._rows:
            self._path.unlink(missing_ok=True)

    def _read_all(self) -> int:
        """Makes every sound record known; returns how many records there are."""
        row, size = 0, SLICE * self._record.itemsize
        with self._path.open("rb") as file:
            file.seek(self._begin)
            while whole := len(data := file.read(size)) // self._record.itemsize:
                records = np.frombuffer(data, self._record, whole)
                sound = np.flatnonzero((records["sum"] == _sums(records)).all(axis=1))
                self._table.add(records["key"][sound], row + sound)
                row += whole
        # What was cut off goes, so that the next record begins where one should.
        self._file.truncate(self._begin + row * self._record.itemsize)
        return row

    def _write(self, data: bytes) -> None:
        # Nothing waits in a buffer: what is written outlives this process.
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]

    def _at(self, row: int) -> np.void:
        self._file.seek(self._begin + row * self._record.itemsize)
        return np.frombuffer(self._file.read(self._record.itemsize), self._record)[0]


def _sign(encoder: EncoderIdentity) -> bytes:
    """What the file begins with: the encoder, by all that its vectors depend on."""
    told = {name: value for name, value in encoder.to_json().items() if name != "name"}
    return b"quoth vectors 1\n" + sha256(json.dumps(told, sort_keys=True).encode()).digest()


def _sums(records: np.ndarray) -> np.ndarray:
    """uint8 [records, SUM_BYTES]"""
    held = records.dtype.itemsize - SUM_BYTES
    rows = np.ascontiguousarray(records).view(np.uint8)
    rows = rows.reshape(len(records), records.dtype.itemsize)[:, :held]
    sums = b"".join(sha256(row.tobytes()).digest()[:SUM_BYTES] for row in rows)
    return np.frombuffer(sums, np.uint8).reshape(-1, SUM_BYTES)
