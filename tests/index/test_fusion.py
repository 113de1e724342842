"""Fusion by hand arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse, may_be_best

SCORES = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=20)
WEIGHTS = st.floats(0, 1)


def test_fusion_by_hand():
    """With d .6 and c .5: .12 + .4*(.5 + .25) = .42, .36 + .4*.05 = .38, .18 + .4*.25 = .28."""
    dense, lexical = np.array([0.2, 0.6, 0.3]), np.array([1.0, 0.0, 0.5])
    coverage = np.array([0.5, 0.1, 0.0])
    assert fuse(dense, lexical, coverage, 0.6, 0.5) == pytest.approx([0.42, 0.38, 0.28])


@given(scores=SCORES, d=WEIGHTS, c=WEIGHTS)
def test_a_score_does_not_depend_on_the_other_candidates(scores, d, c):
    """Any candidate alone has the score it has among the others."""
    one, other = np.array(scores), np.array(scores[::-1])
    together = fuse(one, other, one, d, c)
    for place in ([i] for i in range(len(scores))):
        alone = fuse(one[place], other[place], one[place], d, c)
        assert alone == pytest.approx(together[place])


@given(scores=SCORES)
def test_all_weight_on_one_ranking_is_that_ranking(scores):
    """The corners of the weights are the three rankings themselves."""
    one, other = np.array(scores), np.array(scores[::-1])
    assert fuse(one, other, other, 1.0, 0.5) == pytest.approx(one)
    assert fuse(other, one, other, 0.0, 0.0) == pytest.approx(one)
    assert fuse(other, other, one, 0.0, 1.0) == pytest.approx(one)


@given(scores=SCORES, d=WEIGHTS, c=WEIGHTS)
def test_fusion_lies_between_the_rankings(scores, d, c):
    """A convex combination never leaves the range of what it combines."""
    three = [np.roll(scores, shift) for shift in range(3)]
    fused = fuse(*three, d, c)
    assert np.all(fused <= np.max(three, axis=0) + 1e-9)
    assert np.all(fused >= np.min(three, axis=0) - 1e-9)


@given(
    bounds=st.lists(st.tuples(*[st.floats(0, 1, width=32)] * 3), min_size=1, max_size=30),
    k=st.integers(1, 35),
    above=st.floats(0, 1e-12),
)
def test_whoever_is_among_the_best_was_kept(bounds, k, above):
    """Wherever between its bounds each score lies, or by rounding a little above them; and who is
    not kept could not have been.
    """
    least, scores, most = np.sort(np.array(bounds), axis=1).T
    kept = may_be_best(least, scores - above, k)
    assert kept[np.argsort(-scores, kind="stable")[:k]].all()
    kept = may_be_best(least, most, k)
    for one in np.flatnonzero(~kept):
        assert np.count_nonzero(least > most[one]) >= k


def test_what_is_no_number_keeps_nobody_out():
    """Of damaged vectors; the one that is best by what is known stays."""
    least = np.array([0.1, np.nan, 0.9, 0.2])
    assert may_be_best(least, least, 1).tolist() == [False, True, True, False]
    assert may_be_best(np.full(3, np.nan), np.full(3, np.nan), 2).all()
