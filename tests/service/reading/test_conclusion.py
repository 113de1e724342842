"""Order, answer and agreement, judged by hand on a calibration that trusts the margin alone."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from service.reading.calibration import Calibration, Judge, Linear
from service.reading.conclusion import (
    ANSWER_WEIGHT,
    OTHER_WEIGHT,
    QUESTION_WEIGHT,
    Conclusion,
    answer_key,
    conclude,
)
from service.reading.features import Retrieved
from service.reading.records import Candidate, Reading, ShownPassage


def trusting(name: str) -> Linear:
    return Linear((name,), (0.0,), (1.0,), (1.0,), 0.0)


# The confidence is (margin + 10) / 20 between -10 and 10.
JUDGE = Judge(1.0, trusting("margin"), ((-10.0, 0.0), (10.0, 1.0)), 0.5)
BY_MARGIN = Calibration("ab" * 32, trusting("margin"), (JUDGE,), 1, 0.0, "hand")
# A lone judge does not mind.
SEARCHED = 7
QUESTION = "Who paid?"


def passage(text: str, fused: float) -> Retrieved:
    return Retrieved(ShownPassage("", text), 0.5, 1.0, fused)


def candidate(text: str, words: str, margin: float) -> Candidate:
    start = text.index(words)
    return Candidate(Span(start, start + len(words)), 0.3, margin)


TEXTS = ("Anna paid.", "The Town paid, Bea did not.", "It was the town.", "Nobody.")
PASSAGES = [passage(text, fused) for text, fused in zip(TEXTS, (0.9, 0.8, 0.7, 0.6), strict=True)]
READINGS = [
    Reading(-3.0, 0.0, (candidate(TEXTS[0], "Anna", 1.0),)),
    Reading(3.0, 0.0, (candidate(TEXTS[1], "Bea", 2.0), candidate(TEXTS[1], "The Town", 4.0))),
    Reading(0.0, 0.0, (candidate(TEXTS[2], "town", 3.0),)),
]


def concluded(kept: int) -> Conclusion:
    return conclude(QUESTION, PASSAGES, READINGS, BY_MARGIN, kept, SEARCHED)


def test_what_was_read_is_blended_and_the_rest_follows():
    """The retriever's score and the relevance together order; what was not read stays behind."""
    assert (QUESTION_WEIGHT, ANSWER_WEIGHT) == (0.04, 0.01)
    # Fused .9, .8, .7, .04 of relevance -3, 3 and 0, .01 of margins 1, 4 and 3: .79, .96, .73.
    assert concluded(4).order == (1, 0, 2, 3)
    assert concluded(2).order == (1, 0)


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("Who paid?", (1, 0)),
        ("the town paid, didn't it? ", (1, 0)),
        ("and then who paid", (1, 0)),
        ("The town paid for it.", (0, 1)),
        ("whoever paid the somewhat late bill", (0, 1)),
    ],
)
def test_what_is_no_question_is_hardly_ranked_anew(asked, order):
    """.9 and .8 with .04 of -3 and 3 change places, with .01 of them they do not."""
    assert OTHER_WEIGHT == 0.01
    readings = [Reading(-3.0, 0.0, ()), Reading(3.0, 0.0, ())]
    passages = [passage(TEXTS[0], 0.9), passage(TEXTS[1], 0.8)]
    assert conclude(asked, passages, readings, BY_MARGIN, 2, SEARCHED).order == order


@pytest.mark.parametrize(
    ("asked", "margin", "order"),
    [("Who paid?", 6.0, (1, 0)), ("Who paid?", 4.0, (0, 1)), ("Bea paid.", 12.0, (0, 1))],
)
def test_a_passage_that_answers_comes_before_one_on_the_subject(asked, margin, order):
    """.80 with .01 of 6 passes .85, with .01 of 4 it does not, nor where nothing is asked. What a
    passage does not answer takes nothing from it.
    """
    readings = [
        Reading(0.0, 0.0, (candidate(TEXTS[0], "Anna", -9.0),)),
        Reading(0.0, 0.0, (candidate(TEXTS[1], "Bea", -1.0), candidate(TEXTS[1], "Town", margin))),
    ]
    passages = [passage(TEXTS[0], 0.85), passage(TEXTS[1], 0.8)]
    assert conclude(asked, passages, readings, BY_MARGIN, 2, SEARCHED).order == order


