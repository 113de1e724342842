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
def test_an_answer_is_held_as_whole_words_whatever_the_case_and_white_space(text, answer, held):
    assert holds_answer(text, [answer]) is held


def test_any_one_of_the_answers_will_do_and_none_never_does():
    assert holds_answer("in Poland", ["Romania", "Poland"])
    assert not holds_answer("in Poland", [])
