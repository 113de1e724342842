"""Answers as figures."""

from __future__ import annotations

import pytest

from service.evaluation.reading import ReadQuestion
from service.evaluation.reading_panel import reading_panel

QUESTIONS = [
    ReadQuestion("a", True, ("1,700",), "about 1,700", 0.9),
    ReadQuestion("b", True, ("Spain",), "Spain", 0.3),
    ReadQuestion("u", False, (), "Cardiff", 0.7),
    ReadQuestion("v", False, (), "Cardiff", 0.2),
]


def test_scores_as_squad():
    """Withholding is worth 0 on an answerable question and 1 on another."""
    values = reading_panel(QUESTIONS, 0.5).values
    forced, given = values["answerable, answer forced"], values["answerable, as given"]
    assert forced["EM"] == {"a": 0.0, "b": 1.0}
    # One of two words shared with a gold of one: 2 · 1 / (2 + 1).
    assert forced["F1"] == {"a": pytest.approx(2 / 3), "b": 1.0}
    assert forced["right"] == {"a": 1.0, "b": 1.0}
    assert given["F1"] == {"a": pytest.approx(2 / 3), "b": 0.0}
    assert given["abstained"] == {"a": 0.0, "b": 1.0}
    assert values["unanswerable, as given"]["abstained"] == {"u": 0.0, "v": 1.0}
    assert values["all, as given"]["F1"] == {
        "a": pytest.approx(2 / 3),
        "b": 0.0,
        "u": 0.0,
        "v": 1.0,
    }
    assert values["all, as given"]["right"] == {"a": 1.0, "b": 0.0, "u": 0.0, "v": 1.0}
    assert values["all that was answered"]["right"] == {"a": 1.0, "u": 0.0}


def test_what_is_missing_is_left_out():
    """Without unanswerable questions, or without gold, their rows are not there."""
    assert set(reading_panel(QUESTIONS[:2], 0.5).values) == {
        "answerable, answer forced",
        "answerable, as given",
    }
    unknown = [ReadQuestion("a", True, (), "x", 0.4), QUESTIONS[2]]
    values = reading_panel(unknown, 0.5).values
    assert {row: set(measures) for row, measures in values.items()} == {
        "answerable, as given": {"abstained"},
        "unanswerable, as given": {"abstained"},
    }
    assert reading_panel([], 0.5) is None
