"""What an evaluation finds, query by query, and its form for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from service.evaluation.failures import Failure
from service.evaluation.measures import Difference, Estimate, compare, estimate
from service.evaluation.reading import ReadingFigures

# Method → measure → query_id → value.
Values = Mapping[str, Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True, slots=True)
class Panel:
    """Methods measured alike over the same queries; ``pairs`` are compared, first − second."""

    title: str
    values: Values
    pairs: tuple[tuple[str, str], ...] = ()

    def estimates(self) -> dict[str, dict[str, Estimate]]:
        return {
            method: {measure: estimate(list(v.values())) for measure, v in measures.items()}
            for method, measures in self.values.items()
        }


@dataclass(frozen=True, slots=True)
class Verified:
    """How many returned citations were checked, and what was wrong with those that failed."""

    checked: int
    faults: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return 1 - len(self.faults) / self.checked if self.checked else 1.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What the figures depend on besides the data; ``chunking``, ``retrieval`` and ``reading``
    by name, the last empty without a reader.
    """

    encoder: str
    weights_sha256: str
    chunking: Mapping[str, Any]
    retrieval: Mapping[str, Any]
    snapshot: str
    documents: int
    passages: int
    top_k: int
    reading: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetResult:
    """One set's figures; ``counts`` are of queries by kind, ``failures`` are those that failed.

    ``reading`` is None where nothing was read; ``notes`` are said at the end.
    """

    name: str
    layout: str
    setting: Setting
    panels: tuple[Panel, ...]
    verified: Verified
    counts: Mapping[str, int] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    reading: ReadingFigures | None = None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Means with intervals and, so that a later run can be compared, every query's value."""
        return {
            "name": self.name,
            "layout": self.layout,
            "setting": asdict(self.setting),
            "counts": dict(self.counts),
            "citations": {
                "checked": self.verified.checked,
                "share_verified": self.verified.share,
                "faults": list(self.verified.faults),
            },
            "failures": [failure.to_json() for failure in self.failures],
            "panels": [_panel_json(panel) for panel in self.panels],
            "reading": None if self.reading is None else self.reading.to_json(),
            "notes": list(self.notes),
        }


def earlier_values(results: Mapping[str, Any], name: str, title: str) -> Values:
    """The per-query values of one panel in a file of an earlier run; empty where it has none."""
    for result in results["sets"]:
        for panel in result["panels"] if result["name"] == name else ():
            if panel["title"] == title:
                return {
                    method: {measure: figures["values"] for measure, figures in measures.items()}
                    for method, measures in panel["methods"].items()
                }
    return {}


def differences(
    first: Mapping[str, Mapping[str, float]], second: Mapping[str, Mapping[str, float]]
) -> dict[str, Difference]:
    """First minus second for every measure both have over a common query."""
    return {
        measure: compare(first[measure], second[measure])
        for measure in first
        if measure in second and first[measure].keys() & second[measure].keys()
    }


def _panel_json(panel: Panel) -> dict[str, Any]:
    estimates = panel.estimates()
    return {
        "title": panel.title,
        "methods": {
            method: {
                measure: {**asdict(estimates[method][measure]), "values": dict(values)}
                for measure, values in measures.items()
            }
            for method, measures in panel.values.items()
        },
        "differences": [
            {
                "first": first,
                "second": second,
                "measures": {
                    measure: asdict(difference)
                    for measure, difference in differences(
                        panel.values[first], panel.values[second]
                    ).items()
                },
            }
            for first, second in panel.pairs
        ],
    }
