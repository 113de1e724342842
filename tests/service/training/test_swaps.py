"""One word of a question put out, another put in."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.training.swaps import GROUPS, swapped

OTHER = "In what year did Napoleon's brother leave New Holland?"


def all_swaps(question: str, passage: str, other: str = OTHER) -> set[str | None]:
    return {swapped(question, passage, other, np.random.default_rng(at)) for at in range(60)}


def common(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def test_a_nationality_gives_way_to_another():
    """Each swap changes that word alone, to one of its group that the passage lacks."""
    passage = "American soldiers, not british ones, came."
    group = next(group for group in GROUPS if "american" in group)
    expected = {
        f"How many {new.capitalize()} soldiers?"
        for new in group
        if new not in ("american", "british")
    }
    swaps = all_swaps("How many American soldiers?", passage, "") - {None}
    nations = {swap for swap in swaps if "soldiers" in swap}
    assert nations <= expected
    assert len(nations) > 5


def test_a_name_gives_way_to_a_stranger_s():
    """Names come from the other question, without possessive; the passage does not know them."""
    swaps = all_swaps("Where did Anna Smith go?", "Anna Smith went home.")
    assert swaps == {"Where did Napoleon go?", "Where did New Holland go?"}
    passage = "Anna Smith met Napoleon."
    assert all_swaps("Where did Anna Smith go?", passage) == {"Where did New Holland go?"}


def test_lower_case_stays_lower_case():
    """A question all in small letters is altered in small letters."""
    swaps = all_swaps("who went on monday", "They went on Monday.", "")
    assert swaps == {f"who went on {day}day" for day in "tues wednes thurs fri satur sun".split()}


def test_nothing_in_common_gives_nothing():
    """A question that shares no such word with the passage cannot be altered."""
    assert all_swaps("Why do cats purr?", "Dogs bark.", "Why?") == {None}
    assert all_swaps("Who won in 1914?", "Nobody knows.", "Why?") == {None}


def test_a_number_never_becomes_one_that_the_passage_holds():
    """Where the passage says every number that could stand in, none does."""
    passage = " ".join(str(number) for number in range(10, 100))
    swaps = all_swaps("What are 55 things?", passage, "")
    assert all(swap is None or not re.search(r"[1-9]\d", swap) for swap in swaps)


WORDS = [word for group in GROUPS for word in group]
NUMBERS = st.integers(1, 2100).map(str)


@given(
    st.lists(st.sampled_from(WORDS) | NUMBERS, min_size=1, max_size=6),
    st.lists(st.sampled_from(WORDS) | NUMBERS, max_size=12),
    st.integers(0, 99),
)
def test_what_is_put_in_is_not_in_the_passage(asked, more, seed):
    """One part of the question changes, and the passage does not hold what came for it."""
    question, passage = "Is it " + " ".join(asked), " ".join([*asked, *more])
    altered = swapped(question, passage, OTHER, np.random.default_rng(seed))
    if altered is None:
        return
    assert altered != question
    before, after = question.split(), altered.split()
    first = common(before, after)
    last = common(before[first:][::-1], after[first:][::-1])
    put_in = " ".join(after[first : len(after) - last])
    held = re.search(rf"(?<!\w){re.escape(put_in.casefold())}(?!\w)", passage.casefold())
    assert held is None
    assert put_in in OTHER or len(before) == len(after) == first + 1 + last


@pytest.mark.parametrize("number", ["7", "12", "1914", "1,700", "3.5"])
def test_a_number_keeps_its_digits_count(number):
    """One digit changes; commas and points stay."""
    swaps = all_swaps(f"What are {number} things?", f"{number} things", "")
    assert len(swaps) > 3
    for swap in swaps:
        assert swap is not None
        new = swap.split()[2]
        assert [sign for sign in new if not sign.isdigit()] == [
            sign for sign in number if not sign.isdigit()
        ]
        assert sum(a != b for a, b in zip(new, number, strict=True)) == 1
