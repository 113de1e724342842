"""A question on its way to its answer: waiting, and with its vector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np


class Asking(Protocol):
    """A question that waits for a thread."""

    @property
    def text(self) -> str: ...

    def begin(self) -> bool:
        """Whether it is still wanted. Called once, by the thread that takes it."""


A = TypeVar("A", bound=Asking)


@dataclass(frozen=True, slots=True)
class Encoded(Generic[A]):
    """A question with its unit vector (float32 [dimensions]), or what the encoder raised; when
    its batch was begun and encoded, in the clock's seconds; how many it was encoded with; whether
    the dense candidates of its search were looked for ahead, what was found (int64 [rows], None
    where nothing was) and in how long.
    """

    asking: A
    vector: np.ndarray | None
    error: Exception | None
    begun_at: float
    encoded_at: float
    together: int
    looked: bool = False
    nearest: np.ndarray | None = None
    nearest_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """What it took so far: its share of the encoding, and looking ahead."""
        return (self.encoded_at - self.begun_at) / self.together + self.nearest_seconds