def test_relevance_stands_by_position():
    """What was not read has none."""
    found = concluded(2)
    assert found.relevance[:3] == pytest.approx([1 / (1 + math.exp(-x)) for x in (-3, 3, 0)])
    assert found.relevance[3] is None


def test_the_surest_answer_wins_and_says_where_else_it_stands():
    """The same words but for case and article are the same answer."""
    best = concluded(4).best
    assert (best.passage, best.text) == (1, "The Town")
    assert best.span.of(TEXTS[1]) == "The Town"
    assert best.confidence == pytest.approx((4 + 10) / 20)
    assert [(at, span.of(TEXTS[at])) for at, span in best.also] == [(2, "town")]


def test_of_the_same_words_twice_in_a_passage_the_likelier_are_named():
    """Candidates stand best first; a later one in its passage does not take their place."""
    text = "The town paid. It was the town."
    late, early = Candidate(Span(26, 30), 0.3, 3.0), Candidate(Span(4, 8), 0.2, 1.0)
    readings = [*READINGS[:2], Reading(0.0, 0.0, (late, early))]
    passages = [*PASSAGES[:2], passage(text, 0.7)]
    best = conclude(QUESTION, passages, readings, BY_MARGIN, 3, SEARCHED).best
    assert (best.text, best.also) == ("The Town", ((2, late.span),))


def test_the_answer_s_passage_is_kept_as_the_last_if_need_be():
    """A surer answer in a passage further down takes the place of the last one shown."""
    readings = [Reading(9.0, 0.0, (candidate(TEXTS[0], "Anna", -5.0),)), *READINGS[1:]]
    assert conclude(QUESTION, PASSAGES, readings, BY_MARGIN, 4, SEARCHED).order == (0, 1, 2, 3)
    found = conclude(QUESTION, PASSAGES, readings, BY_MARGIN, 1, SEARCHED)
    assert found.order == (1,)
    assert (found.best.text, found.best.also) == ("The Town", ())


def test_beyond_the_last_knot_the_score_still_decides():
    """Confidence is flat there; what the model that chooses prefers wins, as it was fitted."""
    likelier = replace(
        BY_MARGIN,
        choosing=trusting("log_probability"),
        judges=(Judge(1.0, trusting("log_probability"), ((-9.0, 0.0), (-8.0, 1.0)), 0.5),),
    )
    text = "Anna paid. Bea did not."
    found = [Candidate(Span(0, 4), 0.2, 5.0), Candidate(Span(11, 14), 0.6, 1.0)]
    reading = Reading(0.0, 0.0, tuple(found))
    best = conclude(QUESTION, [passage(text, 1.0)], [reading], likelier, 1, SEARCHED).best
    assert (best.text, best.confidence) == ("Bea", 0.99)


def test_one_model_chooses_and_another_judges():
    """By margin The Town, whose passage has a relevance of 3: (3 + 10) / 20."""
    judged = replace(BY_MARGIN, judges=(replace(JUDGE, model=trusting("relevance")),))
    found = conclude(QUESTION, PASSAGES, READINGS, judged, 4, SEARCHED).best
    assert (found.text, found.confidence) == ("The Town", pytest.approx(0.65))


