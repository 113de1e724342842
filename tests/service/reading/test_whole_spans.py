"""Spans made whole: what is added stands in the text, and says what the text says."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from service.reading.whole_spans import number_pieces, whole_span, without_half_pairs

PIECES = st.sampled_from(
    [
        "not ",
        "at least ",
        "more than ",
        "well over ",
        "a ",
        "third ",
        "300 ",
        "F",
        "-16",
        ". ",
        "\n",
        "/var",
        "a.b",
    ]
)


@pytest.mark.parametrize(
    ("text", "read", "whole"),
    [
        ("They lost slightly under a third of it.", "a third", "slightly under a third"),
        ("They lost slightly under a third of it.", "third", "slightly under a third"),
        ("Of 20, at most\u00a0£3 is left.", "£3", "at most\u00a0£3"),
        ("Just over an F-16.", "an F", "an F-16"),
        ("More than 300 F-16 jets", "300 F", "More than 300 F-16"),
        ("It holds more\nthan twenty cats.", "twenty", "more\nthan twenty"),
        ("in excess of US$300 million", "US$300 million", "in excess of US$300 million"),
        ("Fines are not more than $500.", "$500", "not more than $500"),
        ("No less than 30 days.", "30 days", "No less than 30 days"),
        ("It changed by -22 % then.", "22 %", "-22 %"),
        ("Fell (−3.5 °C) again.", "3.5 °C", "−3.5 °C"),
        ("Price: £14.", "14", "£14"),
        ("A loss of -$5 m.", "5 m", "-$5 m"),
        ("At least €300.", "300", "At least €300"),
        ("Pages 3-5 only.", "5", "5"),
        ("In 1939 - 1945.", "1945", "1945"),
        ("It is US$3.", "3", "3"),
        ("The -ing form.", "ing", "ing"),
        ("Write to help.desk@brindle.example.", "@brindle", "help.desk@brindle.example"),
    ],
)
def test_by_hand(text, read, whole):
    """Bounds before, names behind, both; an article between, a line's end, a denied bound."""
    start = text.index(read)
    assert whole_span(text, Span(start, start + len(read))).of(text) == whole


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A parcel must not weigh more than 20 kg.", "20 kg"),
        ("Nobody can't claim at least 300 euros.", "300 euros"),
        ("It never holds more than 12.", "12"),
        ("Without more than 12 it fails.", "12"),
        ("They handed over 30 prisoners.", "30 prisoners"),
        ("Prices went up to 300 dollars.", "300 dollars"),
        ("It lasted over 2018.", "2018"),
        ("Under 2004 rules it is.", "2004"),
        ("It lies north of 42nd Street.", "42nd Street"),
        ("About 1,700 went.", "1,700"),
        ("She has more than friends.", "friends"),
        ("Older than 300 years.", "300 years"),
    ],
)
def test_what_is_no_bound_or_is_denied_is_left(text, read):
    """Prepositions, estimates and comparisons; and what the document says not to be so."""
    start = text.index(read)
    assert whole_span(text, Span(start, start + len(read))).of(text) == read


def test_only_its_own_sentence_denies():
    """And no bound is taken from the one before."""
    text = "Do not go, or more than. 300 did. More than 300 did."
    first, second = text.index("300"), text.rindex("300")
    assert (
        whole_span(text, Span(second, second + 3), text.index("More")).of(text) == "More than 300"
    )
    assert whole_span(text, Span(first, first + 3), first).of(text) == "300"


@given(st.lists(PIECES, min_size=1, max_size=8).map("".join), st.data())
def test_it_only_grows_and_only_once(text, data):
    """Whatever is read lies within, and within its sentence; making whole again adds nothing."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    sentence = data.draw(st.integers(0, start))
    found = whole_span(text, Span(start, end), sentence)
    assert sentence <= found.start <= start < end <= found.end <= len(text)
    assert whole_span(text, found, sentence) == found


@pytest.mark.parametrize(
    ("text", "read", "bare"),
    [
        ("So (it is called) now.", "(it is called", "it is called"),
        ("So (it is called) now.", "it is called)", "it is called"),
        ("So (it is called) now.", "(it is called)", "(it is called)"),
        ("By f(x) alone.", "f(x)", "f(x)"),
        ("Run `make all` now.", "`make", "make"),
        ("Called “The Bishop”.", "Bishop”", "Bishop"),
        ('Called "The Bishop".', '"The', "The"),
        ('It is 5" wide.', '5"', '5"'),
        ('Note ( "it" )', '( "it"', '"it"'),
        ("Only (.", "(", "("),
        ("The dogs' bowls", "dogs'", "dogs'"),
    ],
)
def test_half_pairs_by_hand(text, read, bare):
    """Those whose other half is within stay, and inches."""
    start = text.index(read)
    assert without_half_pairs(text, Span(start, start + len(read))).of(text) == bare


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Call 01632 960 102 or 07700-900441.", ["01632 960 102", "07700-900441"]),
        ("+49 30 901820", ["+49 30 901820"]),
        ("of 1,700 at 11:45 and 3.5", ["1,700", "11:45", "3.5"]),
        ("some 12\u00a0500 and 1\u202f250\u202f000", ["12\u00a0500", "1\u202f250\u202f000"]),
        ("In 1999 200 came, 30 40 more; 0 50 too", []),
        ("At 01632 960.5, or .05 10", ["960.5"]),
    ],
)
def test_the_parts_of_one_number_go_together(text, numbers):
    """Of a telephone's groups, thousands and decimals; not of two numbers that a space parts."""
    inside = number_pieces(text, np.arange(len(text)))
    rest = "".join("|" if went_on else " " for went_on in inside)
    found = [text[run.start() - 1 : run.end()] for run in re.finditer(r"\|+", rest)]
    assert found == numbers
