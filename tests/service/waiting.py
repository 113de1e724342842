"""Waiting for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(holds: Callable[[], object]) -> None:
    """Fails after twenty seconds."""
    late = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < late
        time.sleep(0.001)
