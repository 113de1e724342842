"""Evidence: the runs of sentences a brute force over all runs would choose."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from service.evidence import (
    GATE,
    KEEP,
    MEANING,
    NEIGHBOUR,
    SHORT,
    Evidence,
    Sentence,
    select_evidence,
    sentences_holding,
    with_answer,
)


def passage(*coverage: float) -> list[Sentence]:
    return [Sentence(share, 0, 50) for share in coverage]


def test_the_one_sentence_that_answers_is_chosen():
    """Neighbours that share nothing get a quarter of its score and are left out."""
    chosen = select_evidence([passage(0, 1, 0)])
    assert chosen == [Evidence(range(1, 2), "evidence")]


def test_a_neighbour_worth_it_is_taken_along():
    """With 1 and 5/6, smoothed to 29/24 and 26/24, the second keeps above 8/10 of the first."""
    chosen = select_evidence([passage(1, 5 / 6, 0, 0)])
    assert chosen == [Evidence(range(0, 2), "evidence")]


def test_a_heading_speaks_for_what_follows_and_is_not_cited():
    """The heading has every word, its section's first sentence is the evidence."""
    heading = Sentence(1, 0, 20, is_heading=True)
    chosen = select_evidence([[heading, *passage(1 / 2, 0)]])
    assert chosen == [Evidence(range(1, 2), "evidence")]
    assert select_evidence([[heading]]) == [Evidence(range(0, 1), "evidence")]


def test_a_passage_far_below_the_best_is_only_related():
    """It cites its most telling sentence, a short one before a long one that holds as much."""
    weak = [Sentence(1 / 6, 0, 400), Sentence(1 / 6, 0, 30), Sentence(0, 0, 40)]
    chosen = select_evidence([passage(1), weak])
    assert chosen == [Evidence(range(0, 1), "evidence"), Evidence(range(1, 2), "related")]


def test_a_fragment_is_related_only_where_it_shares_a_word_or_nothing_else_is_there():
    """ "Dear all," is cited neither before a sentence nor, of two that share as much, for being
    shorter; "capacity: 24" is, where capacity was asked for; of fragments alone the first.
    """
    full, greeting = Sentence(0, 0, 90), Sentence(0, 0, 9)
    shares, shorter = Sentence(1 / 6, 0, 20), Sentence(1 / 6, 0, 9)
    for weak, related in (
        ([greeting, full], 1),
        ([full, shares, shorter], 1),
        ([greeting, Sentence(0, 0, 5)], 0),
        # Of sentences without a word of the question the first, be another shorter.
        ([Sentence(0, 0, SHORT), Sentence(0, 0, 30), full], 0),
        ([Sentence(0, 0, SHORT + 1), Sentence(0, 0, 30), full], 1),
        ([greeting, Sentence(1, 0, 9, is_heading=True)], 0),
    ):
        # So little meaning that the passage is related and not without anything to choose by.
        weak = [replace(sentence, cosine=0.01) for sentence in weak]
        chosen = select_evidence([passage(1), weak])[1]
        assert chosen == Evidence(range(related, related + 1), "related")


def test_the_first_passage_keeps_its_evidence_below_the_gate():
    """The ranking put it first for its meaning; a lower one with more words does not silence it."""
    chosen = select_evidence([passage(1 / 6), passage(1)])
    assert [item.kind for item in chosen] == ["evidence", "evidence"]


def test_meaning_finds_what_words_do_not():
    """Without a shared word the sentences of the nearest window are the evidence."""
    sentences = [Sentence(0, 0.1, 50), Sentence(0, 0.7, 50), Sentence(0, 0.7, 50)]
    assert select_evidence([sentences]) == [Evidence(range(1, 3), "evidence")]


def test_words_count_more_than_meaning():
    """A quarter of the question's words outweighs a cosine better by a half."""
    sentences = [Sentence(0.25, 0.1, 50), Sentence(0, 0, 9), Sentence(0, 0, 9), Sentence(0, 0.6, 9)]
    assert select_evidence([sentences])[0].run == range(0, 1)


