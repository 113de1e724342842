"""Spans made whole: what is added stands in the text, and nothing that was read is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.whole_spans import whole_span

PIECES = st.sampled_from(
    [
        "over ",
        "between ",
        "more than ",
        "up to ",
        "a ",
        "third ",
        "300 ",
        "F",
        "-16",
        "5 and 9 ",
        "\n",
    ]
)


@pytest.mark.parametrize(
    ("text", "read", "whole"),
    [
        ("It took between 5 and 9 days.", "5 and 9 days", "between 5 and 9 days"),
        ("It took between 5 and 9 days.", "9 days", "9 days"),
        ("They lost slightly under a third of it.", "a third", "slightly under a third"),
        ("Of 20, at most\u00a0£3 is left.", "£3", "at most\u00a0£3"),
        ("Just over an F-16.", "an F", "an F-16"),
        ("Up to 300 F-16 jets", "300 F", "Up to 300 F-16"),
    ],
)
def test_by_hand(text, read, whole):
    """Bounds before, names behind, both."""
    start = text.index(read)
    assert whole_span(text, start, start + len(read)).of(text) == whole


@given(st.lists(PIECES, min_size=1, max_size=8).map("".join), st.data())
def test_it_only_grows_and_only_once(text, data):
    """Whatever is read lies within, on its own line before it; making whole again adds nothing."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = whole_span(text, start, end)
    assert 0 <= found.start <= start < end <= found.end <= len(text)
    assert "\n" not in text[found.start : start]
    assert whole_span(text, found.start, found.end) == found
