"""Exact neighbours and recall against hand arithmetic and a loop."""

import numpy as np
import pytest

from benchmarks.exact import nearest_ids, recall


def test_recall_is_the_mean_share_of_exact_ids():
    """Both of two, one of two, none of two: (1 + 1/2 + 0) / 3; order does not count."""
    found = [["b", "a"], ["c", "d"], ["x"]]
    assert recall(found, [["a", "b"], ["c", "e"], ["f", "g"]]) == pytest.approx(0.5)


def test_nearest_are_those_of_a_loop_over_every_pair():
    """The same ids in the same order as sorting scalar products one by one."""
    random = np.random.default_rng(0)
    questions, passages = random.normal(size=(4, 8)), random.normal(size=(30, 8))
    ids = [f"p{row}" for row in range(30)]
    expected = [
        tuple(
            sorted(
                ids,
                key=lambda own: -sum(a * b for a, b in zip(question, passages[int(own[1:])])),  # noqa: B905
            )[:5]
        )
        for question in questions
    ]
    assert nearest_ids(questions, passages, ids, 5) == expected
