"""Kept replies: within their bytes, the latest asked for, and never another question's."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.filters import parse_filter
from service.answerer import OpenSnapshot, Question
from service.outcomes import Outcome
from service.reply_cache import MEGABYTE, OVERHEAD, Asked, ReplyCache

OPENED = OpenSnapshot(SimpleNamespace(version="a" * 16), None)
QUESTION = Question("who?", 5)
ASKED = Asked.of(QUESTION, OPENED)


def outcome(size: int = 100) -> Outcome:
    return Outcome(b"x" * size, "retrieved", True, {}, None, None, None, None, "a" * 16)


def asked(number: int) -> Asked:
    return Asked.of(Question(f"{number:04}", 5), OPENED)


def with_reader(opened: OpenSnapshot, **changed) -> OpenSnapshot:
    return replace(opened, reader=SimpleNamespace(), **changed)


def test_what_is_kept_is_found_by_what_was_asked():
    """The very outcome, as often as it is asked for."""
    cache, kept = ReplyCache(1), outcome()
    cache.keep(ASKED, kept)
    assert cache.get(Asked.of(Question("who?", 5), OPENED)) is kept
    assert cache.get(ASKED) is kept


@pytest.mark.parametrize(
    "other",
    [
        Question("Who?", 5),
        Question("who?", 4),
        Question("who?", 5, parse_filter({"op": "eq", "field": "n", "value": 1})),
    ],
)
def test_whatever_changes_the_reply_is_another_question(other):
    """Its words, how many passages, which documents."""
    cache = ReplyCache(1)
    cache.keep(ASKED, outcome())
    assert cache.get(Asked.of(other, OPENED)) is None


@pytest.mark.parametrize("value", [1, 1.0, True, "1"])
def test_filters_are_the_same_only_where_their_values_are(value):
    """1, 1.0 and true are equal in Python and not in a filter; the order of names is no matter."""

    def of(value, turned=False):
        condition = {"op": "eq", "field": "n", "value": value}
        if turned:
            condition = dict(reversed(condition.items()))
        return Asked.of(Question("who?", 5, parse_filter(condition)), OPENED)

    values = [1, 1.0, True, "1"]
    assert [of(value) == of(other) for other in values] == [other is value for other in values]
    assert of(value) == of(value, turned=True)
    assert hash(of(value)) == hash(of(value, turned=True))


def test_whether_an_answer_is_asked_for_matters_only_where_there_is_a_reader():
    """Without one both are retrieved alike."""
    plain = Question("who?", 5, answer=False)
    assert Asked.of(plain, OPENED) == ASKED
    opened = with_reader(OPENED)
    assert Asked.of(plain, opened) != Asked.of(QUESTION, opened)


def test_each_opening_is_its_own():
    """The same version with another calibration, or opened again: nothing of the old one."""
    first, second = with_reader(OPENED), with_reader(OPENED)
    cache = ReplyCache(1)
    cache.keep(Asked.of(QUESTION, first), outcome())
    assert cache.get(Asked.of(QUESTION, second)) is None


def test_the_longest_unasked_goes_first():
    """Three fit: asking for the first again saves it when a fourth comes."""
    cache = ReplyCache(1)
    size = MEGABYTE // 3 - OVERHEAD - 16
    for number in range(3):
        cache.keep(asked(number), outcome(size))
    assert cache.get(asked(0)) is not None
    cache.keep(asked(3), outcome(size))
    assert [number for number in range(4) if cache.get(asked(number))] == [0, 2, 3]


def test_what_is_larger_than_the_room_is_not_kept_and_pushes_nothing_out():
    """Nor is anything where there is no room at all."""
    cache = ReplyCache(1)
    cache.keep(asked(0), outcome())
    cache.keep(asked(1), outcome(MEGABYTE))
    assert (cache.get(asked(0)) is not None, cache.get(asked(1))) == (True, None)
    none = ReplyCache(0)
    none.keep(asked(0), outcome(0))
    assert (len(none), none.bytes) == (0, 0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, MEGABYTE // 2)), max_size=40))
def test_it_never_holds_more_than_its_room_and_counts_right(steps):
    """Against a plain list: kept in order of use, dropped from its front while over the room."""
    cache, line = ReplyCache(1), []
    for number, size in steps:
        cache.keep(asked(number), outcome(size))
        line = [(kept, bytes_) for kept, bytes_ in line if kept != number]
        line.append((number, size + 4 * 4 + OVERHEAD))
        while sum(bytes_ for _, bytes_ in line) > MEGABYTE:
            line.pop(0)
        assert cache.bytes == sum(bytes_ for _, bytes_ in line) <= MEGABYTE
        assert len(cache) == len(line)
    assert [n for n in range(10) if cache.get(asked(n))] == sorted(n for n, _ in line)
    cache.clear()
    assert (len(cache), cache.bytes) == (0, 0)