def test_without_shared_words_or_meaning_the_whole_passage_is_related():
    """A passage that came for want of better ones gives nothing to choose by."""
    assert select_evidence([passage(0, 0)]) == [Evidence(range(0, 2), "related")]
    assert select_evidence([]) == []


SHARES = st.integers(0, 6).map(lambda sixths: sixths / 6)
COSINES = st.integers(-5, 10).map(lambda tenths: tenths / 10)
SENTENCES = st.lists(st.builds(Sentence, SHARES, COSINES, st.just(50)), min_size=1, max_size=8)
PASSAGES = st.lists(SENTENCES, min_size=1, max_size=4)


@given(PASSAGES)
def test_each_run_is_the_best_of_all_runs_of_its_passage(passages):
    """No other contiguous run has a greater sum over the threshold; the gate is as written."""
    scored = []
    for sentences in passages:
        held = [s.coverage + MEANING * max(0, s.cosine) for s in sentences]
        scored.append(
            [
                score + NEIGHBOUR * (sum(held[max(0, at - 1) : at]) + sum(held[at + 1 : at + 2]))
                for at, score in enumerate(held)
            ]
        )
    best = max(max(scores) for scores in scored)
    for rank, (scores, chosen) in enumerate(zip(scored, select_evidence(passages), strict=True)):
        own = max(scores)
        assert (chosen.kind == "evidence") == (own > 0 and (rank == 0 or own >= GATE * best))
        assert len(chosen.run) >= 1
        if chosen.kind == "related":
            continue
        worth = {
            (first, after): sum(score - KEEP * own for score in scores[first:after])
            for first in range(len(scores))
            for after in range(first + 1, len(scores) + 1)
        }
        assert worth[chosen.run.start, chosen.run.stop] == pytest.approx(max(worth.values()))


@st.composite
def texts_with_answers(draw):
    """Sentences with gaps between them, and a span from somewhere to somewhere in them."""
    ends, sentences = 0, []
    for gap, length in draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), min_size=1, max_size=7)
    ):
        sentences.append(Span(ends + gap, ends + gap + length))
        ends += gap + length
    start = draw(st.integers(sentences[0].start, ends - 1))
    return sentences, Span(start, draw(st.integers(start + 1, ends)))


@given(texts_with_answers())
def test_the_sentences_of_an_answer_are_the_shortest_run_that_holds_it(case):
    """Of all runs, tried one by one, that start no later and end no earlier than the answer."""
    sentences, answer = case
    holding = [
        range(first, last + 1)
        for first in range(len(sentences))
        for last in range(first, len(sentences))
        if sentences[first].start <= answer.start and answer.end <= sentences[last].end
    ]
    assert sentences_holding(sentences, answer) == min(holding, key=len)


@pytest.mark.parametrize("span", [Span(4, 4), Span(0, 3), Span(18, 22)])
def test_an_answer_outside_the_sentences_is_refused(span):
    """Empty, before the first, or beyond the last."""
    with pytest.raises(ValueError, match="empty or outside"):
        sentences_holding([Span(2, 9), Span(10, 20)], span)


@pytest.mark.parametrize(
    ("chosen", "holding", "run"),
    [
        (range(0, 2), range(1, 2), range(0, 2)),  # inside
        (range(0, 2), range(1, 3), range(0, 3)),  # overlaps
        (range(0, 2), range(2, 3), range(0, 3)),  # touches after
        (range(3, 5), range(2, 3), range(2, 5)),  # touches before
        (range(0, 1), range(2, 3), range(2, 3)),  # apart
        (range(4, 6), range(1, 3), range(1, 3)),  # apart, before
    ],
)
def test_an_answer_s_sentences_are_always_evidence(chosen, holding, run):
    """What was chosen stays where it overlaps or touches, and is given up elsewhere."""
    assert with_answer(Evidence(chosen, "evidence"), holding) == Evidence(run, "evidence")


def test_related_sentences_add_nothing_to_an_answer():
    """They were no evidence before, and are none for standing beside it."""
    assert with_answer(Evidence(range(0, 4), "related"), range(1, 2)) == Evidence(
        range(1, 2), "evidence"
    )
