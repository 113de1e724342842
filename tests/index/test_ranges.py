"""Ragged ranges against Python's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.ranges import concatenated, run_starts, union


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), max_size=20))
def test_ranges_one_after_another(pairs):
    """The numbers are those of Python's ranges, and each range begins where the last ended."""
    begins = np.array([begin for begin, _ in pairs], dtype=np.int64)
    ends = begins + np.array([length for _, length in pairs], dtype=np.int64)
    numbers, firsts = concatenated(begins, ends)
    ranges = [range(b, e) for b, e in zip(begins, ends, strict=True)]
    assert numbers.tolist() == [n for each in ranges for n in each]
    assert firsts.tolist() == [sum(map(len, ranges[:row])) for row in range(len(ranges))]


NUMBERS = st.lists(st.integers(0, 9), max_size=12)


@given(NUMBERS)
def test_runs_begin_where_a_value_differs_from_the_one_before(values):
    """By looking at each value's neighbour."""
    expected = [at for at in range(len(values)) if at == 0 or values[at] != values[at - 1]]
    assert run_starts(np.array(values, dtype=np.int64)).tolist() == expected


@given(NUMBERS, NUMBERS)
def test_a_union_is_that_of_sets(one, other):
    """Sorted, each number once."""
    found = union(np.array(one, dtype=np.int64), np.array(other, dtype=np.int64))
    assert found.tolist() == sorted({*one, *other})
