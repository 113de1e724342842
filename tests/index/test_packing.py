"""Texts end to end: every word piece once, found again in its row; runs within their bounds."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.packing import ROW_STEP, TOKEN_STEP, Shape, packed, packs

TEXTS = st.lists(st.lists(st.integers(1, 30_000), min_size=1, max_size=70), min_size=1, max_size=9)


@given(texts=TEXTS)
def test_rows_hold_their_text_and_find_the_way_back(texts):
    """Laid out by ``which`` a row reads as its text, and ``where`` leads each word piece back."""
    ids = [np.array(text, np.int32) for text in texts]
    segments = [np.arange(len(text), dtype=np.int32) % 2 for text in texts]
    given = packed(ids, segments)
    length = given.which.shape[1]
    for row, (text, own) in enumerate(zip(ids, segments, strict=True)):
        present = given.present[row].astype(bool)
        assert present.tolist() == [True] * len(text) + [False] * (length - len(text))
        assert np.array_equal(given.ids[given.which[row][present]], text)
        assert np.array_equal(given.segments[given.which[row][present]], own)
    tokens = sum(map(len, texts))
    assert np.array_equal(given.which.ravel()[given.where[:tokens]], np.arange(tokens))
    assert not given.ids[tokens:].any()
    assert not given.where[tokens:].any()
    assert len(given.ids) == len(given.where) == Shape.of([len(t) for t in texts]).tokens
    assert 0 <= len(given.ids) - tokens < TOKEN_STEP
    assert len(given.ids) % TOKEN_STEP == 0
    longest = max(map(len, texts))
    assert 0 <= length - longest < ROW_STEP
    assert length % ROW_STEP == 0


def test_without_segments_all_are_of_the_first():
    """As an encoder's texts are."""
    given = packed([np.array([5, 6], np.int32), np.array([7], np.int32)])
    assert given.segments.tolist() == [0] * 8
    assert given.ids.tolist() == [5, 6, 7, 0, 0, 0, 0, 0]
    assert given.which[:, :2].tolist() == [[0, 1], [2, 0]]
    assert given.where.tolist() == [0, 1, 16, 0, 0, 0, 0, 0]


@given(st.lists(st.integers(1, 256), max_size=60), st.integers(1, 600))
def test_runs_hold_all_texts_in_order_and_keep_their_bounds(lengths, tokens):
    """None longer than may be but a single text, none with a text less than half as long as its
    first, and none that could have taken the next text, too.
    """
    lengths.sort(reverse=True)
    runs = [lengths[part] for part in packs(lengths, tokens)]
    assert [length for run in runs for length in run] == lengths
    for run in runs:
        assert len(run) == 1 or sum(run) <= tokens
        assert 2 * run[-1] >= run[0]
    for run, following in pairwise(runs):
        assert sum(run) + following[0] > tokens or 2 * following[0] < run[0]
