"""A closed filter language over document metadata: parsed once, then asked of each document.

A filter is JSON: ``{"op": "eq", "field": "lang", "value": "en"}``, ``in`` with ``values``,
``range`` with any of ``gt``, ``gte``, ``lt``, ``lte``, ``prefix`` with ``value``, and
``and``/``or`` over ``filters``, ``not`` over ``filter``. A field that holds a list matches
when one of its elements does; a document without the field, or whose value is of another
kind than the one asked for, does not match.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from index.errors import InvalidFilter

MAX_DEPTH = 16
MAX_CONDITIONS = 256
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
# What each operation must hold beside "op", and what it may.
KEYS: Mapping[str, frozenset[str]] = {
    "eq": frozenset({"field", "value"}),
    "in": frozenset({"field", "values"}),
    "range": frozenset({"field", *COMPARISONS}),
    "prefix": frozenset({"field", "value"}),
    "and": frozenset({"filters"}),
    "or": frozenset({"filters"}),
    "not": frozenset({"filter"}),
}

Test = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter; ``matches`` asks it of one document's fields, ``names`` are those it needs.

    ``source`` is its JSON with sorted names: filters are equal where they are written alike.
    """

    source: str
    matches: Test = field(compare=False, repr=False)
    names: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


def parse_filter(value: object) -> Filter:
    """Raises InvalidFilter, with a JSON pointer to it, for anything outside the language."""
    parser = _Parser()
    test = parser.parse(value, "", 1)
    return Filter(json.dumps(value, sort_keys=True), test, frozenset(parser.names))


class _Parser:
    def __init__(self) -> None:
        self._conditions = 0
        self.names: set[str] = set()

    def parse(self, value: object, at: str, depth: int) -> Test:
        self._conditions += 1
        if depth > MAX_DEPTH or self._conditions > MAX_CONDITIONS:
            raise InvalidFilter(
                f"a filter nests at most {MAX_DEPTH} deep and holds at most "
                f"{MAX_CONDITIONS} conditions",
                at,
            )
        op = _operation(value, at)
        if op == "not":
            inner = self.parse(value["filter"], f"{at}/filter", depth + 1)
            return lambda fields: not inner(fields)
        if op in ("and", "or"):
            return self._combine(op, value["filters"], f"{at}/filters", depth)
        test = _condition(op, value, at)
        self.names.add(value["field"])
        return test

    def _combine(self, op: str, filters: object, at: str, depth: int) -> Test:
        if not isinstance(filters, list) or not filters:
            raise InvalidFilter(f"{op!r} needs a list of at least one filter", at)
        tests = [self.parse(item, f"{at}/{i}", depth + 1) for i, item in enumerate(filters)]
        every = all if op == "and" else any
        return lambda fields: every(test(fields) for test in tests)


def _operation(value: object, at: str) -> str:
    if not isinstance(value, dict):
        raise InvalidFilter(f"a filter is an object, not {type(value).__name__}", at)
    op = value.get("op")
    if op is None:
        raise InvalidFilter(f"a filter needs an op: one of {', '.join(KEYS)}", f"{at}/op")
    if not isinstance(op, str) or op not in KEYS:
        raise InvalidFilter(f"op {op!r} is none of {', '.join(KEYS)}", f"{at}/op")
    allowed = KEYS[op]
    for key in value:
        if key != "op" and key not in allowed:
            names = ", ".join(sorted(allowed))
            raise InvalidFilter(f"{op!r} takes {names}, not {key!r}", f"{at}/{_escaped(key)}")
    for key in sorted(allowed - COMPARISONS.keys()):
        if key not in value:
            raise InvalidFilter(f"{op!r} needs {key!r}", at)
    return op


def _condition(op: str, value: dict[str, Any], at: str) -> Test:
    field = value["field"]
    if not isinstance(field, str) or not field:
        raise InvalidFilter("a field is a name", f"{at}/field")
    test = _value_test(op, value, at)
    return lambda fields: any(test(held) for held in _values(fields.get(field)))


def _value_test(op: str, value: dict[str, Any], at: str) -> Callable[[Any], bool]:
    if op == "eq":
        wanted = _scalar(value["value"], f"{at}/value")
        return lambda held: _same_kind(held, wanted) and held == wanted
    if op == "in":
        return _one_of(value["values"], f"{at}/values")
    if op == "prefix":
        start = value["value"]
        if not isinstance(start, str):
            raise InvalidFilter("a prefix is a text", f"{at}/value")
        return lambda held: isinstance(held, str) and held.startswith(start)
    return _range(value, at)


def _one_of(values: object, at: str) -> Callable[[Any], bool]:
    if not isinstance(values, list) or not values:
        raise InvalidFilter("'in' needs a list of at least one value", at)
    if len(values) > MAX_CONDITIONS:
        raise InvalidFilter(f"'in' takes at most {MAX_CONDITIONS} values", at)
    checked = [_scalar(item, f"{at}/{i}") for i, item in enumerate(values)]
    wanted = frozenset((_kind(item), item) for item in checked)
    return lambda held: (_kind(held), held) in wanted


def _range(value: dict[str, Any], at: str) -> Callable[[Any], bool]:
    bounds = []
    for key in sorted(COMPARISONS.keys() & value.keys()):
        bound = _scalar(value[key], f"{at}/{key}")
        if isinstance(bound, bool):
            raise InvalidFilter("a bound is a number or a text", f"{at}/{key}")
        bounds.append((COMPARISONS[key], bound))
    if not bounds:
        raise InvalidFilter(f"'range' needs one of {', '.join(COMPARISONS)}", at)
    return lambda held: all(
        _same_kind(held, bound) and compare(held, bound) for compare, bound in bounds
    )


def _scalar(value: object, at: str) -> str | int | float | bool:
    if not isinstance(value, str | int | float | bool):
        raise InvalidFilter("a value is a text, a number, true or false", at)
    return value


def _same_kind(one: object, other: object) -> bool:
    # In Python True == 1; in JSON, and for whoever reads the filter, they differ.
    return _kind(one) == _kind(other)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"


def _values(held: object) -> tuple[Any, ...]:
    if held is None:
        return ()
    return tuple(held) if isinstance(held, list | tuple) else (held,)


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
