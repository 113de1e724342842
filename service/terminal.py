"""What a person reads in a terminal: progress while building, the closing table, the answer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from index.build import BuildReport
from service.schemas.answer import AbstentionModel, AskResponse, PassageModel

STAGES = {"documents": "Reading documents", "passages": "Chunking", "vectors": "Encoding passages"}
# Beyond these the rest is counted: a folder of ten thousand images should not fill the screen.
UNREAD_SHOWN = 20
# How the stretches of a passage stand out.
MARKS = {"evidence": "not dim bold", "related": "not dim bold", "answer": "green underline"}


class BuildProgress:
    """A bar per stage of a build with its rate and the time left, on standard error."""

    def __init__(self, hidden: bool) -> None:
        self._bars = Progress(
            TextColumn("{task.description:<18}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=hidden,
        )
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def update(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(STAGES[stage], total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="progress.data.speed")


def report_json(report: BuildReport) -> dict[str, Any]:
    """The report for machines: its fields, with ``complete`` for whether no file failed."""
    return {**asdict(report), "complete": not report.failed}


def print_build(report: BuildReport, index_folder: Path) -> None:
    """The closing table: what was indexed, and every file that was not, with its reason."""
    console = Console(highlight=False)
    skipped = len(report.unread) - len(report.failed)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row(
        "documents",
        f"{len(report.indexed)} indexed, {skipped} skipped, {len(report.failed)} failed",
    )
    table.add_row("passages", f"{report.passages}, 0 truncated")
    table.add_row("vectors", f"{report.encoded} encoded, {report.reused} unchanged")
    table.add_row(
        "snapshot",
        f"{report.version} in {index_folder}"
        + (" (nothing has changed)" if report.version == report.previous else ""),
    )
    console.print(table)
    # Failures first: they are what somebody must look at.
    unread = sorted(report.unread, key=lambda item: (item.status != "failed", item.uri))
    for item in unread[:UNREAD_SHOWN]:
        style = "red" if item.status == "failed" else "dim"
        console.print(Text(f"{item.status:<8}{item.uri}: {item.reason}", style=style))
    if len(unread) > UNREAD_SHOWN:
        console.print(f"… and {len(unread) - UNREAD_SHOWN} more; --json lists all")


def print_answer(response: AskResponse) -> None:
    """The answer first, or that there is none; then the passages, best first, the evidence
    standing out, each with where it stands.
    """
    console = Console(highlight=False)
    if response.answer is not None:
        _print_found(console, response)
    elif response.abstention is not None and response.passages:
        _print_abstention(console, response.abstention)
    elif not response.passages:
        console.print("No passage matches; is the filter right?")
    for passage in response.passages:
        _print_passage(console, passage)
    snapshot, reading = response.snapshot, response.reading
    read = ""
    if reading is not None:
        read = f", {reading.passages_read} of {reading.passages_to_read} passages read"
    console.print(
        Text(
            f"{snapshot.documents} documents, {snapshot.passages} passages, snapshot "
            f"{snapshot.version}{read}, {response.timings_ms.total:.0f} ms",
            style="dim",
        )
    )


def _print_found(console: Console, response: AskResponse) -> None:
    answer = response.answer
    passage = next(p for p in response.passages if p.citation.id == answer.citation)
    # The words stand as they do in the document, whose line ends mean nothing here.
    words = _printable(" ".join(answer.text.split()))
    console.print(Panel(Text(words, style="bold green"), padding=(1, 3), expand=False))
    also = f", and in {len(answer.also)} more below" if answer.also else ""
    source = _printable(f"{passage.citation.document.title}, {_place(passage)}")
    console.print(
        Text(f"{100 * answer.confidence:.0f} % sure; from [{passage.rank}] {source}{also}")
    )
    console.print()


def _print_abstention(console: Console, abstention: AbstentionModel) -> None:
    headline = {
        "not_stated": "The documents do not say.",
        "question_too_long": "The question is too long to be answered.",
    }.get(abstention.reason, "There is no answer.")
    console.print(Panel(Text(headline, style="bold yellow"), padding=(1, 3), expand=False))
    console.print(Text(abstention.message))
    unread = abstention.reason == "question_too_long"
    what = "were not read" if unread else "are related but do not answer"
    console.print(Text(f"The nearest passages, which {what}:", style="dim"))
    console.print()


def _place(passage: PassageModel) -> str:
    """Where what is cited stands: ``notes.md:3-4`` as editors open it, ``report.pdf page 3 (iv)``,
    ``costs.xlsx Costs!A5:F7``.
    """
    citation = passage.citation
    uri, lines, label = citation.document.uri, citation.lines, citation.page_label
    if citation.cells is not None:
        return f"{uri} {citation.cells}"
    if citation.page is not None:
        named = f" ({label})" if label and label != str(citation.page) else ""
        return f"{uri} page {citation.page}{named}"
    return f"{uri}:{lines.start}" + (f"-{lines.end}" if lines.end != lines.start else "")


def _print_passage(console: Console, passage: PassageModel) -> None:
    citation = passage.citation
    console.print(
        Text.assemble(
            (f"[{passage.rank}] ", "bold"),
            (_printable(citation.document.title), "bold"),
            (_printable(f"  {' › '.join(citation.section)}") if citation.section else "", "dim"),
        )
    )
    text = Text(_printable(passage.text), style="dim" if passage.highlights else "")
    for highlight in passage.highlights:
        text.stylize(MARKS[highlight.kind], highlight.start, highlight.end)
    console.print(text)
    scores = passage.scores
    relevance = "" if scores.relevance is None else f"relevance {scores.relevance:.2f}  "
    console.print(
        Text(
            f"{_printable(_place(passage))}  "
            f"characters {citation.span.start}–{citation.span.end}  {relevance}"
            f"cosine {scores.dense:.2f}  BM25 {scores.lexical:.1f}  "
            f"sha256 {citation.quote.sha256[:12]}",
            style="cyan",
        )
    )
    console.print()


def _printable(text: str) -> str:
    # A document must not steer the terminal: control characters become visible ones, one for
    # one, so that highlights keep their places.
    return "".join(
        c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text
    )
