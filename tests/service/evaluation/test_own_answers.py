"""Answers to the user's own questions."""

from __future__ import annotations

import pytest

from index.records import Span
from service.evaluation.own_answers import Outcome, answer_counts, answer_fault, outcome, own_gold
from service.evaluation.questions import OwnQuestion
from service.evaluation.reading import ReadQuestion

CASES = [
    (ReadQuestion("a", True, ("Wales",), "Wales", 0.9), Outcome.RIGHT, ""),
    (
        ReadQuestion("b", True, ("Wales",), "Spain", 0.9),
        Outcome.WRONG,
        "answered wrong: “Spain”, not “Wales” (confidence 0.90, threshold 0.50)",
    ),
    (
        ReadQuestion("c", True, ("Wales",), "Wales", 0.4),
        Outcome.WITHHELD,
        "wrongly abstained: its best answer, “Wales”, is right (confidence 0.40, threshold 0.50)",
    ),
    (
        ReadQuestion("d", True, ("Wales",), "", 0.0),
        Outcome.WITHHELD,
        "wrongly abstained: no answer was found",
    ),
    (
        ReadQuestion("e", False, (), "Wales", 0.9),
        Outcome.INVENTED,
        "wrongly answered: “Wales” (confidence 0.90, threshold 0.50)",
    ),
    (ReadQuestion("f", False, (), "Wales", 0.1), Outcome.ABSTAINED, ""),
]


@pytest.mark.parametrize(("question", "how", "fault"), CASES)
def test_outcomes(question, how, fault):
    """Each failing answer has its reason and its confidence."""
    assert outcome(question, 0.5) is how
    assert answer_fault(question, 0.5) == fault


def test_counts():
    """Every question that can be judged is counted once; the others are not."""
    questions = [question for question, _, _ in CASES]
    unknown = ReadQuestion("g", True, (), "x", 0.9)
    counts = answer_counts([*questions, unknown], 0.5)
    assert counts == {str(how): 1 + (how is Outcome.WITHHELD) for how in Outcome}
    assert answer_fault(unknown, 0.5) == ""
    assert answer_counts([unknown], 0.5) == {}


def test_gold(bench, data, tmp_path):
    """The words at a span stand in for answers that are not given."""
    from index.build import build

    build([data / "excerpts" / "corpora"], tmp_path / "index", bench.encoder, bench.build)
    snapshot = bench.open(tmp_path / "index").snapshot
    placed = OwnQuestion("q", "?", True, uri="wales.md", span=Span(14, 19))
    assert own_gold(placed, snapshot) == ("Wales",)
    assert own_gold(OwnQuestion("q", "?", True, ("x",), "wales.md", Span(0, 4)), snapshot) == ("x",)
    assert own_gold(OwnQuestion("q", "?", True, uri="gone.md", span=Span(0, 4)), snapshot) == ()
    assert own_gold(OwnQuestion("q", "?", False, ("x",)), snapshot) == ()
