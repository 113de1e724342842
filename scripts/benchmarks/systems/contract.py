"""What a system is given, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

# Passages asked for each question.
COUNT = 10

Build = Callable[[], None]
Ask = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Given:
    """Passages, and their unit vectors (float32 [passages, dimensions]) where they are known.

    Where they are, another run of the same model has encoded them; else the system has to.
    """

    ids: Sequence[str]
    texts: Sequence[str]
    vectors: np.ndarray | None = None

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Each passage's id and text."""
        return list(zip(self.ids, self.texts, strict=True))
