"""Answers read, and what their confidence is worth."""

from __future__ import annotations

import json
import math

import pytest

from service.evaluation.reading import ReadQuestion, read_question, reading_figures
from service.evaluation.replies import GivenAnswer, Reply

QUESTIONS = [
    ReadQuestion("a", True, ("1,700",), "about 1,700", 0.9),
    ReadQuestion("b", True, ("Spain",), "Wales", 0.6),
    ReadQuestion("c", True, ("Wales",), "Wales", 0.3),
    ReadQuestion("u", False, (), "Cardiff", 0.7),
    ReadQuestion("v", False, (), "", 0.0),
]


def test_figures_by_hand():
    """Every figure is the arithmetic of its definition."""
    found = reading_figures(QUESTIONS, 0.5)
    assert found.right == {"a": True, "b": False, "c": True, "u": False, "v": False}
    # .9 > .7 and 0; .6 > 0 only; .3 > 0 only: 4 of 6 pairs.
    assert found.auroc == pytest.approx(4 / 6)
    assert found.ece == pytest.approx((0.1 + 0.6 + 0.7 + 0.7 + 0) / 5)
    assert found.brier == pytest.approx((0.01 + 0.36 + 0.49 + 0.49 + 0) / 5)
    assert found.aurc == pytest.approx((0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5)
    assert (found.coverage, found.accuracy) == (pytest.approx(3 / 5), pytest.approx(1 / 3))
    assert (found.questions, found.threshold) == (5, 0.5)


def test_unknown_truth():
    """An answerable question without gold leaves the AUROC alone; machines get null, not nan."""
    found = reading_figures([ReadQuestion("a", True, (), "x", 0.4), QUESTIONS[3]], 0.5)
    assert found.auroc == 0.0
    assert math.isnan(found.ece)
    value = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert (value["ece"], value["accuracy"], value["bins"]) == (None, None, [])


def test_read_question():
    """A reply gives its answer; one without has none, as sure as its abstention says."""
    given = Reply("answered", (), GivenAnswer("Wales", 0.8, {}))
    found = read_question("q", True, ["Wales"], given)
    assert (found.text, found.confidence, found.right) == ("Wales", 0.8, True)
    assert found.said(0.8) == "Wales"
    assert found.said(0.81) == ""
    none = read_question("q", True, ["Wales"], Reply("abstained", (), None, 0.0, "nothing_found"))
    assert (none.text, none.given(0.0)) == ("", False)
