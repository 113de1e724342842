"""Two pictures of confidence, drawn to files: is it honest, and what does a threshold buy?"""

from __future__ import annotations

import importlib.util
import math
import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import InvalidSetting
from service.evaluation.confidences import reliability_bins, risk_coverage
from service.evaluation.reading import ReadingFigures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, PALE, ACCENT = "#1f2933", "#c5ced6", "#0b6e99"
INCHES = (4.2, 3.6)
FORMATS = ("png", "svg")


def draw(figures: ReadingFigures, folder: Path, name: str) -> list[Path]:
    """Writes ``name-reliability`` and ``name-risk-coverage`` as PNG and SVG; their paths.

    Empty where no question's truth is known. Raises InvalidSetting without matplotlib.
    """
    drawn = _drawn(figures)
    if not drawn:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "--", name).removesuffix(".json").removesuffix(".jsonl")
    paths = []
    for kind, figure in drawn.items():
        for suffix in FORMATS:
            paths.append(folder / f"{stem}-{kind}.{suffix}")
            _save(figure, paths[-1], suffix)
    return paths


def svg(figures: ReadingFigures) -> dict[str, str]:
    """The same two pictures by kind, each as one ``<svg>`` element to stand within a page."""
    elements = {}
    for kind, figure in _drawn(figures).items():
        written = BytesIO()
        _save(figure, written, "svg")
        text = written.getvalue().decode("utf-8")
        elements[kind] = text[text.index("<svg") :]  # without the prolog of a file
    return elements


def _drawn(figures: ReadingFigures) -> dict[str, Figure]:
    if importlib.util.find_spec("matplotlib") is None:
        raise InvalidSetting("plots need matplotlib; install it with pip install 'quoth[evaluate]'")
    if not figures.confidences:
        return {}
    return {"reliability": _reliability(figures), "risk-coverage": _risk_coverage(figures)}


def _save(figure: Figure, target: Path | BytesIO, suffix: str) -> None:
    # Without its date and with a fixed salt the same figures give the same file.
    metadata = {"Date": None} if suffix == "svg" else None
    figure.savefig(target, format=suffix, dpi=160, metadata=metadata)


def _reliability(figures: ReadingFigures) -> Figure:
    """Share right against confidence, a dot per bin as large as its questions are many."""
    confidences, right = figures.pairs
    bins = reliability_bins(confidences, right)
    n = len(confidences)
    figure, axes = _axes(f"Reliability: n = {n}, ECE = {figures.ece:.3f}")
    axes.plot([0, 1], [0, 1], color=PALE, linewidth=1, zorder=1)
    places, shares = [one.confidence for one in bins], [one.accuracy for one in bins]
    axes.vlines(places, places, shares, color=PALE, linewidth=1, zorder=1)
    sizes = [12 + 200 * one.questions / n for one in bins]
    axes.scatter(places, shares, s=sizes, color=ACCENT, linewidths=0, zorder=2, clip_on=False)
    for one in bins:
        axes.annotate(
            str(one.questions),
            (one.confidence, one.accuracy),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=7,
            color=INK,
        )
    axes.axvline(figures.threshold, color=INK, linewidth=0.8, linestyle=":")
    _label(axes, figures.threshold, f"threshold {figures.threshold:.2f}")
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.08))
    return figure


def _risk_coverage(figures: ReadingFigures) -> Figure:
    """Share wrong of what is answered, as ever less sure answers are given."""
    points = risk_coverage(*figures.pairs)
    n = len(figures.confidences)
    figure, axes = _axes(f"Risk and coverage: n = {n}, AURC = {figures.aurc:.3f}")
    coverages, risks = [one.coverage for one in points], [one.risk for one in points]
    axes.plot(coverages, risks, color=ACCENT, linewidth=1.4, zorder=1)
    if len(points) <= 40:  # so that few questions show as the few points they are
        axes.scatter(coverages, risks, s=10, color=ACCENT, linewidths=0, zorder=2)
    if not math.isnan(figures.accuracy):
        axes.scatter([figures.coverage], [1 - figures.accuracy], s=30, color=INK, zorder=3)
    axes.axvline(figures.coverage, color=INK, linewidth=0.8, linestyle=":")
    _label(axes, figures.coverage, f"threshold {figures.threshold:.2f}")
    top = max(0.1, *risks) * 1.08
    axes.set(xlabel="share answered", ylabel="share wrong of these", xlim=(0, 1), ylim=(0, top))
    return figure


def _axes(title: str) -> tuple[Figure, Axes]:
    # Imported here: only who draws needs it. A Figure of its own asks for no display.
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "quoth"
    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, fontsize=9, color=INK, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8, colors=INK)
    axes.xaxis.label.set(fontsize=8, color=INK)
    axes.yaxis.label.set(fontsize=8, color=INK)
    return figure, axes


def _label(axes: Axes, place: float, words: str) -> None:
    """Beside a vertical line, on the side where there is room."""
    left = place > 0.5
    axes.annotate(
        words,
        (place, 1),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if left else 4, -2),
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
        fontsize=7,
        color=INK,
    )
