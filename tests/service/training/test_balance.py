"""Questions weighed against what their words alone tell."""

from __future__ import annotations

import numpy as np
import pytest

from index.records import Span
from service.evaluation.answers import auroc
from service.training.balance import MOST, gold_weights, told_by_words
from service.training.examples import Example

ANSWER = ((Span(0, 1), 1.0),)


def asked(source, counts):
    """So many examples of each question and kind: ``counts`` maps both to a number."""
    return [
        Example(source, f"{at}-{number}", question, 0, ANSWER if answered else ())
        for at, ((question, answered), count) in enumerate(counts.items())
        for number in range(count)
    ]


MIXED = asked(
    "own",
    {
        ("How many came?", True): 60,
        ("How many came?", False): 140,
        ("Why did they come?", True): 160,
        ("Why did they come?", False): 40,
    },
)


def test_words_tell_what_they_tell():
    """Of 200 that ask how many 60 are answered, of 200 that ask why 160: the model says so, to
    within what its penalty and the other folds take from it.
    """
    answered = np.array([bool(one.answers) for one in MIXED])
    told = told_by_words([one.question for one in MIXED], answered)
    many = np.array(["many" in one.question for one in MIXED])
    assert told[many].mean() == pytest.approx(0.3, abs=0.03)
    assert told[~many].mean() == pytest.approx(0.8, abs=0.03)


def test_weighed_questions_do_not_tell_by_their_words():
    """As often as they are shown, both forms have the share of answered ones that all have, .55:
    60 w(1) : 140 w(2) as 160 w(3) : 40 w(4).
    """
    weights = gold_weights(MIXED)
    answered = np.array([bool(one.answers) for one in MIXED])
    many = np.array(["many" in one.question for one in MIXED])
    shares = [weights[form & answered].sum() / weights[form].sum() for form in (many, ~many)]
    assert shares == pytest.approx([0.55, 0.55], abs=0.03)
    for kind in (answered, ~answered):
        assert weights[kind].mean() == pytest.approx(1.0)
    told = told_by_words([one.question for one in MIXED], answered)
    shown = np.random.default_rng(1).choice(len(MIXED), 4000, p=weights / weights.sum())
    assert auroc(told, answered) > 0.7
    # The other folds judge a question: they have the fewer of its kind the more its own has.
    assert auroc(told[shown], answered[shown]) == pytest.approx(0.5, abs=0.08)


def test_no_weight_runs_away():
    """A form that is nearly always answered shows its rare unanswered ones MOST times as often as
    the least shown, at most MOST squared, and no more.
    """
    weights = gold_weights(
        asked("own", {("Why?", True): 300, ("Why?", False): 5, ("When?", False): 300})
    )
    assert weights.max() / weights.min() <= MOST**2 + 1e-9
    assert weights.min() > 0


def test_a_source_of_one_kind_is_left_alone():
    """Nothing is to be told where all are answered; sources are weighed each by itself."""
    plain = asked("plain", {("How many came?", True): 30, ("Why did they come?", True): 5})
    weights = gold_weights([*plain, *MIXED])
    assert np.array_equal(weights[: len(plain)], np.ones(len(plain)))
    assert np.array_equal(weights[len(plain) :], gold_weights(MIXED))
