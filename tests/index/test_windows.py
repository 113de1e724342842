"""Windows: every sentence in one, evenly filled."""

from hypothesis import given
from hypothesis import strategies as st

from index.windows import cut_windows

LENGTHS = st.lists(st.integers(1, 80), min_size=1, max_size=30)


def test_windows_by_hand():
    """Of 130 pieces two windows of 64: middles at 15, 45 | 75, 110 fall on either side of 65."""
    assert cut_windows([30, 30, 30, 40], 64) == [range(0, 2), range(2, 4)]


def test_a_short_passage_is_one_window():
    """95 pieces round to one window of 64, 97 to two."""
    assert cut_windows([50, 45], 64) == [range(0, 2)]
    assert cut_windows([50, 47], 64) == [range(0, 1), range(1, 2)]


@given(LENGTHS)
def test_without_a_window_size_the_passage_is_one_window(lengths):
    """Zero turns windows off."""
    assert cut_windows(lengths, 0) == [range(len(lengths))]


@given(LENGTHS, st.integers(1, 200))
def test_windows_are_a_partition_in_order(lengths, size):
    """No sentence is left out, repeated or moved."""
    runs = cut_windows(lengths, size)
    assert [at for run in runs for at in run] == list(range(len(lengths)))
    assert all(run for run in runs)


@given(LENGTHS, st.integers(1, 200))
def test_no_window_exceeds_its_even_share_by_more_than_its_outer_sentences(lengths, size):
    """A run's middles lie within one share, so it overhangs by half a sentence at each end."""
    total = sum(lengths)
    share = total / max(1, round(total / size))
    for run in cut_windows(lengths, size):
        own = [lengths[at] for at in run]
        assert sum(own) <= share + own[0] / 2 + own[-1] / 2 + 1e-6
