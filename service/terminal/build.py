"""What became of a build: the closing table and its form for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.build import BuildReport, Unread
from service.terminal.printable import one_line

# Beyond these the rest is counted: a folder of ten thousand images should not fill the screen.
UNREAD_SHOWN = 20
STYLES = {"indexed": "green", "skipped": "dim", "failed": "red"}


def report_json(report: BuildReport) -> dict[str, Any]:
    """The report for machines: its fields, with ``complete`` for whether no file failed."""
    return {**asdict(report), "complete": not report.failed}


def print_build(report: BuildReport, index_folder: Path) -> None:
    """The closing table: how much was indexed, skipped and failed, and each file's reason."""
    console = Console(highlight=False)
    unread = failures_first(report.unread)
    if unread:
        console.print(unread_table(unread[:UNREAD_SHOWN]))
        if len(unread) > UNREAD_SHOWN:
            rest = len(unread) - UNREAD_SHOWN
            console.print(f"… and {rest} more: quoth documents --unread lists all")
        console.print()
    counts = Table(box=None, show_header=False, pad_edge=False)
    for name, value in figures(report).items():
        counts.add_row(name, value)
    console.print(counts)
    unchanged = " (nothing has changed)" if report.version == report.previous else ""
    console.print(Text(f"published  {report.version} in {index_folder}{unchanged}"), soft_wrap=True)


def figures(report: BuildReport) -> dict[str, str]:
    """What the report counts, by name."""
    skipped = len(report.unread) - len(report.failed)
    resumed = f", {report.resumed:,} from an interrupted build" if report.resumed else ""
    return {
        "documents": f"{len(report.indexed):,} indexed, {skipped:,} skipped, "
        f"{len(report.failed):,} failed",
        "passages": f"{report.passages:,}, 0 truncated",
        "vectors": f"{report.encoded:,} encoded, {report.reused:,} unchanged{resumed}",
    }


def failures_first(items: Iterable[Unread]) -> list[Unread]:
    """They are what somebody must look at."""
    return sorted(items, key=lambda item: (item.status != "failed", item.uri))


def unread_table(items: Iterable[Unread]) -> Table:
    """A row per file that did not become a document, its reason wrapped beside it."""
    table = Table(box=None, pad_edge=False, show_header=False, show_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=2)
    table.add_column(overflow="fold", ratio=3)
    for item in items:
        style = STYLES[item.status]
        cells = (item.status, one_line(item.uri), one_line(item.reason))
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table
