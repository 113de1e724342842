"""Citations: every offset against conversions of the whole text, for any Unicode."""

from __future__ import annotations

from hashlib import sha256
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.places import PLACE, Places
from index.records import Place, Span, digest, short_digest
from index.snapshot import DocumentEntry, StoredPassage
from service.citation import CONTEXT, checked_answer, cite, quote_faults, utf16_length
from service.errors import CitationMismatch
from service.evaluation.verification import faults

# Arbitrary text that UTF-8 can hold, rich in what offsets trip over.
AWKWARD = st.sampled_from(
    ["\n", "\r", "😀", "é", "e\u0301", "שלום", "\u202e", "\u2028", "ﬁ", "a ", "𝄞"]
)
TEXTS = st.lists(
    st.one_of(AWKWARD, st.text(st.characters(exclude_categories=["Cs"]), max_size=8)), min_size=1
).map("".join)


def snapshot_of(text: str, *places: Place) -> SimpleNamespace:
    entry = DocumentEntry(
        doc_id=short_digest("a.md"),
        uri="a.md",
        title="A",
        media_type="text/markdown",
        source_sha256=digest(text),
        text_sha256=digest(text),
        metadata={"year": 2022},
        characters=len(text),
        bytes=range(0, len(text.encode())),
        passages=range(0, 1),
    )
    labels = [place.label for place in places]
    rows = [(0, at.start, at.page, at.row, number) for number, at in enumerate(places)]
    stored = Places(np.array(rows, dtype=PLACE), labels)
    return SimpleNamespace(documents=[entry], text=lambda _row: text, places=stored)


def passage_of(text: str, span: Span) -> StoredPassage:
    """A passage with its starts counted the long way."""
    head = text[: span.start]
    return StoredPassage(
        row=0,
        passage_id="p",
        document_row=0,
        span=span,
        section=("Deployments", "East"),
        sentences=(span,),
        first_line=1 + head.count("\n"),
        byte_start=len(head.encode("utf-8")),
        utf16_start=len(head.encode("utf-16-le")) // 2,
    )


