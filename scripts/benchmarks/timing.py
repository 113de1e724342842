"""What many timings say together: percentiles, and ratios with their spread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times another's, by medians of rounds: their median, least and most."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.most:.2f})"


def percentiles(values: Sequence[float], wanted: Sequence[float] = (50, 95, 99)) -> list[float]:
    """Linear between neighbours, as numpy's: of 1, 2, 3, 4 the 50th is 2.5."""
    return [float(value) for value in np.percentile(values, wanted)]


def ratio(rounds: Sequence[Sequence[float]], reference: Sequence[Sequence[float]]) -> Ratio:
    """Each round's median against the reference's median in the same round.

    Rounds [2, 4], [6] against [1, 1], [2] have medians 3 and 6 against 1 and 2: 3 both times.
    """
    each = [
        float(np.median(own) / np.median(other))
        for own, other in zip(rounds, reference, strict=True)
    ]
    return Ratio(float(np.median(each)), min(each), max(each))
