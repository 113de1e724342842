"""JSON Lines: a record a line, named for it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.json_lines import parse
from index.errors import UnreadableDocument


def test_records_are_sections_named_for_their_lines():
    """An empty line is none, but counts."""
    extract = parse(b'{"a": 1, "b": "x"}\n\n{"a": {"c": 2}}\n"text"\n')
    assert [(b.section, b.span.of(extract.text)) for b in extract.blocks] == [
        (("line 1",), "a: 1"),
        (("line 1",), "b: x"),
        (("line 3", "a"), "c: 2"),
        (("line 4",), "text"),
    ]
    assert extract.text == "a: 1\nb: x\n\nc: 2\n\ntext"


def test_a_record_has_its_name_beside_its_line():
    """The most telling of its fields, unless that is no name."""
    lines = ['{"id": "B-1", "Name": "Riga"}', '{"id": "B-2"}', '{"name": 7, "id": "8"}']
    long = json.dumps({"title": "x" * 81})
    extract = parse("\n".join([*lines, long]).encode())
    sections = dict.fromkeys(block.section[0] for block in extract.blocks)
    assert list(sections) == ["line 1 Riga", "line 2 B-2", "line 3", "line 4"]


def test_a_broken_line_is_named():
    """So that somebody can mend it."""
    with pytest.raises(UnreadableDocument, match="line 3 is no JSON"):
        parse(b'{"a": 1}\n{"a": 2}\n{"a": \n{"a": 4}\n')


@given(st.lists(st.dictionaries(st.text("ab", min_size=1), st.text("xyz", min_size=1), min_size=1)))
def test_what_json_writes_is_read_back(records):
    """Each record's lines are its names and values, in its own section."""
    extract = parse("\n".join(map(json.dumps, records)).encode())
    assert [(b.section, b.span.of(extract.text)) for b in extract.blocks] == [
        ((f"line {number}",), f"{name}: {value}")
        for number, record in enumerate(records, start=1)
        for name, value in record.items()
    ]
