"""Every row once, in batches that the caches hold."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.inputs import Row
from service.training.batches import BATCH_TOKENS, POOL, steps_of, training_batch
from service.training.items import Target
from service.training.plan import Item

NOWHERE = Target({0: 1.0}, {0: 1.0}, answerable=False, relevant=None)


class Lengths:
    """Reads item n as a row of ``lengths[n]`` tokens that all are n; length 0 cannot be made."""

    def __init__(self, lengths: list[int]) -> None:
        self.lengths = lengths

    def read(self, item: Item) -> tuple[Row, Target] | None:
        length = self.lengths[item.example]
        if not length:
            return None
        return Row(np.full(length, item.example + 1), 1, 1, 0), NOWHERE


def steps(lengths: list[int], step_examples: int, seed: int = 3):
    items = [Item(at, "gold", 0) for at in range(len(lengths))]
    return list(steps_of(items, Lengths(lengths), step_examples, seed))


def rows_of(made) -> list[int]:
    return [int(row) - 1 for step in made for batch in step for row in batch.batch.ids[:, 0]]


@given(st.lists(st.integers(0, 512), max_size=60), st.integers(1, 40))
def test_every_row_stands_in_one_batch_within_the_budget(lengths, step_examples):
    """Each item that can be read comes once; only a row alone may be over the budget."""
    made = steps(lengths, step_examples)
    assert Counter(rows_of(made)) == Counter(at for at, n in enumerate(lengths) if n)
    for step in made:
        for batch in step:
            assert batch.batch.ids.size <= BATCH_TOKENS or batch.rows == 1
            assert batch.batch.ids.shape[1] == max(batch.batch.attention.sum(axis=1))
    for step in made[:-1]:
        sizes = [batch.rows for batch in step]
        assert sum(sizes) >= step_examples > sum(sizes[:-1])


def test_a_row_larger_than_the_budget_stands_alone(monkeypatch):
    """It is read all the same."""
    monkeypatch.setattr("service.training.batches.BATCH_TOKENS", 100)
    made = steps([300, 200, 40, 60, 30], 1)
    assert sorted(batch.rows for step in made for batch in step) == [1, 1, 1, 2]


def test_steps_come_again_in_the_same_order():
    """A seed settles the order of an epoch; another gives another."""
    lengths = list(range(20, 420))
    assert rows_of(steps(lengths, 8)) == rows_of(steps(lengths, 8))
    assert rows_of(steps(lengths, 8, seed=4)) != rows_of(steps(lengths, 8))


def test_pools_follow_one_another():
    """Rows of the second pool come after all of the first, and no step mixes them."""
    lengths = [1] * (POOL + 5)
    made = steps(lengths, 32)
    rows = rows_of(made)
    assert sorted(rows[:POOL]) == list(range(POOL))
    assert sorted(rows[POOL:]) == list(range(POOL, POOL + 5))
    assert [batch.rows for batch in made[-1]] == [5]


def test_targets_stand_at_their_places():
    """Shares by row position; a verdict that is not known is not judged."""
    row = Row(np.asarray([101, 7, 102, 8, 9, 102]), 3, 3, 2)
    gold = Target({3: 1.0}, {3: 0.25, 4: 0.75}, answerable=True, relevant=True)
    mined = Target({0: 1.0}, {0: 1.0}, answerable=False, relevant=False)
    made = training_batch([(row, gold), (row, NOWHERE), (row, mined)])
    assert made.starts.tolist() == [[0, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]]
    assert made.ends[0].tolist() == pytest.approx([0, 0, 0, 0.25, 0.75, 0])
    assert made.verdicts.tolist() == [[1, 1], [0, 0], [0, 0]]
    assert made.judged.tolist() == [[True, True], [False, True], [True, True]]
    assert made.rows == 3
