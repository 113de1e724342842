"""Percentiles and ratios against hand arithmetic."""

from benchmarks.timing import percentiles, ratio


def test_percentiles_lie_between_neighbours():
    """Of 1 to 5 the median is 3 and the 95th lies four fifths of the way from 4 to 5."""
    assert percentiles([5, 3, 1, 2, 4], (50, 95)) == [3.0, 4.8]


def test_a_ratio_compares_medians_of_the_same_round():
    """Rounds of medians 3, 6, 20 against 1, 2, 4 are 3, 3 and 5 times; their median is 3."""
    told = ratio([[2, 4], [6], [20]], [[1, 1], [2], [4, 4, 9]])
    assert (told.median, told.least, told.most) == (3.0, 3.0, 5.0)
    assert str(told) == "3.00 (3.00–5.00)"
