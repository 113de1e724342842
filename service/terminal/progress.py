"""How far a build is: bars on a terminal, plain lines in a pipe, objects for a program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress
from rich.text import Text

from index.progress import BuildCounts
from service.terminal.printable import as_json_text

# A build's stages as a person calls them; one that is not listed is shown by its own name.
STAGES = {"documents": "Reading", "passages": "Chunking", "vectors": "Encoding"}
# Seconds between two plain lines, and between two objects, of one stage.
LINE_SECONDS, EVENT_SECONDS = 5.0, 0.25


class Progress:
    """Told of each stage how much is done and of how much; this one shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def count(self, counts: BuildCounts) -> None:
        """What a build tells, stage by stage: how many passages and vectors there are is known
        once every document was read.
        """
        read = counts.documents == counts.documents_found
        self.update("documents", counts.documents, counts.documents_found)
        self.update("passages", counts.passages, counts.passages if read else None)
        self.update("vectors", counts.vectors, counts.windows if read else None)

    def update(self, stage: str, done: int, total: int | None) -> None:
        """``done`` of ``total`` are behind, None where nobody knows of how many yet; the last
        call of a stage has them equal.
        """


class Bars(Progress):
    """A bar per stage with its rate and the time left, on standard error."""

    def __init__(self) -> None:
        self._bars = RichProgress(
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=Console(stderr=True),
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def update(self, stage: str, done: int, total: int | None) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(STAGES.get(stage, stage), total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


class _Sparing(Progress):
    """Tells what comes first, last, and in between every few seconds."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._began: dict[str, float] = {}
        self._told: dict[str, float] = {}
        self._ended: set[str] = set()

    def update(self, stage: str, done: int, total: int | None) -> None:
        if stage in self._ended:
            return
        now = self._clock()
        began = self._began.setdefault(stage, now)
        if done != total and now - self._told.get(stage, began - self._seconds) < self._seconds:
            return
        self._told[stage] = now
        if done == total:
            self._ended.add(stage)
        self.tell(stage, done, total, now - began)

    def tell(self, stage: str, done: int, total: int | None, seconds: float) -> None:
        """Writes it down; ``seconds`` have passed since the stage began."""


class Lines(_Sparing):
    """A line per stage and every few seconds, on standard error."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(LINE_SECONDS, clock)

    def tell(self, stage: str, done: int, total: int | None, seconds: float) -> None:
        of = "" if total is None else f" of {total:,}"
        words = f"{STAGES.get(stage, stage)}: {done:,}{of}"
        if seconds > 0 and done:
            words += f", {done / seconds:,.0f}/s"
            if total is not None and done < total:
                words += f", {(total - done) * seconds / done:,.0f} s left"
        print(words, file=sys.stderr, flush=True)


class Events(_Sparing):
    """An object a line on standard output: ``{"event": "progress", "stage", "done", "total"}``."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(EVENT_SECONDS, clock)

    def tell(self, stage: str, done: int, total: int | None, seconds: float) -> None:
        write_event("progress", stage=stage, done=done, total=total, seconds=round(seconds, 3))


def write_event(event: str, **fields: Any) -> None:
    """One JSON object on a line of its own, flushed: whoever reads the pipe sees it at once."""
    print(as_json_text({"event": event, **fields}), flush=True)


def progress_for(quiet: bool, as_json: bool) -> Progress:
    """What suits the options and where standard error goes."""
    if as_json:
        return Events()
    if quiet:
        return Progress()
    return Bars() if Console(stderr=True).is_terminal else Lines()
