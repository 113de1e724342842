"""How costs grow with passages, drawn to a file."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.errors import Skipped


def draw_growth(sizes: Sequence[int], costs: Mapping[str, Sequence[float]], path: Path) -> None:
    """One panel a cost, both axes logarithmic, into a PNG or SVG. Raises Skipped without
    matplotlib.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise Skipped("plots need matplotlib; install it with pip install 'quoth[evaluate]'")
    # Here, because the other parts need none.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2.6 * len(costs), 2.8), layout="constrained")
    panels = figure.subplots(1, len(costs), squeeze=False)[0]
    for panel, (name, values) in zip(panels, costs.items(), strict=True):
        panel.loglog(sizes, values, marker="o", markersize=4, linewidth=1.2, color="#0b6e99")
        for size, value in zip(sizes, values, strict=True):
            panel.annotate(
                f"{value:.3g}", (size, value), xytext=(0, 6), textcoords="offset points", fontsize=7
            )
        panel.set_title(name, fontsize=9)
        panel.set_xlabel("passages", fontsize=8)
        panel.tick_params(labelsize=7)
        panel.margins(0.15)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=160)
