"""Offsets in code points, marked in a language that counts UTF-16 units."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Characters of one and two units, blank lines, ends of lines, and what reorders.
CHARACTERS = st.sampled_from("ab \n\r\t\ufeff\u202e\u2069é𝔘😀🏳\u200d<&")
MARK = """
    const {markedParagraphs} = await import('/pages/marks.js');
    const place = document.createElement('div');
    place.append(...markedParagraphs(given[0], given[1], given[2]));
    const text = (css) => [...place.querySelectorAll(css)].map((e) => e.textContent).join('');
    return [place.textContent, text('mark'), text('strong')];
"""


@pytest.fixture(scope="module")
def page(one_chromium, seeds_site):
    one_chromium.begin_anew()
    one_chromium.open(seeds_site.url)
    return one_chromium


@st.composite
def texts_with_spans(draw):
    text = draw(st.text(CHARACTERS, max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    return text, cuts


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts_with_spans(), st.integers(0, 5))
def test_marked_text_is_what_python_cuts(page, drawn, base):
    """Nothing is lost or added, and evidence and answer are the characters of their spans."""
    text, (first, second, third, fourth) = drawn
    spans = [
        {"start": base + first, "end": base + fourth, "kind": "evidence"},
        {"start": base + second, "end": base + third, "kind": "answer"},
    ]
    whole, evidence, answer = page.module(MARK, text, spans, base)
    assert whole == text
    assert evidence == text[first:fourth]
    assert answer == text[second:third]


def test_spans_may_reach_beyond_the_text(page):
    """A window shows the part of a quote that lies in it."""
    span = [{"start": 3, "end": 12, "kind": "evidence"}]
    assert page.module(MARK, "😀bcdefg", span, 5) == ["😀bcdefg", "😀bcdefg", ""]
    assert page.module(MARK, "😀bcdefg", span, 10) == ["😀bcdefg", "😀b", ""]


def test_an_offset_outside_the_text_is_an_error(page):
    """It is never rounded to what is there."""
    script = """
        const {utf16Offsets} = await import('/pages/offsets.js');
        try { return utf16Offsets('a😀', given[0]); } catch (error) { return error.name; }"""
    assert page.module(script, [0, 1, 2]) == [0, 1, 3]
    assert page.module(script, [3]) == "RangeError"
