"""Questions as people type them: what is left out, and that a slip is one slip."""

from __future__ import annotations

import string

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.training.typed_questions import keywords, mistyped, typed

QUESTION = "How many soldiers did the President of Poland send to Kyiv?"
WORDS = st.lists(st.text(string.ascii_letters, min_size=1, max_size=9), min_size=1, max_size=9)


def one_edit_away(word: str) -> set[str]:
    """Every word that one letter left out, replaced or put in, or two exchanged, makes of it."""
    letters = string.ascii_letters
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + letter + b[1:] for a, b in cuts if b for letter in letters),
        *(a + letter + b for a, b in cuts for letter in letters),
    }


def test_key_words_are_what_is_left_without_words_that_ask_and_join():
    """By hand: did, the and of go; "how many" stays, whatever the dice say."""
    for seed in range(20):
        told = keywords(QUESTION, np.random.default_rng(seed))
        assert told == "How many soldiers President Poland send to Kyiv"


def test_a_word_that_tells_the_kind_is_kept_more_often_than_not():
    """Seven in ten of 2,000: 1,400, with a standard deviation of 20."""
    rng = np.random.default_rng(1)
    told = [keywords("When did Kirby speak?", rng) for _ in range(2000)]
    assert set(told) == {"When Kirby speak", "Kirby speak"}
    assert abs(told.count("When Kirby speak") - 1400) < 100


def test_a_question_of_one_key_word_stays():
    """ "Who is Kirby" may lose its who, and Kirby alone asks nothing."""
    rng = np.random.default_rng(1)
    told = {keywords("Who is Kirby?", rng) for _ in range(50)}
    assert told == {"Who is Kirby?", "Who Kirby"}


@given(words=WORDS, seed=st.integers(0, 2**32))
def test_at_most_two_words_slip_by_one_letter_each(words, seed):
    """Brute force over all words that one edit can make; the first letters stay."""
    question = " ".join(words)
    told = mistyped(question, np.random.default_rng(seed)).split(" ")
    changed = [(old, new) for old, new in zip(words, told, strict=True) if old != new]
    assert len(changed) <= 2
    for old, new in changed:
        assert new in one_edit_away(old)
        assert new[0] == old[0]


def test_every_way_of_typing_comes_and_short_words_never_slip():
    """ "the", "of" and numbers stay; in 300 tries all three ways and all four slips are seen."""
    rng = np.random.default_rng(2)
    told = [typed("the ox of 1,700 dens", rng) for _ in range(300)]
    assert {"the ox of 1,700 dens", "ox 1,700 dens"} <= set(told)
    slips = {one.removeprefix("the ox of 1,700 ") for one in told if "the ox" in one} - {"dens"}
    assert {len(slip) for slip in slips} == {3, 4, 5}
    assert "dnes" in slips


@given(words=WORDS, seed=st.integers(0, 2**32))
def test_the_same_dice_type_the_same(words, seed):
    """An item is made again from its seed alone."""
    question = " ".join(words) + "?"
    first, second = (typed(question, np.random.default_rng(seed)) for _ in range(2))
    assert first == second
    assert first.strip()
