"""Spans, digests and ids."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Block, Document, Span, digest, short_digest, trimmed


def test_a_span_counts_code_points_not_bytes():
    """An emoji and a combining accent are one code point each."""
    text = "a😀e\u0301z"
    assert Span(1, 2).of(text) == "😀"
    assert Span(2, 4).of(text) == "e\u0301"


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_a_span_that_runs_backwards_is_refused(start, end):
    """No span starts before the text or ends before it starts."""
    with pytest.raises(ValueError, match=str(start)):
        Span(start, end)


def test_digests_are_of_the_utf8_bytes():
    """Anybody can recompute a text's digest with sha256 alone."""
    assert digest("é") == sha256(b"\xc3\xa9").hexdigest()


def test_parts_of_an_id_cannot_run_into_each_other():
    """("ab", "c") and ("a", "bc") are different things with different ids."""
    assert short_digest("ab", "c") != short_digest("a", "bc")
    assert short_digest("ab", "c") == sha256(b"ab\0c\0").hexdigest()[:16]


def test_a_document_keeps_its_id_when_its_text_changes():
    """The id follows the place, the text digest follows the content."""
    one = Document("a.txt", "A", "text/plain", "old", "0" * 64, ())
    other = Document("a.txt", "A", "text/plain", "new", "1" * 64, ())
    assert one.doc_id == other.doc_id
    assert one.text_sha256 != other.text_sha256


def document_of(*spans):
    blocks = tuple(Block(Span(start, end)) for start, end in spans)
    return Document("a.txt", "A", "text/plain", "Twelve chars", "0" * 64, blocks)


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([(0, 13)], r"block 0 of a\.txt, \[0, 13\), ends beyond its text of 12 characters"),
        ([(0, 5), (6, 50)], r"block 1 of a\.txt, \[6, 50\), ends beyond"),
        ([(0, 5), (4, 12)], r"block 1 of a\.txt, \[4, 12\), begins before block 0 ends, at 5"),
        ([(0, 3), (8, 12), (4, 6)], r"block 2 of a\.txt, \[4, 6\), begins before block 1 ends"),
    ],
)
def test_blocks_out_of_place_are_refused(spans, message):
    """Blocks beyond the text, overlapping or out of order are named; sentences rely on them."""
    with pytest.raises(ValueError, match=message):
        document_of(*spans)


def test_blocks_may_touch_and_reach_the_end():
    """The text is half open: a block ends where the next begins, the last where the text does."""
    assert [b.span.end for b in document_of((0, 6), (6, 12), (12, 12)).blocks] == [6, 12, 12]


@given(st.text(), st.integers(0, 20), st.integers(0, 20))
def test_trimmed_is_strip_with_offsets(text, start, length):
    """The span's text is what str.strip leaves of the stretch."""
    start, end = min(start, len(text)), min(start + length, len(text))
    span = trimmed(text, start, max(start, end))
    assert span.of(text) == text[start : max(start, end)].strip()
    assert start <= span.start <= span.end
