"""The offline check: true citations hold, and every altered one is told."""

from __future__ import annotations

import copy
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from quoth_client import check
from service.evaluation.verification import faults
from service.schemas.citation import CITATION_EXAMPLE

QUOTE = CITATION_EXAMPLE["quote"]
TEXT = QUOTE["prefix"] + QUOTE["exact"] + QUOTE["suffix"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def altered(path: str, value) -> dict:
    """The example with one field changed."""
    citation = copy.deepcopy(CITATION_EXAMPLE)
    *above, last = path.split(".")
    place = citation
    for name in above:
        place = place[name]
    place[last] = value
    return citation


def citation_of(text: str, start: int, end: int) -> dict:
    """A true citation of a span, made here."""
    exact, before = text[start:end], text[:start]
    units = {
        name: {
            "start": len(before.encode(code)) // size,
            "end": len(text[:end].encode(code)) // size,
        }
        for name, code, size in (("utf16", "utf-16-le", 2), ("bytes", "utf-8", 1))
    }
    quote = {
        "exact": exact,
        "prefix": before[-32:],
        "suffix": text[end : end + 32],
        "sha256": sha256(exact.encode()).hexdigest(),
    }
    lines = {"start": before.count("\n") + 1, "end": text[: end - 1].count("\n") + 1}
    document = CITATION_EXAMPLE["document"] | {"text_sha256": sha256(text.encode()).hexdigest()}
    made = {"span": {"start": start, "end": end}, "quote": quote, "lines": lines}
    return CITATION_EXAMPLE | units | made | {"document": document}


def test_the_example_holds():
    """As the API documents it, over the text it is of."""
    assert check(CITATION_EXAMPLE, TEXT) == []


@given(TEXTS, TEXTS.filter(bool), TEXTS)
def test_a_true_citation_holds(before, exact, after):
    """Whatever characters it is made of; the independent check agrees."""
    text = before + exact + after
    citation = citation_of(text, len(before), len(before) + len(exact))
    assert check(citation, text) == []
    assert faults(citation, text) == []


@given(TEXTS, TEXTS.filter(bool), TEXTS, TEXTS)
def test_over_another_text_a_citation_does_not_hold(before, exact, after, other):
    """Unless it is the very same; the independent check agrees."""
    text = before + exact + after
    citation = citation_of(text, len(before), len(before) + len(exact))
    assert (check(citation, other) == []) == (other == text)
    assert (faults(citation, other) == []) == (other == text)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("span.start", 27, "not the quote"),
        ("span.end", 68, "that stands at 26."),
        ("quote.exact", "About 1,900 soldiers were sent to Poland.", "The quote was altered"),
        ("quote.exact", "", "The quote is empty."),
        ("quote.sha256", "0" * 64, "The quote was altered"),
        ("quote.prefix", "elsewhere", "'elsewhere' does not stand before"),
        ("quote.suffix", "elsewhere", "'elsewhere' does not stand after"),
        ("document.text_sha256", "0" * 64, "not the one that was cited"),
        ("utf16", {"start": 26, "end": 66}, "utf16 are 26 to 66, but the quote has 26 to 67."),
        ("bytes", {"start": 0, "end": 41}, "bytes are 0 to 41, but the quote has 26 to 67."),
        ("lines", {"start": 5, "end": 6}, "lines are 5 to 6, but the quote has 5 to 5."),
    ],
)
def test_what_was_altered_is_told(path, value, said):
    """In words that name it, with both sides."""
    told = check(altered(path, value), TEXT)
    assert any(said in fault for fault in told), told


def test_a_long_quote_is_told_in_short():
    """Nobody reads a page in an error."""
    text = "a" * 500 + "b" * 500
    citation = citation_of(text, 0, 500)
    (_, fault) = check(citation, "c" + text)
    assert len(fault) < 300
    assert fault.endswith("that stands at 1.")


def test_what_is_no_citation_is_refused():
    """It was not made by a Quoth service."""
    with pytest.raises(ValidationError, match="quote"):
        check({"id": "c1"}, TEXT)
