"""A bar for each stage of an evaluation, on standard error, gone when the set is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

from service.evaluation.bench import Progress as Report
from service.evaluation.bench import silent


@contextmanager
def bars(hidden: bool) -> Iterator[Report]:
    """What to call with stage, done and total; shows nothing where stderr is no terminal."""
    console = Console(stderr=True)
    if hidden or not console.is_terminal:
        yield silent
        return
    tasks: dict[str, TaskID] = {}
    with Progress(console=console, transient=True) as shown:

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = shown.add_task(stage, total=total)
            shown.update(tasks[stage], completed=done, total=total)

        yield report
