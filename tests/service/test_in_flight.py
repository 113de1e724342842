"""In flight: one computation for all who ask the same, and none that nobody wants."""

from __future__ import annotations

import pytest

from service.in_flight import Computation, InFlight

pytestmark = pytest.mark.anyio


@pytest.fixture
def abandoned() -> list[Computation]:
    return []


@pytest.fixture
def in_flight(abandoned) -> InFlight:
    return InFlight(Computation, abandoned.append)


async def test_who_asks_the_same_joins_and_only_the_first_begins(in_flight):
    """Another key is another computation; all who joined have the one result."""
    (one, new), (same, known), (other, also_new) = map(in_flight.join, "aab")
    assert (new, known, also_new) == (True, False, True)
    assert one is same is not other
    assert one.waiting == 2
    in_flight.finish(one, "found")
    assert await same.result == "found"
    assert len(in_flight) == 1


async def test_what_is_finished_is_not_joined_any_more(in_flight):
    """The next to ask begins anew: what lasts is the cache's affair."""
    one, _ = in_flight.join("a")
    in_flight.finish(one, "found")
    assert in_flight.join("a")[1] is True


async def test_as_long_as_one_waits_it_is_computed(in_flight, abandoned):
    """Who leaves takes nothing from those who stay."""
    one, _ = in_flight.join("a")
    in_flight.join("a")
    in_flight.leave(one)
    assert one.begin()
    in_flight.finish(one, "found")
    in_flight.leave(one)
    assert abandoned == []


@pytest.mark.parametrize("begun", [False, True])
async def test_when_the_last_leaves_it_is_called_off_or_abandoned(in_flight, abandoned, begun):
    """Not begun: it never will be; begun: it goes on, and that is told."""
    one, _ = in_flight.join("a")
    if begun:
        assert one.begin()
    in_flight.leave(one)
    assert one.ended.cancelled() is not begun
    assert abandoned == ([one] if begun else [])
    assert len(in_flight) == int(begun)
    if not begun:
        assert not one.begin()
        assert in_flight.join("a")[1] is True


async def test_what_was_abandoned_is_taken_up_again(in_flight, abandoned):
    """By who asks the same while it goes on; that he leaves too is not told twice."""
    one, _ = in_flight.join("a")
    one.begin()
    in_flight.leave(one)
    assert in_flight.join("a") == (one, False)
    in_flight.leave(one)
    again, _ = in_flight.join("a")
    one.end()
    in_flight.finish(one, "found")
    assert await again.result == "found"
    assert abandoned == [one]


async def test_a_result_that_comes_after_the_key_is_another_s_changes_nothing(in_flight):
    """A called-off computation does not push out the one that took its place."""
    old, _ = in_flight.join("a")
    in_flight.leave(old)
    new, _ = in_flight.join("a")
    in_flight.finish(old, "old")
    assert in_flight.join("a") == (new, False)
