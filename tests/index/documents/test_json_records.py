"""JSON: every value said under its names, numbers as they are written."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.json_records import parse
from index.errors import UnreadableDocument


def test_an_object_by_hand():
    """Simple values first, a line each; what is nested below stands in its section."""
    source = """{"title": "Towns", "list": [{"name": "Riga", "people": 605270.50, "old": true},
        {"name": "Cēsis", "gone": null, "tags": ["a", "b"]}], "note": "one\\n\\ntwo"}"""
    extract = parse(source.encode())
    assert extract.title == "Towns"
    assert [(b.section, b.span.of(extract.text)) for b in extract.blocks] == [
        ((), "title: Towns"),
        ((), "note: one"),
        ((), "two"),
        (("list", "[0] Riga"), "name: Riga"),
        (("list", "[0] Riga"), "people: 605270.50"),
        (("list", "[0] Riga"), "old: true"),
        (("list", "[1] Cēsis"), "name: Cēsis"),
        (("list", "[1] Cēsis"), "tags: a, b"),
    ]
    assert extract.text.startswith(
        "title: Towns\nnote: one\n\ntwo\n\nname: Riga\npeople: 605270.50"
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('"just a text"', "just a text"),
        ("1e999", "1e999"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("[1, [2, 3]]", "1\n\n2\n\n3"),
        ('{"a": "x", "a": "y"}', "a: x\na: y"),
        ('{"a": "\\ud800"}', "a: ?"),
    ],
)
def test_odd_but_json(source, text):
    """Numbers are spelled as in the file, names said twice are kept, half a pair is marked."""
    assert parse(source.encode()).text == text


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b'{"a": 1,}', "line 1 is no JSON"),
        (b'{"a": 1\n"b": 2}', "line 2 is no JSON"),
        (b"[1] [2]", "line 1 is no JSON: Extra data"),
        (b"[" * 100_000, "nested too deep"),
        (b"[" * 300 + b'"x"' + b"]" * 300, "nested too deep"),
        (b'{"a":' * 300 + b'"x"' + b"}" * 300, "nested too deep"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(source, reason):
    """The line is named; nesting beyond all use is no crash."""
    with pytest.raises(UnreadableDocument, match=reason):
        parse(source)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (["red", "green", "blue"], "a: red, green, blue\nb: x"),
        ([1, None, 2.5, True], "a: 1, 2.5, true\nb: x"),
        (["Ursula K. Le Guin", "Italo Calvino"], "a: Ursula K. Le Guin, Italo Calvino\nb: x"),
        (
            ["It fails with error 1053.", "Known problem. Set it to 120"],
            "a: It fails with error 1053.\nKnown problem. Set it to 120\nb: x",
        ),
        (["Why?", "No reason"], "a: Why?\nNo reason\nb: x"),
        (["He said “Go.”", "", "gone"], "a: He said “Go.”\ngone\nb: x"),
        (["five words make a line", "two"], "a: five words make a line\ntwo\nb: x"),
        (["Riga, Latvia", "Oslo"], "a: Riga, Latvia\nOslo\nb: x"),
        (["one\n\ntwo", "three"], "a: one\n\ntwo\nthree\nb: x"),
        (["  "], "b: x"),
        ([], "b: x"),
    ],
)
def test_arrays_of_simple_values(values, text):
    """What is short is listed on a line; what says something has one of its own, a block each."""
    extract = parse(json.dumps({"a": values, "b": "x"}).encode())
    assert extract.text == text
    assert len(extract.blocks) == len(text.replace("\n\n", "\n").split("\n"))


WORDS = st.text(st.sampled_from("abcé1 "), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


def words_of(value) -> Counter[str]:
    """The words of all values below, as a person would copy them out."""
    if isinstance(value, dict | list):
        return sum(map(words_of, value.values() if isinstance(value, dict) else value), Counter())
    return Counter(
        [] if value is None else (value if isinstance(value, str) else json.dumps(value)).split()
    )


@given(VALUES)
def test_no_value_is_lost(value):
    """Every word of every value stands in the text, as often as in the file."""
    extract = parse(json.dumps(value).encode())
    said = Counter(word.strip(",:") for word in extract.text.split())
    assert words_of(value) <= said
