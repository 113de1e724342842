"""YAML front matter becomes flat fields, or one that says why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.front_matter import ERROR_FIELD, MAX_FIELDS, read_front_matter


def test_values_keep_their_kind():
    """Strings, numbers, booleans, lists, dates and nested fields each have their form."""
    source = """
title: "Drills: near the border"
year: 2022
share: 0.25
draft: false
tags: [army, 2022, true]
date: 2022-02-10
moment: 2022-02-10 12:30:00
author: {name: Ann, desk: {city: Riga}}
empty:
rows: [{a: 1}]
"""
    assert read_front_matter(source) == {
        "title": "Drills: near the border",
        "year": 2022,
        "share": 0.25,
        "draft": False,
        "tags": ("army", "2022", "true"),
        "date": "2022-02-10",
        "moment": "2022-02-10T12:30:00",
        "author.name": "Ann",
        "author.desk.city": "Riga",
    }


def test_yaml_guesses_no_more_than_it_knows():
    """Norway is no boolean, a time no number, an octal no decimal, a wrong date a string."""
    source = "lang: no\nwhen: 12:30\ncode: 010\nbig: 12345678901234567890\nday: 2022-13-45\nx: .nan"
    assert read_front_matter(source) == {
        "lang": "no",
        "when": "12:30",
        "code": "010",
        "big": "12345678901234567890",
        "day": "2022-13-45",
        "x": ".nan",
    }


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("title: Foo: bar", "not valid YAML"),
        ("a: [1, 2", "not valid YAML"),
        ("a: !!python/object/apply:os.system [ls]", "not valid YAML"),
        ("a: &a [x]\nb: *a", "alias"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]", "alias"),
        ("a: &a {x: 1}\nb: {<<: [*a, *a]}", "alias"),
        ("a: " + "[" * 20_000, "nested over 20"),
        ("a: " + "[" * 20_000 + "]" * 20_000, "nested over 20"),
        ("a: " + "x" * 70_000, "longer than"),
        ("{a: 1}: b\n? [x]\n: y", "not valid YAML"),
        ("a: \x01", "not valid YAML"),
        ("a: !!int x", "not valid YAML"),
    ],
)
def test_broken_front_matter_says_so(source, reason):
    """Nothing is raised and nothing unfolds: one field tells what is wrong."""
    fields = read_front_matter(source)
    assert list(fields) == [ERROR_FIELD]
    assert reason in fields[ERROR_FIELD]


def test_what_is_no_mapping_is_no_front_matter():
    """Prose between two rules is prose; nothing between them is empty front matter."""
    assert read_front_matter("Some words") is None
    assert read_front_matter("- a\n- b") is None
    assert read_front_matter("") == {}


def test_fields_are_bounded():
    """A mapping of thousands keeps its first fields."""
    fields = read_front_matter("\n".join(f"k{row}: {row}" for row in range(2000)))
    assert list(fields.items()) == [(f"k{row}", row) for row in range(MAX_FIELDS)]


def test_lone_surrogates_are_replaced():
    """An escape that no UTF-8 could hold does not reach the metadata."""
    assert read_front_matter('"k\\ud800": "a\\ud800b"') == {"k?": "a?b"}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_fields_or_nothing(source):
    """Whatever is written there, the values are of the kinds allowed."""
    for name, value in (read_front_matter(source) or {}).items():
        assert isinstance(name, str)
        assert isinstance(value, str | int | float | bool | tuple)
        assert not isinstance(value, tuple) or all(isinstance(item, str) for item in value)
