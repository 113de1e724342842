"""Questions in other words: what may change, and what must not."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.training import rephrased_questions
from service.training.other_words import OTHER_WORDS
from service.training.rephrased_questions import rephrased, turned

KNOWN = sorted(word for word in OTHER_WORDS if " " not in word)
WORDS = st.lists(
    st.sampled_from(KNOWN) | st.text("abcxyz", min_size=1, max_size=5), min_size=1, max_size=4
)


def all_of(function, question: str, seeds: int = 300) -> set[str]:
    return {function(question, np.random.default_rng(seed)) for seed in range(seeds)}


@pytest.fixture
def _words_only(monkeypatch):
    monkeypatch.setattr(rephrased_questions, "TURNED", 0.0)
    monkeypatch.setattr(rephrased_questions, "INTRODUCED", 0.0)


@pytest.mark.usefixtures("_words_only")
@given(words=WORDS, seed=st.integers(0, 2**32))
def test_each_word_stays_or_becomes_one_that_stands_for_it(words, seed):
    """Brute force over all choices of the table; two words that are one entry count as one."""
    joined = [" ".join(pair) for pair in itertools.pairwise(words)]
    if any(pair in OTHER_WORDS for pair in joined):
        return
    choices = [(word, *OTHER_WORDS.get(word, ())) for word in words]
    possible = {" ".join(chosen) for chosen in itertools.product(*choices)}
    assert rephrased(" ".join(words), np.random.default_rng(seed)) in possible


@pytest.mark.usefixtures("_words_only")
def test_one_direction_stays_one_direction():
    """A murder kills, but not who kills murders; movie and film may stand for each other."""
    assert all_of(rephrased, "who murdered him") == {"who murdered him", "who killed him"}
    assert all_of(rephrased, "who killed him") == {"who killed him"}
    assert all_of(rephrased, "which movie") == {"which movie", "which film"}
    assert all_of(rephrased, "which film") == {"which movie", "which film"}


@pytest.mark.usefixtures("_words_only")
def test_a_capital_is_kept_and_a_name_too():
    """ "War" begins the question; "Begin" and "Film" inside it are parts of names."""
    assert all_of(rephrased, "Movies by Begin Film?") == {
        "Movies by Begin Film?",
        "Films by Begin Film?",
    }


@pytest.mark.usefixtures("_words_only")
def test_nations_are_called_by_either_form():
    """By hand, with words that have no others; what is no nation stays."""
    assert all_of(rephrased, "who is France's chef?") == {
        "who is France's chef?",
        "who is the French chef?",
    }
    assert all_of(rephrased, "who is the French chef?") == {
        "who is France's chef?",
        "who is the French chef?",
    }
    assert all_of(rephrased, "who is the US chef?") == {"who is the US chef?"}
    assert all_of(rephrased, "who is Anna's chef?") == {"who is Anna's chef?"}


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("In what year did he go?", {"When did he go?"}),
        ("what year was it built", {"when was it built"}),
        ("Which dog barks?", {"What dog barks?"}),
        ("Which of them barks?", {"Which of them barks?"}),
        ("Whose dog barks?", {"Whose dog barks?"}),
        ("How long is it?", {"How much time is it?", "For what time is it?"}),
        ("Who was it?", {"Which person was it?", "What person was it?"}),
        ("Why?", {"For what reason?", "How come?", "What is the reason that?"}),
    ],
)
def test_an_opening_turns_into_one_of_its_meaning(question, others):
    """By hand; where an opening has none that means the same it stays."""
    assert all_of(turned, question) == others


def test_a_phrase_stands_before_one_question_in_ten(monkeypatch):
    """Of 2,000 about 200, with a standard deviation of 13; what follows it is the question."""
    monkeypatch.setattr(rephrased_questions, "TURNED", 0.0)
    question = "Whose dog barks?"
    told = [rephrased(question, np.random.default_rng(seed)) for seed in range(2000)]
    longer = [one for one in told if one != question]
    assert 150 < len(longer) < 250
    assert all(one.endswith(f" {question}") for one in longer)


@given(
    name=st.from_regex(r"\A[A-Z][b-df-hj-np-tv-z]{3,8}\Z"),
    number=st.integers(1, 10**6),
    seed=st.integers(0, 2**32),
)
def test_names_and_numbers_stay(name, number, seed):
    """What a question is about is named; other words for it would ask for something else."""
    told = rephrased(f"How many soldiers did {name} send in {number}?", np.random.default_rng(seed))
    assert name in told
    assert re.findall(r"\d+", told) == [str(number)]
