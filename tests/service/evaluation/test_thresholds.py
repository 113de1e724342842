"""The serving threshold, by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.thresholds import WITHIN, serving_threshold


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.1, 0.3, 0.6, 0.9]), st.sampled_from([0, 0.5, 1]), st.booleans()
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_serving_threshold_is_the_lowest_within_half_an_error_of_the_best(rows):
    """By brute force over all thresholds that part the questions otherwise."""
    confidence, f1, answerable = (np.asarray(column) for column in zip(*rows, strict=True))
    f1 = f1 * answerable

    def scores(threshold):
        return np.where(confidence >= threshold, f1, ~answerable)

    each = {float(one): scores(one).mean() for one in np.unique(confidence)}
    most = max(each.values())
    # Of equally good ones the highest: the first that is found from above.
    best = max(one for one, mean in each.items() if mean == pytest.approx(most, abs=1e-12))
    error = WITHIN * scores(best).std() / np.sqrt(len(rows))
    lowest = min(one for one, mean in each.items() if mean >= most - error - 1e-12)
    chosen = serving_threshold(confidence, f1, answerable)
    assert scores(chosen).tolist() == scores(lowest).tolist()