def test_how_many_were_searched_says_who_judges():
    """Of few passages the judge of few, of many the other, between them half and half at the
    middle of their logarithms: logits 0 and log 3 make log(3) / 2, which is .634.
    """
    few = Judge(4.0, trusting("margin"), ((0.0, 0.5),), 0.5)
    many = Judge(100.0, trusting("margin"), ((0.0, 0.75),), 0.5)
    judged = replace(BY_MARGIN, judges=(few, many))

    def sure(searched: int) -> float:
        return conclude(QUESTION, PASSAGES, READINGS, judged, 4, searched).best.confidence

    expected = [0.5, 0.5, 3**0.5 / (1 + 3**0.5), 0.75, 0.75]
    assert [sure(searched) for searched in (1, 4, 20, 100, 9999)] == pytest.approx(expected)


def test_of_equally_sure_answers_the_likelier_then_the_shorter_wins():
    """Beyond the last knot both are as sure; then the margin and then brevity decide."""
    text = "Anna Smith paid. Bea did not."

    def best(*candidates: Candidate) -> str:
        reading = Reading(0.0, 0.0, candidates)
        return conclude(QUESTION, [passage(text, 1.0)], [reading], BY_MARGIN, 1, SEARCHED).best.text

    assert best(candidate(text, "Bea", 10.5), candidate(text, "Anna Smith", 11.0)) == "Anna Smith"
    assert best(candidate(text, "Anna Smith", 11.0), candidate(text, "Bea", 11.0)) == "Bea"


def test_nothing_read_gives_an_order_and_no_answer():
    """Without a reading the retriever's order stands; an empty passage has no answer either."""
    assert conclude(QUESTION, PASSAGES, [], BY_MARGIN, 2, SEARCHED) == Conclusion(
        (0, 1), (None,) * 4, None
    )
    empty = conclude(QUESTION, [passage("", 1.0)], [Reading(0.0, 0.0, ())], BY_MARGIN, 1, SEARCHED)
    assert empty == Conclusion((0,), (0.5,), None)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(-9, 9), st.floats(-9, 9)), min_size=1),
    st.integers(1, 9),
    st.integers(0, 9),
)
def test_whatever_was_read_the_answer_is_shown_and_its_words_are_there(rows, kept, read):
    """Order is a part of a permutation; the answer's passage is in it; words equal the span."""
    passages = [passage(f"word{at % 3} paid", fused) for at, (fused, _, _) in enumerate(rows)]
    readings = [
        Reading(relevance, 0.0, (Candidate(Span(0, 5), 0.1, margin),))
        for _, relevance, margin in rows[:read]
    ]
    found = conclude(QUESTION, passages, readings, BY_MARGIN, kept, SEARCHED)
    assert len(set(found.order)) == len(found.order) == min(kept, len(rows))
    assert len(found.relevance) == len(rows)
    scores = [
        fused + (QUESTION_WEIGHT * relevance + ANSWER_WEIGHT * max(0.0, margin))
        for fused, relevance, margin in rows[:read]
    ]
    order = [*sorted(range(len(scores)), key=lambda at: (-scores[at], at))]
    expected = [*order, *range(len(order), len(rows))][:kept]
    if not readings:
        assert list(found.order) == expected
        assert found.best is None
        return
    if found.best.passage not in expected:
        expected[-1] = found.best.passage
    assert list(found.order) == expected
    shown = [at for at in found.order if at < len(readings)]
    assert found.best.text == found.best.span.of(passages[found.best.passage].shown.text)
    assert rows[found.best.passage][2] == max(margin for _, _, margin in rows[: len(readings)])
    others = [at for at in sorted(shown) if at % 3 == found.best.passage % 3 and rows[at][2] > 0]
    assert [at for at, _ in found.best.also] == [at for at in others if at != found.best.passage]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The U.S. Army", "U.S. army", True),
        ("about 1,700", "About 1,700.", True),
        ("1,700", "1700", False),
        ("a", "the", False),
        ("Anna", "Bea", False),
    ],
)
def test_answers_that_say_the_same_share_a_key(one, other, same):
    """Case, marks and articles do not make another answer."""
    assert (answer_key(one) == answer_key(other)) is same
