"""How honest confidences are, against hand arithmetic and brute force."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.confidences import (
    area_under_risk_coverage,
    brier_score,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
    selected,
)

PAIRS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.5, 0.95, 1.0]), st.booleans()),
    min_size=1,
    max_size=7,
)


def test_calibration_error_by_hand():
    """Each bin counts by its questions."""
    # (0.8, 1.0]: mean .9, half right; (0.2, 0.4]: mean .3, all right.
    confidences, right = [0.85, 0.95, 0.3], [True, False, True]
    by_hand = (2 * abs(0.5 - 0.9) + 1 * abs(1 - 0.3)) / 3
    assert expected_calibration_error(confidences, right, bins=5) == pytest.approx(by_hand)
    assert expected_calibration_error([1.0, 0.0], [True, False]) == 0
    # The first counts as three: 3 · .15 too unsure and .95 too sure in one bin, .7 in the other.
    weighted = expected_calibration_error(confidences, right, 5, [3.0, 1.0, 1.0])
    assert weighted == pytest.approx((abs(3 * 0.15 - 0.95) + 0.7) / 5)
    written = expected_calibration_error([*confidences, 0.85, 0.85], [*right, True, True], 5)
    assert weighted == pytest.approx(written)
    assert math.isnan(expected_calibration_error([], []))


def test_bin_edges():
    """A confidence at an edge belongs to the bin below it, 0 to the first."""
    bins = reliability_bins([0.0, 0.1, 0.3, 0.30001, 1.0], [0, 0, 1, 1, 1])
    assert [(round(b.low, 1), b.questions) for b in bins] == [
        (0.0, 2),
        (0.2, 1),
        (0.3, 1),
        (0.9, 1),
    ]


@given(PAIRS)
def test_calibration_error_by_brute_force(pairs):
    """The error is the definition's sum, bin by bin."""
    confidences, right = zip(*pairs, strict=True)
    total = 0.0
    for place in range(10):
        held = [
            (c, r)
            for c, r in pairs
            if place / 10 + 1e-9 < c <= (place + 1) / 10 + 1e-9 or (place == 0 and c == 0)
        ]
        total += abs(sum(r for _, r in held) - sum(c for c, _ in held))
    assert expected_calibration_error(confidences, right) == pytest.approx(total / len(pairs))


def test_brier():
    """The Brier score is a mean of squares."""
    assert brier_score([0.8, 0.4], [True, True]) == pytest.approx((0.04 + 0.36) / 2)


def test_risk_coverage():
    """Equal confidences are answered together."""
    points = risk_coverage([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    assert [(p.threshold, p.coverage, p.risk) for p in points] == [
        (0.9, 0.25, 0.0),
        (0.5, 0.75, pytest.approx(1 / 3)),
        (0.1, 1.0, 0.5),
    ]


@given(PAIRS)
def test_area_is_the_mean_over_orders_of_ties(pairs):
    """The area is that of the strict order, averaged over every order of the ties."""
    confidences, right = zip(*pairs, strict=True)
    areas = []
    for order in permutations(range(len(pairs))):
        values = [confidences[at] for at in order]
        if values == sorted(values, reverse=True):
            wrong = np.cumsum([not right[at] for at in order])
            areas.append(np.mean(wrong / np.arange(1, len(pairs) + 1)))
    assert area_under_risk_coverage(confidences, right) == pytest.approx(np.mean(areas))


def test_selected():
    """A threshold answers what is at least as sure."""
    found = selected([0.9, 0.5, 0.4], [True, False, True], 0.5)
    assert (found.answered, found.coverage, found.accuracy) == (2, pytest.approx(2 / 3), 0.5)
    assert math.isnan(selected([0.1], [True], 0.5).accuracy)


def test_bad_confidences():
    """What is no probability, or has no answer to it, is refused."""
    with pytest.raises(ValueError, match="outside"):
        brier_score([1.5], [True])
    with pytest.raises(ValueError, match="2 confidences for 1"):
        risk_coverage([0.5, 0.5], [True])
