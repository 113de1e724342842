"""Against brute force over every pair of start and end, in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.spans import SpanLogits, best_spans

LOGITS = st.floats(-20, 20, width=32)


def brute(logits: SpanLogits, longest: int) -> tuple[dict[tuple[int, int], float], float]:
    """Log-probability of every allowed span, and of none."""
    starts = [*map(float, logits.start), float(logits.no_start)]
    ends = [*map(float, logits.end), float(logits.no_end)]
    start_sum = math.log(sum(math.exp(x) for x in starts))
    end_sum = math.log(sum(math.exp(x) for x in ends))
    count = len(logits.start)
    spans = {
        (a, b): starts[a] - start_sum + ends[b] - end_sum
        for a in range(count)
        for b in range(a, min(count, a + longest))
    }
    return spans, starts[-1] - start_sum + ends[-1] - end_sum


@given(
    st.lists(st.tuples(LOGITS, LOGITS), max_size=12),
    LOGITS,
    LOGITS,
    st.integers(1, 9),
    st.integers(1, 6),
)
def test_the_likeliest_spans_are_those_of_brute_force(pairs, no_start, no_end, k, longest):
    """The k best of all spans short enough, best first, each once, with their log-probability."""
    start = np.asarray([a for a, _ in pairs], dtype=np.float32)
    end = np.asarray([b for _, b in pairs], dtype=np.float32)
    logits = SpanLogits(start, end, no_start, no_end)
    found, none = best_spans(logits, k, longest)
    spans, expected_none = brute(logits, longest)
    assert none == pytest.approx(expected_none, abs=1e-4)
    places = [(span.first, span.last) for span in found]
    assert len(set(places)) == len(places) == min(k, len(spans))
    for place, span in zip(places, found, strict=True):
        assert span.log_probability == pytest.approx(spans[place], abs=1e-4)
    best = sorted(spans.values(), reverse=True)[: len(found)]
    assert [span.log_probability for span in found] == pytest.approx(best, abs=1e-4)


def test_hand_arithmetic():
    """Even logits over one token and none: each start and end has 1/2, a pair 1/4."""
    zero = np.zeros(1, dtype=np.float32)
    found, none = best_spans(SpanLogits(zero, zero, 0.0, 0.0), 3)
    assert [(span.first, span.last) for span in found] == [(0, 0)]
    assert found[0].log_probability == pytest.approx(math.log(1 / 4))
    assert none == pytest.approx(math.log(1 / 4))


def test_equal_spans_stand_in_a_settled_order():
    """Of equals the shorter stands first, then the earlier."""
    zeros = np.zeros(3, dtype=np.float32)
    found, _ = best_spans(SpanLogits(zeros, zeros, 0.0, 0.0), 6)
    places = [(span.first, span.last) for span in found]
    assert places == [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]


def test_an_empty_passage_has_no_span():
    """Nothing to begin at: no answer is certain."""
    empty = np.zeros(0, dtype=np.float32)
    assert best_spans(SpanLogits(empty, empty, 3.0, -2.0), 4) == ([], pytest.approx(0.0))
