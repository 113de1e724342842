"""Texts end to end: every word piece once, found again in its row; runs within their bounds."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.packing import ROW_STEP, TOKEN_STEP, Shape, packed, row_length, runs_of

TEXTS = st.lists(st.lists(st.integers(1, 30_000), min_size=1, max_size=70), min_size=1, max_size=9)


@given(texts=TEXTS)
def test_rows_hold_their_text_and_find_the_way_back(texts):
    """Laid out by ``which`` a row reads as its text, and ``where`` leads each word piece back."""
    ids = [np.array(text, np.int32) for text in texts]
    segments = [np.arange(len(text), dtype=np.int32) % 2 for text in texts]
    inputs = packed(ids, segments)
    length = inputs.which.shape[1]
    for row, (text, own) in enumerate(zip(ids, segments, strict=True)):
        present = inputs.present[row].astype(bool)
        assert present.tolist() == [True] * len(text) + [False] * (length - len(text))
        assert np.array_equal(inputs.ids[inputs.which[row][present]], text)
        assert np.array_equal(inputs.segments[inputs.which[row][present]], own)
    tokens = sum(map(len, texts))
    assert np.array_equal(inputs.which.ravel()[inputs.where[:tokens]], np.arange(tokens))
    assert not inputs.ids[tokens:].any()
    assert not inputs.where[tokens:].any()
    assert len(inputs.ids) == len(inputs.where) == Shape.of([len(t) for t in texts]).tokens
    step = ROW_STEP if len(texts) == 1 else TOKEN_STEP  # a single text fills its row
    assert 0 <= len(inputs.ids) - tokens < step
    assert len(inputs.ids) % step == 0
    longest = max(map(len, texts))
    assert 0 <= length - longest < ROW_STEP
    assert length % ROW_STEP == 0


def test_without_segments_all_are_of_the_first():
    """As an encoder's texts are."""
    inputs = packed([np.array([5, 6], np.int32), np.array([7], np.int32)])
    assert inputs.segments.tolist() == [0] * 8
    assert inputs.ids.tolist() == [5, 6, 7, 0, 0, 0, 0, 0]
    assert inputs.which[:, :2].tolist() == [[0, 1], [2, 0]]
    assert inputs.where.tolist() == [0, 1, 16, 0, 0, 0, 0, 0]


@given(st.lists(st.integers(1, 256), max_size=60), st.integers(1, 600))
def test_runs_hold_all_texts_in_order_and_keep_their_bounds(lengths, most):
    """None longer than may be but a single text, none with a row less than half as long as its
    first, and none that could have taken the next text, too.
    """
    lengths.sort(reverse=True)
    runs = [lengths[part] for part in runs_of(lengths, most)]
    assert [length for run in runs for length in run] == lengths
    for run in runs:
        assert len(run) == 1 or sum(run) <= most
        assert 2 * row_length(run[-1]) >= row_length(run[0])
    for run, following in pairwise(runs):
        shorter = 2 * row_length(following[0]) < row_length(run[0])
        assert sum(run) + following[0] > most or shorter


def test_questions_run_together():
    """The rows of all of up to 32 word pieces are half as long as the longest at least."""
    assert runs_of([32, 22, 13, 13, 6, 4], 512) == [slice(0, 6)]
    assert runs_of([33, 16], 512) == [slice(0, 1), slice(1, 2)]
