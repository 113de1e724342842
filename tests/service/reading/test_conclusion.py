"""Order, answer and agreement, judged by hand on a calibration that trusts the margin alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from service.reading.calibration import Calibration
from service.reading.conclusion import RELEVANCE_WEIGHT, Conclusion, answer_key, conclude
from service.reading.features import FEATURES, Retrieved
from service.reading.records import Candidate, Reading, ShownPassage

COUNT = len(FEATURES)
# The confidence is (margin + 10) / 20 between -10 and 10.
BY_MARGIN = Calibration(
    "ab" * 32, FEATURES, (0.0,) * COUNT, (1.0,) * COUNT,
    tuple(float(name == "margin") for name in FEATURES), 0.0, ((-10.0, 0.0), (10.0, 1.0)),
    0.5, 1, 0.0, "hand",
)  # fmt: skip
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
    return conclude(QUESTION, PASSAGES, READINGS, BY_MARGIN, kept)


def test_what_was_read_is_blended_and_the_rest_follows():
    """The retriever's score and the relevance together order; what was not read stays behind."""
    # With sigmoids .047, .953 and .5, half of each: .924, 1.276, .95.
    assert RELEVANCE_WEIGHT == 0.5
    assert concluded(4).order == (1, 2, 0, 3)
    assert concluded(2).order == (1, 2)


def test_relevance_and_spans_stand_by_position():
    """What was not read has neither; a span is the likeliest candidate's."""
    found = concluded(2)
    assert found.relevance[:3] == pytest.approx([1 / (1 + math.exp(-x)) for x in (-3, 3, 0)])
    assert found.relevance[3] is None
    spans = [reading.candidates[0].span for reading in READINGS]
    assert found.spans == (*spans, None)


def test_the_surest_answer_wins_and_says_where_else_it_stands():
    """The same words but for case and article are the same answer."""
    best = concluded(4).best
    assert (best.passage, best.text) == (1, "The Town")
    assert best.span.of(TEXTS[1]) == "The Town"
    assert best.confidence == pytest.approx((4 + 10) / 20)
    assert [(at, span.of(TEXTS[at])) for at, span in best.also] == [(2, "town")]


def test_the_answer_comes_from_a_passage_that_is_kept():
    """A surer answer in a passage that is not shown is not given."""
    readings = [Reading(9.0, 0.0, (candidate(TEXTS[0], "Anna", -5.0),)), *READINGS[1:]]
    found = conclude(QUESTION, PASSAGES, readings, BY_MARGIN, 1)
    assert found.order == (0,)
    assert (found.best.text, found.best.also) == ("Anna", ())


def test_of_equally_sure_answers_the_likelier_then_the_shorter_wins():
    """Beyond the last knot both are as sure; then the margin and then brevity decide."""
    text = "Anna Smith paid. Bea did not."

    def best(*candidates: Candidate) -> str:
        reading = Reading(0.0, 0.0, candidates)
        return conclude(QUESTION, [passage(text, 1.0)], [reading], BY_MARGIN, 1).best.text

    assert best(candidate(text, "Bea", 10.5), candidate(text, "Anna Smith", 11.0)) == "Anna Smith"
    assert best(candidate(text, "Anna Smith", 11.0), candidate(text, "Bea", 11.0)) == "Bea"


def test_nothing_read_gives_an_order_and_no_answer():
    """Without a reading the retriever's order stands; an empty passage has no answer either."""
    assert conclude(QUESTION, PASSAGES, [], BY_MARGIN, 2) == Conclusion(
        (0, 1), (None,) * 4, (None,) * 4, None
    )
    empty = conclude(QUESTION, [passage("", 1.0)], [Reading(0.0, 0.0, ())], BY_MARGIN, 1)
    assert empty == Conclusion((0,), (0.5,), (None,), None)


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
    found = conclude(QUESTION, passages, readings, BY_MARGIN, kept)
    assert len(set(found.order)) == len(found.order) == min(kept, len(rows))
    assert len(found.relevance) == len(found.spans) == len(rows)
    # numpy's exp, as theirs: math's differs in the last bit, and so may an order.
    scores = [f + RELEVANCE_WEIGHT * float(1 / (1 + np.exp(-r))) for f, r, _ in rows[:read]]
    order = [*sorted(range(len(scores)), key=lambda at: (-scores[at], at))]
    assert list(found.order) == [*order, *range(len(order), len(rows))][:kept]
    shown = [at for at in found.order if at < len(readings)]
    if not shown:
        assert found.best is None
        return
    assert found.best.passage in shown
    assert found.best.text == found.best.span.of(passages[found.best.passage].shown.text)
    margins = [rows[at][2] for at in shown]
    assert rows[found.best.passage][2] == max(margins)
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
