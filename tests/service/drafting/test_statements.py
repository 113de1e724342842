"""Plain sentences taken apart, and others left alone."""

from __future__ import annotations

import pytest

from index.records import Span
from service.drafting.statements import statement
from service.drafting.words import joined, span_of


def taken_apart(text):
    said = statement(text, Span(0, len(text)))
    if said is None:
        return None
    parts = (said.lead, said.subject, (said.verb,), said.rest)
    return [joined(words) for words in parts] + [said.auxiliary, said.main]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "On Monday, the council raised the rent of the workshop.",
            ["On Monday", "the council", "raised", "the rent of the workshop", "did", "raise"],
        ),
        (
            "Germany, for its part, has raised its troop numbers.",
            ["", "Germany", "has", "raised its troop numbers", "has", ""],
        ),
        (
            "NATO has no plan to send troops to Ukraine.",
            ["", "NATO", "has", "no plan to send troops to Ukraine", "does", "have"],
        ),
        (
            "About 1,700 US soldiers are bound for Poland, said John Kirby.",
            ["", "About 1,700 US soldiers", "are", "bound for Poland", "are", ""],
        ),
        (
            "The report lists seven causes of the fire.",
            ["", "The report", "lists", "seven causes of the fire", "does", "list"],
        ),
        (
            "According to the White House, Macron later briefed Biden on the talks.",
            None,  # "briefed" is not among the verbs
        ),
        (
            "Macron also met Ada, Grace and Alan in Kyiv on Tuesday.",
            ["", "Macron", "met", "Ada, Grace and Alan in Kyiv on Tuesday", "did", "meet"],
        ),
    ],
)
def test_who_does_what(text, parts):
    """Lead, subject, verb, rest, and what a question begins with and leaves behind."""
    assert taken_apart(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "He raised the rent of the workshop in May.",  # whoever he is
        "However, the council raised the rent in May.",
        "The council raised the rent in May",  # no full stop: a heading or a cell
        "Did the council raise the rent in May?",
        "The man who raised the rent of it was late.",
        "| rent | 740 | euros | a month | paid |.",
        "See https://example.org/rent for what was raised in May.",
        "The council raised it.",
        "Soldiers based in Poland are ready to go there.",
        "A decade later the tract had 267 homes in it.",
        "During the long and cold winter of the second year that followed, they left.",
        "Gambia 's association was founded in 1952 .",
    ],
)
def test_what_is_not_plain_is_left_alone(text):
    """Nothing is better than a draft that nobody can mend."""
    assert taken_apart(text) is None


def test_words_know_their_places():
    """Offsets are the document's, also behind line ends, quotes and initials."""
    text = 'Before. Mr J. Smith held\n"open" talks in the U.S. on May 3, 2021.'
    said = statement(text, Span(8, len(text)))
    assert span_of(said.subject).of(text) == "Mr J. Smith"
    assert [word.span.of(text) for word in said.rest] == [word.text for word in said.rest]
    assert said.rest[-1].text == "2021"
