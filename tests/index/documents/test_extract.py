"""Trimming keeps offsets."""

from hypothesis import given
from hypothesis import strategies as st

from index.documents.extract import trimmed


@given(st.text(), st.integers(0, 20), st.integers(0, 20))
def test_trimmed_is_strip_with_offsets(text, start, length):
    """The span's text is what str.strip leaves of the stretch."""
    start, end = min(start, len(text)), min(start + length, len(text))
    span = trimmed(text, start, max(start, end))
    assert span.of(text) == text[start : max(start, end)].strip()
    assert start <= span.start <= span.end
