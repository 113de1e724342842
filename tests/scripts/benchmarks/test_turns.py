"""Who is asked when."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.turns import turns


@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 4))
def test_every_system_is_asked_every_question_once_before_the_next(systems, questions, rounds):
    """Places never go back, each is met once by each, and its round is place over questions."""
    names = [f"s{number}" for number in range(systems)]
    asked = list(turns(names, questions, rounds))
    places = [turn.place for turn in asked]
    assert places == sorted(places)
    assert Counter((turn.system, turn.place) for turn in asked) == {
        (name, place): 1 for name in names for place in range(questions * rounds)
    }
    assert all(turn.round == turn.place // questions for turn in asked)


def test_nobody_always_begins():
    """Of three systems each begins about a third of 300 questions: within five deviations."""
    first = Counter(turn.system for turn in list(turns(["a", "b", "c"], 300, 1))[::3])
    assert all(abs(count - 100) < 5 * (300 * (1 / 3) * (2 / 3)) ** 0.5 for count in first.values())
