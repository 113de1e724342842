"""Evaluation files read line by line."""

from __future__ import annotations

import pytest

from service.evaluation.lines import InvalidDataset, records, text_of


def write(folder, text, name="some.jsonl"):
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def test_line_numbers(tmp_path):
    """A separator inside a string ends no line, and blank lines are counted."""
    path = write(tmp_path, '{"a": "one\u2028two"}\r\n\r\n{"a": "three"}\n')
    assert [(record.line, record.text("a")) for record in records(path)] == [
        (1, "one\u2028two"),
        (3, "three"),
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2 is not JSON"),
        ("[1]", "line 2 is not a JSON object"),
        ('"text"', "line 2 is not a JSON object"),
    ],
)
def test_malformed_line(tmp_path, line, complaint):
    """A malformed line is named with its file."""
    path = write(tmp_path, '{"a": "b"}\n' + line + "\n")
    with pytest.raises(InvalidDataset) as caught:
        list(records(path))
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("read", "complaint"),
    [
        (lambda record: record.text("number"), '"number" must be a string, not 1'),
        (lambda record: record.text("absent"), '"absent" must be a string, not null'),
        (lambda record: record.flag("number", True), '"number" must be true or false, not 1'),
        (lambda record: record.texts("mixed"), '"mixed" must be a list of strings'),
    ],
)
def test_field_of_another_type(tmp_path, read, complaint):
    """A field of another type is named with its line."""
    (record,) = records(write(tmp_path, '{"number": 1, "mixed": ["a", 2]}'))
    with pytest.raises(InvalidDataset, match=f"line 1: field {complaint}"):
        read(record)


def test_defaults(tmp_path):
    """An absent field and a null one both give the default."""
    (record,) = records(write(tmp_path, '{"null": null}'))
    assert (record.text("null", "x"), record.text("absent", "y")) == ("x", "y")
    assert (record.texts("null"), record.flag("absent", True)) == ((), True)


def test_byte_order_mark(tmp_path):
    """A byte order mark is no part of the text."""
    assert text_of(write(tmp_path, "\ufefftext\r\nmore")) == "text\nmore"


def test_unreadable_files(tmp_path):
    """A missing file and one that is not UTF-8 are named with the reason."""
    with pytest.raises(InvalidDataset, match=r"gone\.jsonl cannot be read: No such file"):
        text_of(tmp_path / "gone.jsonl")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b"caf\xe9 ")
    with pytest.raises(InvalidDataset, match="is not UTF-8: see byte 3"):
        text_of(latin)
