"""Rankings of documents by their best passage."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.ranking import FIRST_ASK, first_documents


@given(
    owners=st.lists(st.integers(0, 40), min_size=1, max_size=400),
    depth=st.integers(1, 45),
    seed=st.integers(0, 9),
)
def test_by_best_passage(owners, depth, seed):
    """Documents stand at the place of their best passage."""
    order = np.random.default_rng(seed).permutation(len(owners))
    found = first_documents(lambda k: order[:k], np.array(owners), depth)
    expected = []
    for row in order:
        if owners[row] not in expected:
            expected.append(owners[row])
    assert found == expected[:depth]


def test_one_ask_when_enough():
    """No more passages are asked for than needed."""
    asked = []

    def search(k):
        asked.append(k)
        return list(range(k))

    assert len(first_documents(search, np.arange(10_000), 20)) == 20
    assert asked == [FIRST_ASK]


def test_nothing_more_matches():
    """The search ends where no more passages match."""
    assert first_documents(lambda _: [3, 1], np.arange(10_000), 20) == [3, 1]
    assert first_documents(lambda _: [], np.arange(10_000), 20) == []


def test_head_as_served():
    """A deeper ask lengthens the ranking and leaves its head as users see it."""

    # The fused order may depend on how many are asked for; users see the first ask's.
    def search(k):
        rows = list(range(200))[:k]
        return rows if k <= FIRST_ASK else rows[::-1]

    owners = np.arange(200)
    assert first_documents(search, owners, 100)[:FIRST_ASK] == list(range(FIRST_ASK))
    assert len(first_documents(search, owners, 100)) == 100
