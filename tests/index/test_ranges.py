"""Ragged ranges against Python's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.ranges import concatenated


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 6)), max_size=20))
def test_ranges_one_after_another(pairs):
    """The numbers are those of Python's ranges, and each range begins where the last ended."""
    begins = np.array([begin for begin, _ in pairs], dtype=np.int64)
    ends = begins + np.array([length for _, length in pairs], dtype=np.int64)
    numbers, firsts = concatenated(begins, ends)
    ranges = [range(b, e) for b, e in zip(begins, ends, strict=True)]
    assert numbers.tolist() == [n for each in ranges for n in each]
    assert firsts.tolist() == [sum(map(len, ranges[:row])) for row in range(len(ranges))]
