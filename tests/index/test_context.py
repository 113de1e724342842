"""The context: title and section path, bounded, never cut inside a word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking import ChunkingSettings
from index.context import context_prefix


def words(text):
    """A tokenizer for arithmetic: a word with what sticks to it is one piece."""
    return [match.span() for match in re.finditer(r"\S+", text)]


@pytest.mark.parametrize(
    ("title", "section", "limit", "prefix"),
    [
        ("Report", (), 40, "Report\n"),
        ("Report", ("Report", "Costs"), 40, "Report › Costs\n"),
        ("Report", ("report ", "Costs\n of  it"), 40, "Report › Costs of it\n"),
        ("", (), 40, ""),
        ("", ("Costs",), 40, "Costs\n"),
        ("Report", ("Costs",), 0, ""),
        ("A b c d", ("E f",), 7, "A b c d › E f\n"),
        ("A b c d", ("E f",), 6, "A b c d › E\n"),
        ("A b c d", ("E f",), 5, "A b c d\n"),
        ("A b c d", ("E f",), 4, "A b c d\n"),
        ("A b c d", ("E f",), 3, "A b c\n"),
    ],
)
def test_context_prefix(title, section, limit, prefix):
    """Title and section path, each name once, cut at a word to the limit."""
    chosen = ChunkingSettings(prefix_tokens=limit)
    assert context_prefix(title, section, words, chosen) == prefix


@given(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=3), st.integers(0, 30))
def test_the_prefix_keeps_its_limit(encoder, title, section, limit):
    """By the encoder's own tokenizer, and as a beginning of the whole prefix in whole words."""
    title = title.encode("utf-8", "ignore").decode()
    section = [name.encode("utf-8", "ignore").decode() for name in section]
    prefix = context_prefix(
        title, section, encoder.token_spans, ChunkingSettings(prefix_tokens=limit)
    )
    whole = context_prefix(
        title, section, encoder.token_spans, ChunkingSettings(prefix_tokens=10_000)
    )
    assert len(encoder.token_spans(prefix)) <= limit
    assert whole.split()[: len(prefix.split())] == prefix.split()
