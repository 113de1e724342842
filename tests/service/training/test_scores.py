"""Scores of networks whose answers are known beforehand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from service.training.scores import _best_f1, score


@given(
    st.lists(
        st.tuples(st.integers(-3, 3).map(float), st.sampled_from([0.0, 0.25, 1.0]), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_the_best_f1_is_that_of_the_best_threshold(rows):
    """Brute force: at every threshold what scores above it is answered, and the rest is not."""
    found = []
    for threshold in [-math.inf, *{value for value, _, _ in rows}]:
        per_row = [
            (overlap if answerable else 0.0) if value > threshold else float(not answerable)
            for value, overlap, answerable in rows
        ]
        found.append(sum(per_row) / len(rows))
    scores, overlaps, answerable = (np.asarray(column) for column in zip(*rows, strict=True))
    assert _best_f1(scores, overlaps, answerable.astype(bool)) == pytest.approx(max(found))


class Knowing(nn.Module):
    """Points at the words it was told for a question, or, told none, at no answer."""

    def __init__(self, told: dict[tuple[int, ...], list[int]]) -> None:
        super().__init__()
        self.told = told
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, ids, segments, attention, in_passage):
        del attention
        spans = torch.full((*ids.shape, 2), -9.0)
        verdicts = torch.zeros(len(ids), 2)
        for at, row in enumerate(ids.tolist()):
            asked = tuple(row[1 : int(segments[at].argmax()) - 1])
            words = self.told[asked]
            first = int(in_passage[at].int().argmax())
            places = [
                p for p in range(first, len(row)) if words and row[p : p + len(words)] == words
            ]
            start, end = (places[0], places[0] + len(words) - 1) if places else (0, 0)
            spans[at, start, 0] = spans[at, end, 1] = 9.0
            verdicts[at, 1] = 1.0 if places else -1.0
        return spans, verdicts


def told_of(corpus, answers: dict[str, str]) -> Knowing:
    words = corpus.tokenizer.tokens
    return Knowing(
        {
            tuple(corpus.question(question).tolist()): words(text).ids.tolist()
            for question, text in answers.items()
        }
    )


def gold_answers(corpus) -> dict[str, str]:
    contexts = corpus.loaded.contexts
    return {
        e.question: e.answers[0][0].of(contexts[e.context].text) if e.answers else ""
        for e in corpus.loaded.examples
    }


def test_who_knows_everything_scores_one(corpus):
    """Every answer exact, every unanswerable question told from the rest."""
    result = score(told_of(corpus, gold_answers(corpus)), corpus, corpus.loaded.examples)
    assert result.questions == 60
    assert result.em_answerable == result.f1_answerable == result.f1_all == 1.0
    assert result.auroc_span == result.auroc_verdict == 1.0


def test_half_right_answers_score_by_hand(corpus):
    """Of one town: the date, half of a name (F1 2/3), no number and no fair."""
    examples = [e for e in corpus.loaded.examples if e.context == 0]
    said = ["1500", "Anna", "inhabitants", "river", ""]
    told = dict(zip((e.question for e in examples), said, strict=True))
    result = score(told_of(corpus, told), corpus, examples)
    assert result.em_answerable == 1 / 4
    assert result.f1_answerable == pytest.approx((1 + 2 / 3) / 4)
    # All four are told from the fifth, which is silent and right.
    assert result.f1_all == pytest.approx((1 + 2 / 3 + 1) / 5)
    assert result.auroc_span == result.auroc_verdict == 1.0


def test_no_answerable_question_gives_nan(corpus):
    """What cannot be taken is nan, and silence is right everywhere."""
    unknown = [example for example in corpus.loaded.examples if not example.answers]
    result = score(told_of(corpus, gold_answers(corpus)), corpus, unknown)
    assert result.questions == 12
    assert math.isnan(result.em_answerable)
    assert math.isnan(result.f1_answerable)
    assert math.isnan(result.auroc_span)
    assert result.f1_all == 1.0
