"""Questions turned into their opposite, or asked of somebody else."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.training.opposites import PAIRS, misplaced, opposed

PASSAGE = "In 1906 the widow Anna Berg sold the mill to Carl Dahl, and he built a dam near Ekeby."


def every(function, *args) -> set[str | None]:
    return {function(*args, np.random.default_rng(seed)) for seed in range(40)}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who sold the mill?", {"Who bought the mill?"}),
        ("Who was the oldest owner?", {"Who was the newest owner?"}),
        ("Who was the owner?", {"Who wasn't the owner?"}),
        ("Did Anna sell?", {"Did Anna buy?"}),
        ("Is it a mill?", {"Isn't it a mill?"}),
        ("What mill?", {None}),
    ],
)
def test_one_word_becomes_its_opposite(question, expected):
    """A word of meaning goes first; a negation stands in only where there is none."""
    assert every(opposed, question, PASSAGE) == expected


def test_an_opposite_that_the_passage_tells_is_not_asked_for():
    """Where the passage says both, the altered question might be answered by it."""
    assert every(opposed, "Who sold it?", "Anna sold it and Carl bought it.") == {None}


@given(st.lists(st.sampled_from([word for pair in PAIRS for word in pair]), min_size=1, max_size=5))
def test_exactly_one_word_changes(words):
    """The question keeps its length in words, and differs in one place, by a pair."""
    question = " ".join(words)
    altered = opposed(question, PASSAGE, np.random.default_rng(len(question)))
    if altered is None:
        return
    changed = [pair for pair in zip(words, altered.split(), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1
    assert changed[0] in PAIRS or changed[0][::-1] in PAIRS


def test_a_name_gives_way_to_another_of_the_passage():
    """Not to one that the question or an answer holds already."""
    question = "What did the widow Anna Berg sell?"
    assert every(misplaced, question, PASSAGE, ("the mill",)) == {
        "What did the widow Carl Dahl sell?",
        "What did the widow Ekeby sell?",
    }
    assert every(misplaced, question, PASSAGE, ("Carl Dahl",)) == {"What did the widow Ekeby sell?"}


def test_without_names_nothing_is_misplaced():
    """A question that names nobody, or somebody the passage does not know, stays."""
    assert every(misplaced, "what did she sell", PASSAGE, ()) == {None}
    assert every(misplaced, "What did Olof sell?", PASSAGE, ()) == {None}
    assert every(misplaced, "What did Anna Berg sell?", "anna berg sold it.", ()) == {None}


@given(st.text(max_size=60), st.text(max_size=120), st.integers(0, 9))
def test_what_is_put_in_stands_in_the_passage(question, passage, seed):
    """Whatever the texts: the new name is one of the passage's, and is new to the question."""
    altered = misplaced(question, passage, (), np.random.default_rng(seed))
    if altered is None:
        return
    assert altered != question
    assert any(
        name in altered and name not in question
        for name in re.findall(r"[A-Z][\w'’-]+", passage.replace("'s", ""))
    )
