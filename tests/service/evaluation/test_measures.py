"""Measures against hand arithmetic, intervals against the cases where they are known."""

from __future__ import annotations

from math import log2, sqrt

import numpy as np
import pytest

from service.evaluation.measures import compare, estimate, score


def test_each_measure_is_what_hand_arithmetic_gives():
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


def test_graded_relevance_is_the_gain_of_ndcg():
    values = score({"q": {"a": 3, "b": 1}}, {"q": ["b", "a"]})
    expected = (1 + 3 / log2(3)) / (3 + 1 / log2(3))
    assert values["nDCG@10"]["q"] == pytest.approx(expected)


def test_ranks_below_ten_count_for_nothing_but_recall_at_100():
    ranking = [f"x{place:02d}" for place in range(10)] + ["a"]
    values = score({"q": {"a": 1}}, {"q": ranking})
    assert values["MRR@10"]["q"] == values["nDCG@10"]["q"] == values["recall@10"]["q"] == 0
    assert values["recall@100"]["q"] == 1


def test_a_judged_query_without_ranking_counts_zero_and_an_unjudged_one_not_at_all():
    values = score({"judged": {"a": 1}}, {"other": ["a"]})
    assert all(per_query == {"judged": 0.0} for per_query in values.values())


def test_a_relevant_document_that_the_corpus_lacks_counts_against_recall():
    assert score({"q": {"a": 1, "gone": 1}}, {"q": ["a"]})["recall@100"]["q"] == 1 / 2


def test_the_interval_is_that_of_the_normal_law_where_many_values_are_drawn_from_one():
    values = np.random.default_rng(1).normal(0.4, 0.2, 4_000)
    found = estimate(values.tolist())
    half = 1.96 * values.std() / sqrt(len(values))
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=half / 10)
    assert found.high == pytest.approx(values.mean() + half, abs=half / 10)


def test_equal_values_leave_no_room_for_an_interval():
    assert (estimate([0.5] * 20).low, estimate([0.5] * 20).high) == (0.5, 0.5)


def test_one_value_has_a_mean_and_no_interval():
    found = estimate([0.25])
    assert (found.mean, found.low, found.high, found.queries) == (0.25, None, None, 1)


def test_no_value_has_no_mean():
    with pytest.raises(ValueError, match="no values"):
        estimate([])


def test_the_same_values_give_the_same_interval_every_time():
    values = np.random.default_rng(2).random(50).tolist()
    assert estimate(values) == estimate(values)


def test_a_setting_does_not_differ_from_itself():
    values = {"a": 0.1, "b": 0.9, "c": 0.4}
    found = compare(values, values)
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_few_queries_get_the_exact_p_of_all_swaps():
    better = {f"q{number}": 1.0 for number in range(8)}
    worse = {f"q{number}": 0.0 for number in range(8)}
    found = compare(better, worse)
    # Of 2^8 ways to swap, only none and all differ by so much: one each side.
    assert found.p == pytest.approx(2 / 2**8)
    assert (found.mean, found.low, found.high) == (1, 1, 1)


def test_only_queries_that_both_settings_have_are_compared():
    found = compare({"a": 1.0, "b": 0.0}, {"b": 0.5, "c": 0.5})
    assert (found.mean, found.queries, found.p) == (-0.5, 1, None)


def test_settings_without_a_common_query_cannot_be_compared():
    with pytest.raises(ValueError, match="share no query"):
        compare({"a": 1.0}, {"b": 1.0})
