"""Spans, digests and ids."""

from hashlib import sha256

import pytest

from index.records import Document, Span, digest, short_digest


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
