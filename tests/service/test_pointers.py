"""JSON pointers to faulty fields, by the examples of RFC 6901."""

from __future__ import annotations

import pytest

from service.errors import FieldFault
from service.pointers import extended, field_faults, json_pointer


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ([], "#"),
        (["foo"], "#/foo"),
        (["foo", 0], "#/foo/0"),
        ([""], "#/"),
        (["a/b"], "#/a~1b"),
        (["c%d"], "#/c%25d"),
        (["e^f"], "#/e%5Ef"),
        (["g|h"], "#/g%7Ch"),
        (["i\\j"], "#/i%5Cj"),
        (['k"l'], "#/k%22l"),
        ([" "], "#/%20"),
        (["m~n"], "#/m~0n"),
    ],
)
def test_pointers_are_those_of_the_standard(path, pointer):
    """RFC 6901, section 6, has this table."""
    assert json_pointer(path) == pointer


def test_a_lone_surrogate_in_a_name_still_gives_an_ascii_pointer():
    """A sender can put anything in a field's name."""
    assert json_pointer(["\ud800"]) == "#/%ED%A0%80"


def test_a_pointer_is_extended_below():
    """A filter's own pointer is relative to the filter."""
    assert extended("#/filter", "/filters/0/op") == "#/filter/filters/0/op"
    assert extended("#/filter", "") == "#/filter"


def test_errors_are_told_where_they_are():
    """The first step of a place is the part of the request, the rest is the pointer."""
    found = [
        {"type": "extra_forbidden", "loc": ("body", "kay"), "msg": "Extra inputs"},
        {"type": "value_error", "loc": ("query", "limit"), "msg": "Value error, too many"},
    ]
    assert field_faults(found) == (
        FieldFault("body", "#/kay", "Unknown field; remove it"),
        FieldFault("query", "#/limit", "too many"),
    )


def test_a_value_validated_alone_is_pointed_to_from_the_root():
    """One question of a batch stands below ``questions``."""
    found = [{"type": "missing", "loc": ("question",), "msg": "Field required"}]
    (fault,) = field_faults(found, ("body", "questions", 3))
    assert (fault.where, fault.pointer) == ("body", "#/questions/3/question")
