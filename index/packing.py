"""Texts of different lengths end to end, as a network takes them that fills up only attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# Attention is computed over rows that are filled up to a multiple of ROW_STEP: so it is fastest,
# and a text has the same bits beside longer ones. Word pieces are filled up to one of TOKEN_STEP,
# since the runtime takes a millisecond for a number of them that it has not met.
ROW_STEP, TOKEN_STEP = 16, 8


class Inputs(NamedTuple):
    """What ``BertGraph`` gets, in its order. Of ``tokens`` word pieces and ``rows`` texts, the
    longest filled up to ``length``:

    ids, segments int32 [tokens]; ``where`` int32 [tokens], the place of each in the rows read one
    after the other; ``which`` int32 [rows, length], the word piece that stands there, or any;
    ``present`` float32 [rows, length], 1 where one does, 0 where the row is filled up.
    """

    ids: np.ndarray
    segments: np.ndarray
    where: np.ndarray
    which: np.ndarray
    present: np.ndarray


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a run: its word pieces and the length of its rows, both filled up."""

    tokens: int
    length: int

    @classmethod
    def of(cls, lengths: Sequence[int]) -> Shape:
        return cls(_filled(sum(lengths), TOKEN_STEP), _filled(max(lengths), ROW_STEP))


def packed(ids: Sequence[np.ndarray], segments: Sequence[np.ndarray] | None = None) -> Inputs:
    """The texts of these word pieces, one at least and none empty, in their order; no
    ``segments``: all in the first. What fills up is put where the first word piece stands, and
    read by none.
    """
    lengths = np.array([len(own) for own in ids])
    shape = Shape.of(lengths.tolist())
    standing = np.arange(shape.length) < lengths[:, None]
    where = np.flatnonzero(standing)
    which = np.zeros(standing.shape, np.int32)
    which.flat[where] = np.arange(len(where))
    return Inputs(
        _end_to_end(ids, shape.tokens),
        np.zeros(shape.tokens, np.int32)
        if segments is None
        else _end_to_end(segments, shape.tokens),
        _end_to_end([where], shape.tokens),
        which,
        standing.astype(np.float32),
    )


def packs(lengths: Sequence[int], tokens: int) -> list[slice]:
    """How texts of these lengths, the longest first, are run: each time as many as have so many
    word pieces together, one at least, none of them less than half as long as the first, since
    attention costs each what it costs the longest.
    """
    found: list[slice] = []
    first, total = 0, 0
    for at, length in enumerate(lengths):
        if at > first and (total + length > tokens or 2 * length < lengths[first]):
            found.append(slice(first, at))
            first, total = at, 0
        total += length
    return [*found, slice(first, len(lengths))] if lengths else []


def _end_to_end(parts: Sequence[np.ndarray], tokens: int) -> np.ndarray:
    """int32 [tokens], filled up with 0."""
    joined = np.zeros(tokens, np.int32)
    first = 0
    for part in parts:
        joined[first : first + len(part)] = part
        first += len(part)
    return joined


def _filled(number: int, step: int) -> int:
    return -(-number // step) * step
