"""Arrays in .npy files, mapped into memory without parsing what the file says of itself."""

from __future__ import annotations

from io import BytesIO
from math import prod
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from index.errors import CorruptSnapshot

# Magic, version and the header's length, which precede the header.
PREAMBLE = 10


def create_array(path: Path, dtype: np.dtype | str, shape: tuple[int, ...]) -> np.ndarray:
    """A new .npy file of zeros, mapped to be written; it is whole once the array is let go."""
    header = header_of(np.dtype(dtype), shape)
    size = prod(shape) * np.dtype(dtype).itemsize
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + size)
    if not size:
        return np.empty(shape, dtype)
    return np.memmap(path, dtype, "r+", len(header), shape).view(np.ndarray)


def open_array(path: Path, dtype: np.dtype | str, width: tuple[int, ...] = ()) -> np.ndarray:
    """The rows of a .npy file of a known kind, read-only; each row is ``dtype`` of ``width``.

    How many they are follows from the file's length. The header is compared with the one that
    such an array has, and never interpreted, so a file can be mapped before it is verified.
    Raises CorruptSnapshot where it is another, OSError where there is none.
    """
    dtype = np.dtype(dtype)
    with path.open("rb") as file:
        begun = file.read(PREAMBLE)
        length = PREAMBLE + int.from_bytes(begun[8:], "little")
        header = begun + file.read(length - PREAMBLE)
    rows, rest = divmod(path.stat().st_size - length, prod(width) * dtype.itemsize)
    if rows < 0 or rest or header != header_of(dtype, (rows, *width)):
        raise CorruptSnapshot(f"{path} is no array of rows of {dtype} {list(width) or ''}".rstrip())
    if not rows:
        return np.empty((0, *width), dtype)
    # A view, because memmap's own class makes every slice cost a microsecond.
    return np.memmap(path, dtype, "r", length, (rows, *width)).view(np.ndarray)


def header_of(dtype: np.dtype, shape: tuple[int, ...]) -> bytes:
    """What ``np.save`` writes before the values of such an array."""
    told = BytesIO()
    value = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    npy.write_array_header_1_0(told, value)
    return told.getvalue()