@st.composite
def cited(draw) -> tuple[str, Span, Span]:
    """A text, a passage in it, and a span in the passage that is not empty."""
    text = draw(TEXTS.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    passage_start = draw(st.integers(0, start))
    passage_end = draw(st.integers(end, len(text)))
    return text, Span(passage_start, passage_end), Span(start, end)


@given(cited())
def test_every_offset_is_that_of_the_whole_text(drawn):
    """Slicing the text in code points, UTF-16 units and bytes gives the quote, each time."""
    text, passage_span, span = drawn
    citation = cite(snapshot_of(text), passage_of(text, passage_span), span, "c1")
    exact = citation.quote.exact
    assert text[citation.span.start : citation.span.end] == exact
    utf16 = text.encode("utf-16-le")[citation.utf16.start * 2 : citation.utf16.end * 2]
    assert utf16.decode("utf-16-le") == exact
    assert text.encode()[citation.bytes.start : citation.bytes.end].decode() == exact
    assert citation.quote.sha256 == sha256(exact.encode()).hexdigest()
    lines_before = len(text[: span.start + 1].removesuffix("\n").split("\n"))
    assert citation.lines.start == lines_before
    assert citation.lines.end == 1 + text[: span.end - 1].count("\n")


@given(cited())
def test_a_citation_passes_the_checker_that_knows_nothing_of_it(drawn):
    """``service.evaluation.verification`` finds no fault in any citation made here."""
    text, passage_span, span = drawn
    citation = cite(snapshot_of(text), passage_of(text, passage_span), span, "c1")
    assert faults(citation.model_dump(mode="json"), text) == []


@given(cited())
def test_the_quote_with_its_context_is_found_in_the_text(drawn):
    """Prefix, quote and suffix stand together in the text, with 32 characters where there are."""
    text, passage_span, span = drawn
    citation = cite(snapshot_of(text), passage_of(text, passage_span), span, "c1")
    prefix, suffix = citation.quote.prefix, citation.quote.suffix
    assert text.startswith(prefix + citation.quote.exact + suffix, span.start - len(prefix))
    assert len(prefix) == min(CONTEXT, span.start)
    assert len(suffix) == min(CONTEXT, len(text) - span.end)


def test_a_citation_by_hand():
    """Counted on fingers: the emoji is one code point, two UTF-16 units and four bytes."""
    text = "# T\n\n😀 é. About 1,700\nwent.\n"
    span = Span(10, 27)
    assert span.of(text) == "About 1,700\nwent."
    citation = cite(snapshot_of(text), passage_of(text, Span(5, 27)), span, "c3")
    assert (citation.utf16.start, citation.utf16.end) == (11, 28)
    assert (citation.bytes.start, citation.bytes.end) == (14, 31)
    assert (citation.lines.start, citation.lines.end) == (3, 4)
    assert citation.quote.prefix == "# T\n\n😀 é. "
    assert citation.quote.suffix == "\n"
    assert citation.section == ["Deployments", "East"]
    assert citation.page is None
    doc_id = short_digest("a.md")
    assert citation.links.text == f"/v1/documents/{doc_id}/text"
    assert citation.links.view == f"/documents/{doc_id}#char=10,27"
    assert citation.document.metadata == {"year": 2022}
    assert citation.id == "c3"


@pytest.mark.parametrize("span", [Span(2, 2), Span(0, 4), Span(4, 9), Span(8, 9)])
def test_a_span_that_is_empty_or_leaves_its_passage_is_refused(span):
    """Nothing is cited that was not retrieved."""
    text = "abcdefghij"
    with pytest.raises(CitationMismatch):
        cite(snapshot_of(text), passage_of(text, Span(1, 8)), span, "c1")


def test_a_changed_quote_is_never_passed():
    """Each part of the quote is compared with the text it claims to be from."""
    text = "One two three."
    citation = cite(snapshot_of(text), passage_of(text, Span(0, 14)), Span(4, 7), "c1")
    assert quote_faults(citation, text) == []
    assert len(quote_faults(citation, text.replace("two", "2wo"))) == 1
    assert quote_faults(citation, "One  two three.") == [
        "the quote is not what stands at its span",
        "the suffix is not what stands after",
    ]
    shifted = citation.model_copy(
        update={"quote": citation.quote.model_copy(update={"sha256": "0"})}
    )
    assert quote_faults(shifted, text) == ["the sha256 is not the quote's"]


def test_a_text_that_changes_under_the_service_is_not_cited():
    """The text is read again before the citation leaves; a mismatch is raised."""
    readings = count()

    class Torn(str):
        """A text whose later readings differ."""

        __slots__ = ()

        def __getitem__(self, key):
            read = str.__getitem__(self, key)
            return read if next(readings) < 2 else read.upper()

    torn = snapshot_of("One two three.")
    torn.text = lambda _row: Torn("One two three.")
    with pytest.raises(CitationMismatch, match=r"a\.md"):
        cite(torn, passage_of("One two three.", Span(0, 14)), Span(4, 7), "c1")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf16_length_is_that_of_javascript(text):
    """One unit a character, two beyond the basic plane."""
    assert utf16_length(text) == sum(2 if ord(character) > 0xFFFF else 1 for character in text)


@given(cited(), st.data())
def test_an_answer_inside_its_citation_is_what_stands_there(drawn, data):
    """Any stretch of the quote passes as itself, and with one character more it does not."""
    text, passage_span, span = drawn
    citation = cite(snapshot_of(text), passage_of(text, passage_span), span, "c1")
    start = data.draw(st.integers(span.start, span.end - 1))
    answer = Span(start, data.draw(st.integers(start + 1, span.end)))
    words = answer.of(text)
    assert checked_answer(words, answer, citation, text) == answer
    with pytest.raises(CitationMismatch, match="not what stands"):
        checked_answer(words + "x", answer, citation, text)


@pytest.mark.parametrize("answer", [Span(4, 9), Span(14, 19), Span(0, 3)])
def test_an_answer_outside_its_citation_is_withheld(answer):
    """Before its start, beyond its end, or elsewhere, though its words do stand there."""
    text = "Cold. About 1,700 were sent."
    citation = cite(snapshot_of(text), passage_of(text, Span(0, 28)), Span(6, 17), "c1")
    with pytest.raises(CitationMismatch, match="outside its citation"):
        checked_answer(answer.of(text), answer, citation, text)
