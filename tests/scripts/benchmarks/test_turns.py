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


@given(st.integers(1, 4), st.integers(1, 9), st.integers(1, 3), st.integers(1, 5))
def test_a_turn_has_as_many_questions_as_are_told(systems, questions, rounds, in_a_row):
    """Each system is asked the same stretch of a round without another between; the last stretch
    of a round may be shorter.
    """
    names = [f"s{number}" for number in range(systems)]
    asked = list(turns(names, questions, rounds, in_a_row))
    assert Counter((turn.system, turn.place) for turn in asked) == {
        (name, place): 1 for name in names for place in range(questions * rounds)
    }
    stretches = [
        [number * questions + place for place in range(questions)[first : first + in_a_row]]
        for number in range(rounds)
        for first in range(0, questions, in_a_row)
    ]
    at = 0
    for stretch in stretches:
        begun = []
        for _ in names:
            own = asked[at : at + len(stretch)]
            assert [turn.place for turn in own] == stretch
            assert len({turn.system for turn in own}) == 1
            begun.append(own[0].system)
            at += len(stretch)
        assert sorted(begun) == names
    assert at == len(asked)


def test_nobody_always_begins():
    """Of three systems each begins about a third of 300 questions: within five deviations."""
    first = Counter(turn.system for turn in list(turns(["a", "b", "c"], 300, 1))[::3])
    assert all(abs(count - 100) < 5 * (300 * (1 / 3) * (2 / 3)) ** 0.5 for count in first.values())
