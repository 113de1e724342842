"""Evaluation files read line by line."""

from __future__ import annotations

import pytest

from service.evaluation.lines import InvalidDataset, records, text_of


def write(folder, text, name="some.jsonl"):
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def test_a_separator_inside_a_string_ends_no_line_and_blank_lines_are_counted(tmp_path):
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
def test_a_malformed_line_is_named_with_its_file(tmp_path, line, complaint):
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
def test_a_field_of_another_type_is_named_with_its_line(tmp_path, read, complaint):
    (record,) = records(write(tmp_path, '{"number": 1, "mixed": ["a", 2]}'))
    with pytest.raises(InvalidDataset, match=f"line 1: field {complaint}"):
        read(record)


def test_an_absent_or_null_field_gives_its_default(tmp_path):
    (record,) = records(write(tmp_path, '{"null": null}'))
    assert (record.text("null", "x"), record.text("absent", "y")) == ("x", "y")
    assert (record.texts("null"), record.flag("absent", True)) == ((), True)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    assert text_of(write(tmp_path, "\ufefftext\r\nmore")) == "text\nmore"


def test_a_missing_file_and_one_that_is_not_utf8_are_named(tmp_path):
    with pytest.raises(InvalidDataset, match=r"gone\.jsonl cannot be read: No such file"):
        text_of(tmp_path / "gone.jsonl")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes(b"caf\xe9 ")
    with pytest.raises(InvalidDataset, match="is not UTF-8: see byte 3"):
        text_of(latin)
