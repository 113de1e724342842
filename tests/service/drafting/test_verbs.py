"""Verb forms, against what a dictionary says."""

from __future__ import annotations

import doctest

import pytest

from service.drafting import verbs
from service.drafting.verbs import PAST, PRESENT, is_participle


def test_the_examples_hold():
    """The docstrings' own."""
    assert doctest.testmod(verbs).failed == 0


@pytest.mark.parametrize(
    "pair",
    "said:say put:put flew:fly carried:carry raised:raise visited:visit stopped:stop "
    "played:play agreed:agree travelled:travel occurred:occur died:die "
    "tied:tie entered:enter panicked:panic".split(),
)
def test_past_forms_lead_back(pair):
    """By the dictionary; a verb that is not listed is not guessed at."""
    form, base = pair.split(":")
    assert PAST.get(form, base) == base


def test_no_form_is_of_two_verbs():
    """ "found" is the past of find; founding is asked for by "founded"."""
    assert (PAST["found"], PAST["founded"], PAST["left"]) == ("find", "found", "leave")
    assert (PRESENT["flies"], PRESENT["goes"], PRESENT["begins"]) == ("fly", "go", "begin")


def test_participles_follow_has():
    """ "has sent" is one verb, "has indications" is having."""
    assert [is_participle(word) for word in ("sent", "raised", "red", "plans", "bed")] == [
        True, True, False, False, False
    ]  # fmt: skip
