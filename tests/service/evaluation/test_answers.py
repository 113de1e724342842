"""SQuAD's definitions by hand arithmetic; AUROC against every pair."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.answers import auroc, exact_match, f1, normalised

NORMALISED = [
    ("The  U.S. Army!", "us army"),
    ("an apple a day", "apple day"),
    ("Theatre", "theatre"),
    ("the", ""),
    ("1,700", "1700"),
    ("rock-'n'-roll", "rocknroll"),
    ("  Anna\nSmith ", "anna smith"),
    ("naïve “quoted”", "naïve “quoted”"),
    ("", ""),
]
SCORED = [
    # (answer, gold, EM, F1)
    ("the Army", ["Army"], 1.0, 1.0),
    ("US Army soldiers", ["the army"], 0.0, 2 * 1 / (3 + 1)),
    ("1,700 American soldiers", ["about 1,700"], 0.0, 2 * 1 / (3 + 2)),
    ("Anna", ["Bea", "Anna Smith", "Anna"], 1.0, 1.0),
    ("Anna Jones", ["Bea", "Anna Smith", "Anna"], 0.0, 2 * 1 / (2 + 1)),
    ("to be to be", ["be to"], 0.0, 2 * 2 / (4 + 2)),
    ("be to", ["to be"], 0.0, 1.0),
    ("", [], 1.0, 1.0),
    ("Anna", [], 0.0, 0.0),
    ("", ["Anna"], 0.0, 0.0),
    ("the", [], 1.0, 1.0),
    ("the", ["a"], 1.0, 1.0),
    ("Anna", ["Bea"], 0.0, 0.0),
]


@pytest.mark.parametrize(("answer", "expected"), NORMALISED)
def test_answers_are_made_plain_as_squad_does(answer, expected):
    """Lower case, ASCII punctuation out, whole-word articles out, one space between words."""
    assert normalised(answer) == expected


@pytest.mark.parametrize(("answer", "gold", "em", "overlap"), SCORED)
def test_exact_match_and_f1_are_those_of_hand_arithmetic(answer, gold, em, overlap):
    """F1 is twice the shared words over all words, and the best gold answer counts."""
    assert exact_match(answer, gold) == em
    assert f1(answer, gold) == pytest.approx(overlap)


WORDS = st.lists(st.sampled_from("anna bea carl dora".split()), max_size=6)


@given(WORDS, WORDS)
def test_f1_is_the_harmonic_mean_of_precision_and_recall(ours, theirs):
    """As defined from precision and recall, where the two share a word."""
    shared = sum((Counter(ours) & Counter(theirs)).values())
    expected = float(ours == theirs)
    if shared:
        precision, recall = shared / len(ours), shared / len(theirs)
        expected = 2 * precision * recall / (precision + recall)
    elif ours and theirs:
        expected = 0.0
    assert f1(" ".join(ours), [" ".join(theirs)]) == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), max_size=20))
def test_auroc_is_the_share_of_pairs_in_the_right_order(rows):
    """Every positive against every negative, a tie counting half; nan without a pair."""
    ups = [score for score, positive in rows if positive]
    downs = [score for score, positive in rows if not positive]
    found = auroc([score for score, _ in rows], [positive for _, positive in rows])
    pairs = [(up > down) + (up == down) / 2 for up in ups for down in downs]
    if pairs:
        assert found == pytest.approx(sum(pairs) / len(pairs))
    else:
        assert math.isnan(found)
