"""What counts as right."""

from __future__ import annotations

import pytest

from service.evaluation.facts import holds_fact


@pytest.mark.parametrize(
    ("answer", "gold", "right"),
    [
        ("About 1,700", ["1,700"], True),
        ("the 82nd Airborne Division", ["82nd Airborne division"], True),
        ("1,700", ["About 1,700"], False),
        ("11,700", ["1,700"], False),
        ("1700 soldiers", ["x", "1,700"], True),
        ("anything", [], False),
        ("anything", ["the"], False),
        ("", ["1,700"], False),
    ],
)
def test_holds_fact(answer, gold, right):
    """The whole fact must stand in the answer, in whole words; more may stand around it."""
    assert holds_fact(answer, gold) is right
