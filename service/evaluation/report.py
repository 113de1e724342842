"""Results as tables for a person: one method a line, one measure a column."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.evaluation.failures import MEANINGS, Failure, Shown, by_reason
from service.evaluation.measures import Difference, Estimate
from service.evaluation.reading import ReadingFigures
from service.evaluation.results import Panel, SetResult, differences, earlier_values

NOTHING = "–"
# Faults of citations shown; the number of all of them stands before.
SHOWN_FAULTS = 10
# Of what came instead: passages, and characters of each.
SHOWN_PASSAGES, SHOWN_CHARACTERS = 3, 160


def lines(result: SetResult, earlier: Mapping[str, Any] | None = None) -> Iterator[str]:
    """One set's report; with ``earlier`` (a results file) also this run minus that one."""
    setting = result.setting
    yield f"## {result.name} ({result.layout})"
    counts = ", ".join(f"{count:,} {kind}" for kind, count in result.counts.items())
    yield f"{setting.documents:,} documents, {setting.passages:,} passages; {counts}"
    yield f"encoder {setting.encoder} (weights {setting.weights_sha256[:12]})"
    yield f"chunking {_named(setting.chunking)}; retrieval {_named(setting.retrieval)}"
    if setting.reading:
        yield f"reading {_named(setting.reading)}"
    yield f"snapshot {setting.snapshot}; top_k {setting.top_k}"
    for panel in result.panels:
        yield ""
        yield f"{panel.title}: mean [95 % bootstrap interval]"
        yield from table(panel_rows(panel))
        if panel.pairs:
            yield ""
            yield "paired difference [95 % bootstrap interval], p of the permutation test"
            yield from table(_pairs(panel))
        yield from _against(result.name, panel, earlier)
    yield ""
    if result.reading is not None:
        yield from _reading(result.reading)
    yield from _citations(result)
    if result.failures:
        yield ""
        yield from _failed(result)
    if result.notes:
        yield ""
        yield from result.notes


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as lines with columns of equal width; the first row is the heading.

    >>> list(table([["", "MRR"], ["dense", "0.5"]]))
    ['       MRR', 'dense  0.5']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def panel_rows(panel: Panel) -> list[list[str]]:
    """A heading, then a method a row: its means with their intervals."""
    estimates = panel.estimates()
    return _grid(estimates, _estimate_cell)


def _pairs(panel: Panel) -> list[list[str]]:
    compared = {
        f"{first} − {second}": differences(panel.values[first], panel.values[second])
        for first, second in panel.pairs
    }
    return _grid(compared, _difference_cell)


def _against(name: str, panel: Panel, earlier: Mapping[str, Any] | None) -> Iterator[str]:
    if earlier is None:
        return
    before = earlier_values(earlier, name, panel.title)
    compared = {
        f"{method}, now − earlier": found
        for method, measures in panel.values.items()
        if method in before and (found := differences(measures, before[method]))
    }
    yield ""
    if not compared:
        yield "the earlier run measured nothing to compare with here"
        return
    queries = next(iter(next(iter(compared.values())).values())).queries
    yield f"against the earlier run, over {queries:,} common queries"
    yield from table(_grid(compared, _difference_cell))


def _grid(figures: Mapping[str, Mapping[str, Any]], cell: Any) -> list[list[str]]:
    """Heading and rows; a measure that a method lacks shows as ``NOTHING``."""
    measures = list(dict.fromkeys(name for row in figures.values() for name in row))
    rows = [["", *measures]]
    for method, row in figures.items():
        rows.append([method, *(cell(row[m]) if m in row else NOTHING for m in measures)])
    return rows


def _estimate_cell(figure: Estimate) -> str:
    if figure.low is None or figure.high is None:
        return f"{figure.mean:.3f}"
    return f"{figure.mean:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def _difference_cell(figure: Difference) -> str:
    if figure.low is None or figure.high is None or figure.p is None:
        return f"{figure.mean:+.3f}"
    return f"{figure.mean:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}] p={figure.p:.3f}"


def _reading(figures: ReadingFigures) -> Iterator[str]:
    """One line of what confidence is worth; a figure without a question to take it of is left."""
    named = {
        "no-answer AUROC": figures.auroc,
        "ECE": figures.ece,
        "Brier": figures.brier,
        "AURC": figures.aurc,
    }
    told = [f"{name} {value:.3f}" for name, value in named.items() if not math.isnan(value)]
    if told:
        yield f"confidence (n {figures.questions}): {', '.join(told)}"
    if not math.isnan(figures.accuracy):
        yield (
            f"at threshold {figures.threshold:.3f}: {figures.coverage:.3f} answered, "
            f"{figures.accuracy:.3f} of these right"
        )


def _citations(result: SetResult) -> Iterator[str]:
    verified = result.verified
    yield f"citations that verify: {verified.share:.4f} ({verified.checked:,} checked)"
    if verified.faults:
        yield f"DO NOT VERIFY: {len(verified.faults)}"
        yield from (f"  {fault}" for fault in verified.faults[:SHOWN_FAULTS])


def _named(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items())


def _failed(result: SetResult) -> Iterator[str]:
    """The failures by reason, each with what should have come and what came instead."""
    yield f"failed: {len(result.failures)} of {result.counts.get('questions', 0)} questions"
    for why, failures in by_reason(result.failures).items():
        yield f"  {len(failures)} {why}. {MEANINGS[why]}"
    for why, failures in by_reason(result.failures).items():
        yield ""
        yield f"{why}:"
        for failure in failures:
            yield from _told(failure)


def _told(failure: Failure) -> Iterator[str]:
    yield f"  {failure.question_id} “{failure.question}”"
    for reason in failure.reasons:
        yield f"    {reason}"
    for shown in failure.expected:
        yield f"    should have come: {_line(shown)}"
    if not failure.expected and failure.answers:
        yield f"    should have come: nothing in the index holds “{failure.answers[0]}”"
    for shown in failure.came[:SHOWN_PASSAGES]:
        yield f"    came {shown.rank}: {_line(shown)}"


def _line(shown: Shown) -> str:
    text = " ".join(shown.text.split())
    if len(text) > SHOWN_CHARACTERS:
        text = text[: SHOWN_CHARACTERS - 1] + "…"
    return f"{shown.place} “{text}”"
