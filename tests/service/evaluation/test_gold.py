"""Whether an answer stands in a text."""

from __future__ import annotations

import pytest

from service.evaluation.gold import holds_answer


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("About 1,700 soldiers", "1,700", True),
        ("the war of 1973", "1", False),
        ("the war of 1973", "97", False),
        ("In  the\n82nd Airborne", "82ND airborne", True),
        ("costs $5.", "$5", True),
        ("straße", "STRASSE", True),
        ("“Yes!” she said", "yes!", True),
        ("cats", "cat", False),
        ("anything", "", False),
        ("anything", "  ", False),
        ("a.c", "abc", False),
        ("abc", "a.c", False),
    ],
)
def test_whole_words(text, answer, held):
    """An answer is held as whole words, whatever the case and the white space."""
    assert holds_answer(text, [answer]) is held


def test_any_answer():
    """Any one of the answers will do, and no answers never do."""
    assert holds_answer("in Poland", ["Romania", "Poland"])
    assert not holds_answer("in Poland", [])
