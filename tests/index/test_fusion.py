"""Fusion by hand arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse

SCORES = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=20)


def test_fusion_by_hand():
    """At weight 0.6 with ceiling 8: .6*.2 + .4*8/8 = .52, .6*.6 + 0 = .36, .6*.3 + .4*.5 = .38."""
    dense, lexical = np.array([0.2, 0.6, 0.3]), np.array([8.0, 0.0, 4.0])
    assert fuse(dense, lexical, 8.0, 0.6) == pytest.approx([0.52, 0.36, 0.38])


def test_a_question_without_terms_is_ranked_by_meaning_alone():
    """A ceiling of zero divides nothing: the dense side stands as it is."""
    assert fuse(np.array([0.5, 0.2]), np.zeros(2), 0.0, 0.4) == pytest.approx([0.2, 0.08])


@given(scores=SCORES, weight=st.floats(0, 1))
def test_a_score_does_not_depend_on_the_other_candidates(scores, weight):
    """Any candidate alone has the score it has among the others."""
    dense, lexical = np.array(scores), np.array(scores[::-1])
    together = fuse(dense, lexical, 1.0, weight)
    for place in range(len(scores)):
        alone = fuse(dense[[place]], lexical[[place]], 1.0, weight)
        assert alone == pytest.approx(together[[place]])


@given(scores=SCORES)
def test_all_weight_on_one_side_is_that_side(scores):
    """At weight 1 the cosine stands, at 0 the share of the ceiling."""
    dense, lexical = np.array(scores), np.array(scores[::-1]) * 5
    assert fuse(dense, lexical, 5.0, 1.0) == pytest.approx(dense)
    assert fuse(dense, lexical, 5.0, 0.0) == pytest.approx(lexical / 5)
