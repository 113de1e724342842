"""Texts of different lengths end to end, as a network takes them that fills up only attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# Attention is computed over rows that are filled up to a multiple of ROW_STEP, at which it is
# fastest and a text has, on the processors tried, the same bits beside longer ones. Word pieces are
# filled up to a multiple of TOKEN_STEP: a number of them not met before costs a millisecond.
ROW_STEP, TOKEN_STEP = 16, 8


class Inputs(NamedTuple):
    """What ``BertGraph`` gets, in its order. Of ``tokens`` word pieces and ``rows`` texts, the
    longest filled up to ``length``:

    ids, segments int32 [tokens]; ``where`` int32 [tokens], the place of each in the rows read one
    after the other; ``which`` int32 [rows, length], the word piece that stands there, the first
    where the row is filled up; ``present`` float32 [rows, length], 0 there and 1 elsewhere.
    """

    ids: np.ndarray
    segments: np.ndarray
    where: np.ndarray
    which: np.ndarray
    present: np.ndarray


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a run: its word pieces and the length of its rows, both filled up; a single text fills
    its row.
    """

    tokens: int
    length: int

    @classmethod
    def of(cls, lengths: Sequence[int]) -> Shape:
        length = row_length(max(lengths))
        return cls(length if len(lengths) == 1 else _filled(sum(lengths), TOKEN_STEP), length)


def row_length(pieces: int) -> int:
    """Of the row of a text of so many word pieces, alone."""
    return _filled(pieces, ROW_STEP)


def packed(ids: Sequence[np.ndarray], segments: Sequence[np.ndarray] | None = None) -> Inputs:
    """The texts of these word pieces, one at least and none empty, in their order; no
    ``segments``: all in the first. The word pieces that fill up ``ids`` stand in no row.
    """
    lengths = np.array([len(own) for own in ids])
    shape = Shape.of(lengths.tolist())
    standing = np.arange(shape.length) < lengths[:, None]
    where = np.flatnonzero(standing)
    which = np.zeros(standing.shape, np.int32)
    which.flat[where] = np.arange(len(where))
    own_segments = np.zeros(0, np.int32) if segments is None else np.concatenate(segments)
    return Inputs(
        _filled_up(np.concatenate(ids), shape.tokens),
        _filled_up(own_segments, shape.tokens),
        _filled_up(where, shape.tokens),
        which,
        standing.astype(np.float32),
    )


def runs_of(lengths: Sequence[int], most: int) -> list[slice]:
    """Which of the texts of these lengths, the longest first, are run at once: so many that they
    have ``most`` word pieces together, one at least, and none whose row were less than half as
    long as the first's, since attention costs each what it costs the longest.
    """
    found: list[slice] = []
    first, total = 0, 0
    for at, length in enumerate(lengths):
        much_shorter = 2 * row_length(length) < row_length(lengths[first])
        if at > first and (total + length > most or much_shorter):
            found.append(slice(first, at))
            first, total = at, 0
        total += length
    return [*found, slice(first, len(lengths))] if lengths else []


def _filled_up(values: np.ndarray, tokens: int) -> np.ndarray:
    """int32 [tokens], with 0 at the end."""
    filled = np.zeros(tokens, np.int32)
    filled[: len(values)] = values
    return filled


def _filled(number: int, step: int) -> int:
    return -(-number // step) * step
