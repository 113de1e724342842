"""What is closed by ``with``, whatever happens inside."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Closing:
    """Leaving ``with`` closes it."""

    def close(self) -> None:
        """Lets go of files, threads and processes; a second time does nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
