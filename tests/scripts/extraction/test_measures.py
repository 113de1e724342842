"""The arithmetic of the comparison."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.measures import longest_common, missing, order_kept, share_kept, words_of

WORDS = st.lists(st.sampled_from("abcd"), max_size=9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ofﬁce, OFFICE", ["office", "office"]),
        ("well-known well‑known wellknown", ["wellknown"] * 3),
        ("a – b - c", ["a", "b", "c"]),
        ("snake_case 1,700", ["snake", "case", "1", "700"]),
        ("冬天 港。", ["冬", "天", "港"]),
        ("soft\u00adly\u200b", ["softly"]),
        ("", []),
    ],
)
def test_words(text, words):
    """Written by hand beside each."""
    assert words_of(text) == words


@given(WORDS, WORDS)
def test_the_share_kept_is_counted_word_by_word(theirs, ours):
    """Against striking each of their words off a list of ours."""
    left, kept = [*ours], 0
    for word in theirs:
        if word in left:
            left.remove(word)
            kept += 1
    assert share_kept(theirs, ours) == (kept / len(theirs) if theirs else 1)


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_is_the_textbook_s(one, other):
    """Against dynamic programming."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, word in enumerate(one):
        for j, another in enumerate(other):
            best = max(rows[i][j + 1], rows[i + 1][j])
            rows[i + 1][j + 1] = rows[i][j] + 1 if word == another else best
    assert longest_common(one, other) == rows[-1][-1]


def test_order_by_hand():
    """Words that are not there do not count against the order."""
    assert order_kept(["a", "b", "c"], ["a", "b", "c"]) == 1
    assert order_kept(["a", "b", "x"], ["b", "a"]) == 1 / 2
    assert order_kept(["x"], ["a"]) == 1


@given(WORDS, WORDS)
def test_what_is_missing_is_what_is_not_kept(theirs, ours):
    """All that is in theirs and not in ours."""
    assert Counter(missing(theirs, ours, 99)).keys() == (Counter(theirs) - Counter(ours)).keys()
