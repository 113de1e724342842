"""Answers in Markdown: whole codes, whole pairs of marks, and none about all of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from service.reading.marked_spans import with_other_halves, without_marks


def span_of(text: str, read: str) -> Span:
    start = text.index(read)
    return Span(start, start + len(read))


@pytest.mark.parametrize(
    ("text", "read", "whole"),
    [
        (
            "Run `systemctl enable --now x` first.",
            "Run `systemctl enable",
            "Run `systemctl enable --now x`",
        ),
        ("Set `port 80` to it.", "port 80", "port 80"),
        ("Set `port 80` to it.", "80", "80"),
        ("Set `port 80` to it.", "80` to it", "`port 80` to it"),
        (
            "*viewer*, *cook* and *owner*.",
            "*viewer*, *cook* and *owner",
            "*viewer*, *cook* and *owner*",
        ),
        ("**443**", "**443", "**443**"),
        ("**443**", "443**", "**443**"),
        ("**443** is it", "443", "443"),
        ("2 * 3 is 6", "2 * 3", "2 * 3"),
    ],
)
def test_halves_by_hand(text, read, whole):
    """A code read in part, from outside or from within; a list whose last mark was left out."""
    assert with_other_halves(text, span_of(text, read)).of(text) == whole


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("**7443**", "7443"),
        ("`tidewheel`", "tidewheel"),
        ("***both***", "both"),
        ("**`code`**", "code"),
        ("*viewer*, *owner*", "*viewer*, *owner*"),
        ("* item", "* item"),
        ("2*3*4", "2*3*4"),
        ("****", "****"),
        ("__init__", "__init__"),
    ],
)
def test_marks_about_all_of_it_go(text, bare):
    """And no others: names of programs have underscores of their own."""
    assert without_marks(text, Span(0, len(text))).of(text) == bare


@given(st.text("a*` \n", min_size=1, max_size=40), st.data())
def test_what_is_added_and_taken_are_marks_or_code(text, data):
    """Never empty, never a letter less."""
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    grown = with_other_halves(text, span)
    assert grown.start <= span.start < span.end <= grown.end
    bare = without_marks(text, span)
    assert bare.of(text).replace("*", "").replace("`", "") == span.of(text).replace(
        "*", ""
    ).replace("`", "")
    assert bare.start < bare.end
