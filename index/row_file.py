"""Tables written and read by rows: numpy's ``.npy``, without holding or mapping the whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from index.closing import Closing


class RowWriter(Closing):
    """A ``.npy`` file that grows, byte for byte what ``numpy.save`` writes once it is closed."""

    def __init__(self, path: Path, dtype: np.dtype, width: tuple[int, ...] = ()) -> None:
        self.rows = 0
        self._dtype, self._width = np.dtype(dtype), width
        self._file = path.open("wb")
        self._write_header()

    def append(self, rows: np.ndarray | Sequence[tuple]) -> None:
        """``rows`` is [n, *width], or one tuple a row."""
        table = np.ascontiguousarray(np.asarray(rows, dtype=self._dtype))
        self._file.write(table.tobytes())
        self.rows += len(table)

    def close(self) -> None:
        if not self._file.closed:
            with self._file:
                self._file.seek(0)
                self._write_header()

    def _write_header(self) -> None:
        # numpy leaves room in a header for any number of rows, so its length never changes.
        shape = (self.rows, *self._width)
        descr = npy.dtype_to_descr(self._dtype)
        header = {"descr": descr, "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(self._file, header)


class RowReader(Closing):
    """Rows of a ``.npy`` file. Unlike those of a mapped file they are not counted as the
    process's memory after their use.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError or ValueError for what is no ``.npy`` file of version 1."""
        self._file = path.open("rb")
        try:
            npy.read_magic(self._file)
            shape, _, self._dtype = npy.read_array_header_1_0(self._file)
        except BaseException:
            self._file.close()
            raise
        self.rows, self._width = shape[0], shape[1:]
        self._begin = self._file.tell()
        self._size = self._dtype.itemsize * int(np.prod(self._width))

    def read(self, first: int, count: int) -> np.ndarray:
        """Rows from ``first`` on, [count, *width]; fewer at the end."""
        count = max(0, min(count, self.rows - first))
        self._file.seek(self._begin + first * self._size)
        data = self._file.read(count * self._size)
        return np.frombuffer(data, self._dtype).reshape(count, *self._width)

    def take(self, rows: np.ndarray) -> np.ndarray:
        """The rows named, [len(rows), *width]; those that follow each other are read at once."""
        runs = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1)
        found = [self.read(int(run[0]), len(run)) for run in runs if len(run)]
        return np.concatenate(found) if found else self.read(0, 0)

    def close(self) -> None:
        self._file.close()
