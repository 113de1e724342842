"""Measures against hand arithmetic, intervals against the cases where they are known."""

from __future__ import annotations

from math import log2, sqrt

import numpy as np
import pytest

from service.evaluation.measures import compare, estimate, score


def test_measures_by_hand():
    """Each measure is what hand arithmetic gives."""
    qrels = {"q": {"a": 1, "b": 1}}
    values = score(qrels, {"q": ["x", "a", "y", "z", "v", "b"]})
    gained = 1 / log2(3) + 1 / log2(7)
    ideal = 1 / log2(2) + 1 / log2(3)
    assert values["nDCG@10"]["q"] == pytest.approx(gained / ideal)
    assert values["recall@1"]["q"] == 0
    assert values["recall@5"]["q"] == 1 / 2
    assert values["recall@10"]["q"] == 1
    assert values["MRR@10"]["q"] == 1 / 2
    assert values["hit@1"]["q"] == 0


def test_graded_relevance():
    """Relevance itself is the gain of nDCG."""
    values = score({"q": {"a": 3, "b": 1}}, {"q": ["b", "a"]})
    expected = (1 + 3 / log2(3)) / (3 + 1 / log2(3))
    assert values["nDCG@10"]["q"] == pytest.approx(expected)


def test_below_rank_ten():
    """Ranks below ten count for nothing but recall@100."""
    ranking = [f"x{place:02d}" for place in range(10)] + ["a"]
    values = score({"q": {"a": 1}}, {"q": ranking})
    assert values["MRR@10"]["q"] == values["nDCG@10"]["q"] == values["recall@10"]["q"] == 0
    assert values["recall@100"]["q"] == 1


def test_query_without_ranking():
    """A judged query without ranking counts 0, an unjudged one not at all."""
    values = score({"judged": {"a": 1}}, {"other": ["a"]})
    assert all(per_query == {"judged": 0.0} for per_query in values.values())


def test_missing_document():
    """A relevant document that the corpus lacks counts against recall."""
    assert score({"q": {"a": 1, "gone": 1}}, {"q": ["a"]})["recall@100"]["q"] == 1 / 2


def test_interval_of_many():
    """Of many values the interval is that of the normal law."""
    values = np.random.default_rng(1).normal(0.4, 0.2, 4_000)
    found = estimate(values.tolist())
    half = 1.96 * values.std() / sqrt(len(values))
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=half / 10)
    assert found.high == pytest.approx(values.mean() + half, abs=half / 10)


def test_interval_of_equals():
    """Equal values leave no room for an interval."""
    assert (estimate([0.5] * 20).low, estimate([0.5] * 20).high) == (0.5, 0.5)


def test_one_value():
    """One value has a mean and no interval."""
    found = estimate([0.25])
    assert (found.mean, found.low, found.high, found.queries) == (0.25, None, None, 1)


def test_no_values():
    """No values have no mean."""
    with pytest.raises(ValueError, match="no values"):
        estimate([])


def test_interval_repeats():
    """The same values give the same interval every time."""
    values = np.random.default_rng(2).random(50).tolist()
    assert estimate(values) == estimate(values)


def test_compare_with_itself():
    """A setting does not differ from itself."""
    values = {"a": 0.1, "b": 0.9, "c": 0.4}
    found = compare(values, values)
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_exact_p():
    """Few queries get the exact p of all swaps."""
    better = {f"q{number}": 1.0 for number in range(8)}
    worse = {f"q{number}": 0.0 for number in range(8)}
    found = compare(better, worse)
    # Of 2^8 ways to swap, only none and all differ by so much: one each side.
    assert found.p == pytest.approx(2 / 2**8)
    assert (found.mean, found.low, found.high) == (1, 1, 1)


def test_common_queries():
    """Only queries that both settings have are compared."""
    found = compare({"a": 1.0, "b": 0.0}, {"b": 0.5, "c": 0.5})
    assert (found.mean, found.queries, found.p) == (-0.5, 1, None)


def test_nothing_in_common():
    """Settings without a common query cannot be compared."""
    with pytest.raises(ValueError, match="share no query"):
        compare({"a": 1.0}, {"b": 1.0})
