"""Evidence: the run of sentences a brute force over all runs would choose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evidence import KEEP, select_evidence, sentence_score

WEIGHTS = {"troop": 2.0, "poland": 3.0, "send": 1.0}


def test_a_score_is_the_share_of_idf_held():
    """(2 + 3) / (2 + 3 + 1), however often a term is repeated."""
    assert sentence_score(WEIGHTS, ["troop", "poland", "poland", "sun"]) == pytest.approx(5 / 6)
    assert sentence_score(WEIGHTS, []) == 0
    assert sentence_score({}, ["troop"]) == 0


def test_the_one_sentence_that_answers_is_chosen():
    """Neighbours that share nothing are left out."""
    sentences = [["sun"], ["troop", "poland"], ["rain"]]
    assert select_evidence(WEIGHTS, sentences) == range(1, 2)


def test_a_neighbour_worth_it_is_taken_along():
    """Scores 5/6 and 3/6: the second is above half of the first."""
    assert select_evidence(WEIGHTS, [["troop", "poland"], ["poland"], ["sun"]]) == range(0, 2)


def test_a_gap_is_bridged_only_where_what_follows_pays_for_it():
    """Gains around the peak of 1: -1/2 then +1/2 is no gain, so the gap stays."""
    every = ["troop", "poland", "send"]
    assert select_evidence(WEIGHTS, [every, ["sun"], every]) == range(0, 1)
    assert select_evidence(WEIGHTS, [every, ["poland", "sun"], every]) == range(0, 3)


def test_without_a_shared_term_the_whole_passage_is_the_evidence():
    """A passage found by meaning alone gives nothing to choose by."""
    assert select_evidence(WEIGHTS, [["a"], ["b"]]) == range(0, 2)
    assert select_evidence({}, [["a"]]) == range(0, 1)


@given(st.lists(st.lists(st.sampled_from([*WEIGHTS, "sun"]), max_size=4), min_size=1, max_size=9))
def test_the_run_is_the_best_of_all_runs_that_hold_the_best_sentence(sentences):
    """No other run has a greater sum of score over threshold, and none as great is shorter."""
    scores = [sentence_score(WEIGHTS, terms) for terms in sentences]
    best = max(scores)
    chosen = select_evidence(WEIGHTS, sentences)
    if best == 0:
        assert chosen == range(len(sentences))
        return
    peak = scores.index(best)

    def worth(run: range) -> float:
        return sum(scores[i] - KEEP * best for i in run)

    runs = [
        range(first, after)
        for first in range(peak + 1)
        for after in range(peak + 1, len(sentences) + 1)
    ]
    greatest = max(map(worth, runs))
    assert worth(chosen) == pytest.approx(greatest)
    ties = [run for run in runs if worth(run) > greatest - 1e-9]
    assert len(chosen) == min(map(len, ties))
