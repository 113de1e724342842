"""The filter language: what it means, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InvalidFilter
from index.filters import MAX_CONDITIONS, MAX_DEPTH, parse_filter

REPORT = {
    "uri": "reports/2024/q1.md",
    "year": 2024,
    "date": "2024-03-31",
    "draft": False,
    "tags": ("finance", "audit"),
}


def matches(value, fields=REPORT) -> bool:
    return parse_filter(value).matches(fields)


def eq(field, value):
    return {"op": "eq", "field": field, "value": value}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (eq("year", 2024), True),
        (eq("year", 2024.0), True),
        (eq("year", "2024"), False),
        (eq("draft", False), True),
        (eq("draft", 0), False),
        (eq("tags", "audit"), True),
        (eq("tags", "aud"), False),
        (eq("absent", "x"), False),
        ({"op": "in", "field": "year", "values": [2023, 2024]}, True),
        ({"op": "in", "field": "tags", "values": ["hr", "finance"]}, True),
        ({"op": "in", "field": "draft", "values": [0, 1]}, False),
        ({"op": "range", "field": "year", "gte": 2024, "lt": 2025}, True),
        ({"op": "range", "field": "year", "gt": 2024}, False),
        ({"op": "range", "field": "date", "gte": "2024-01-01", "lte": "2024-12-31"}, True),
        ({"op": "range", "field": "date", "gte": 2024}, False),
        ({"op": "prefix", "field": "uri", "value": "reports/"}, True),
        ({"op": "prefix", "field": "uri", "value": "eports/"}, False),
        ({"op": "prefix", "field": "year", "value": "20"}, False),
        ({"op": "and", "filters": [eq("year", 2024), eq("draft", True)]}, False),
        ({"op": "or", "filters": [eq("year", 1999), eq("draft", False)]}, True),
        ({"op": "not", "filter": eq("absent", "x")}, True),
    ],
)
def test_each_operation_means_what_its_name_says(value, expected):
    """One line per rule: kinds never mix, a list matches by any element, absence never matches."""
    assert matches(value) is expected


@pytest.mark.parametrize(
    ("value", "pointer", "word"),
    [
        ([], "", "object"),
        ({}, "/op", "op"),
        ({"op": "like", "field": "uri", "value": "x"}, "/op", "like"),
        ({"op": "eq", "field": "uri"}, "", "value"),
        ({"op": "eq", "field": "", "value": 1}, "/field", "name"),
        ({"op": "eq", "field": "a", "value": None}, "/value", "text"),
        ({"op": "eq", "field": "a", "value": 1, "a/b~": 2}, "/a~1b~0", "a/b~"),
        ({"op": "in", "field": "a", "values": []}, "/values", "at least one"),
        ({"op": "in", "field": "a", "values": [1, {}]}, "/values/1", "text"),
        ({"op": "range", "field": "a"}, "", "gt"),
        ({"op": "range", "field": "a", "gte": True}, "/gte", "number"),
        ({"op": "prefix", "field": "a", "value": 1}, "/value", "text"),
        ({"op": "and", "filters": []}, "/filters", "at least one"),
        ({"op": "or", "filters": [eq("a", 1), {"op": "x"}]}, "/filters/1/op", "x"),
        ({"op": "not", "filter": 3}, "/filter", "object"),
        (
            {"op": "not", "filter": {"author": "x"}},
            "/filter/op",
            "needs an op: one of eq, in, range",
        ),
        ({"op": None, "field": "a", "value": 1}, "/op", "a filter needs an op: one of eq"),
    ],
)
def test_what_is_outside_the_language_is_refused_with_its_place(value, pointer, word):
    """The error points into the filter (RFC 6901) and says what is wrong there."""
    with pytest.raises(InvalidFilter, match=word) as caught:
        parse_filter(value)
    assert caught.value.pointer == pointer


def test_a_filter_cannot_nest_or_grow_without_bound():
    """A deep or a broad filter is refused before it costs anything."""
    deep = eq("a", 1)
    for _ in range(MAX_DEPTH):
        deep = {"op": "not", "filter": deep}
    broad = {"op": "or", "filters": [eq("a", 1)] * MAX_CONDITIONS}
    for value in (deep, broad):
        with pytest.raises(InvalidFilter, match=str(MAX_DEPTH)):
            parse_filter(value)


@given(
    values=st.lists(st.one_of(st.integers(0, 3), st.booleans(), st.sampled_from("ab")), min_size=1),
    held=st.one_of(st.integers(0, 3), st.booleans(), st.sampled_from("ab")),
)
def test_in_is_any_of_eq(values, held):
    """A set is its members, kinds apart: true is not 1."""
    one_by_one = any(matches(eq("x", value), {"x": held}) for value in values)
    assert matches({"op": "in", "field": "x", "values": values}, {"x": held}) is one_by_one


FIELDS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), max_size=3)
LEAVES = st.tuples(st.sampled_from("abc"), st.integers(0, 3))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)


def as_filter(tree):
    if tree[0] == "not":
        return {"op": "not", "filter": as_filter(tree[1])}
    if tree[0] in ("and", "or"):
        return {"op": tree[0], "filters": [as_filter(item) for item in tree[1]]}
    return eq(*tree)


def as_python(tree, fields) -> bool:
    if tree[0] == "not":
        return not as_python(tree[1], fields)
    if tree[0] in ("and", "or"):
        results = [as_python(item, fields) for item in tree[1]]
        return all(results) if tree[0] == "and" else any(results)
    return fields.get(tree[0]) == tree[1]


@given(tree=TREES, fields=FIELDS)
def test_combinations_are_those_of_logic(tree, fields):
    """and, or and not agree with Python's own over any small tree."""
    assert matches(as_filter(tree), fields) is as_python(tree, fields)


def test_a_filter_names_the_fields_it_needs():
    """All of a tree's, each once; equal filters stay equal."""
    eq, prefix = ({"op": op, "field": f, "value": "a"} for op, f in (("eq", "x"), ("prefix", "y")))
    tree = {"op": "or", "filters": [eq, {"op": "not", "filter": prefix}, eq]}
    assert parse_filter(tree).names == {"x", "y"}
    assert parse_filter(eq).names == {"x"}
    assert parse_filter(tree) == parse_filter(dict(reversed(tree.items())))
