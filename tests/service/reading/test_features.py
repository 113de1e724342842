"""Each feature by hand arithmetic on a few readings."""

from __future__ import annotations

import numpy as np
import pytest

from index.records import Span
from service.reading.features import (
    CHOOSING,
    FEATURES,
    LIMIT,
    Judged,
    Retrieved,
    features_of,
)
from service.reading.records import Candidate, Reading, ShownPassage

QUESTION = "How many Chinese soldiers were sent to Poland?"
PASSAGES = [
    Retrieved(ShownPassage("", "1,700 Americans went to Poland"), 0.6, 3.0, 0.9),
    Retrieved(ShownPassage("China", "1,700 to Poland. Poland is big."), 0.5, 2.0, 0.8),
    Retrieved(ShownPassage("", "not read"), 0.1, 1.0, 0.1),
]


def judged(passage: int, text: str, probability: float, margin: float) -> Judged:
    return Judged(passage, Candidate(Span(0, len(text)), probability, margin), text, text)


CANDIDATES = [
    judged(0, "1,700", 0.5, 2.0),
    judged(0, "Poland", 0.1, -1.0),
    judged(1, "1,700", 0.4, 1.0),
    judged(1, "1,700", 0.2, 0.5),
    judged(1, "Poland", 0.0, -30.0),
]
READINGS = [
    Reading(1.5, -0.5, tuple(c.candidate for c in CANDIDATES[:2])),
    Reading(99.0, -99.0, tuple(c.candidate for c in CANDIDATES[2:])),
]
# lead: less the best margin of other words.
EXPECTED = {
    "margin": [2.0, -1.0, 1.0, 0.5, -LIMIT],
    "log_probability": [np.log(0.5), np.log(0.1), np.log(0.4), np.log(0.2), -LIMIT],
    "answerable": [-0.5, -0.5, -LIMIT, -LIMIT, -LIMIT],
    "relevance": [1.5, 1.5, LIMIT, LIMIT, LIMIT],
    "dense": [0.6, 0.6, 0.5, 0.5, 0.5],
    "fused": [0.9, 0.9, 0.8, 0.8, 0.8],
    "lead": [2 + 1, -1 - 2, 1 + 1, 0.5 + 1, -LIMIT],
    "type_match": [1, -1, 1, 1, -1],
    # Both say Poland; only the second's title says China.
    "missing": [0.5, 0.5, 0.0, 0.0, 0.0],
    "behind": [0.0, 0.0, 0.8 - 0.9, 0.8 - 0.9, 0.8 - 0.9],
}


def test_every_feature_is_what_it_says():
    """One row for each candidate, one column for each feature, within the limit."""
    values = features_of(QUESTION, PASSAGES, READINGS, CANDIDATES)
    assert values.dtype == np.float64
    assert tuple(EXPECTED) == FEATURES
    for column, name in zip(values.T, FEATURES, strict=True):
        assert column.tolist() == pytest.approx(EXPECTED[name]), name


def test_a_lone_answer_leads_by_what_is_left_to_the_limit():
    """With no other words the lead is the margin above the lowest margin there is."""
    lone = features_of(QUESTION, PASSAGES, READINGS[:1], [judged(0, "1,700", 0.5, -5.0)])
    assert lone[0, FEATURES.index("lead")] == -5.0 + LIMIT


def test_no_candidates_give_no_rows():
    """A passage without words yields an empty table of the right width."""
    empty = features_of(QUESTION, PASSAGES, [Reading(0.0, 0.0, ())], [])
    assert empty.shape == (0, len(FEATURES))


def test_what_chooses_tells_words_of_a_passage_apart_and_passages():
    """All but the passage's place behind the first differ within a passage, that between two."""
    values = features_of(QUESTION, PASSAGES, READINGS, CANDIDATES)
    columns = [FEATURES.index(name) for name in CHOOSING]
    one, other, elsewhere = values[:3, columns]
    assert [name for name, a, b in zip(CHOOSING, one, other, strict=True) if a == b] == ["behind"]
    assert one[-1] != elsewhere[-1]


def test_what_another_row_holds_is_missing():
    """Of "Loft" and "2024" the first row holds both, the second the year only; in the words around
    the table and in its columns' names is what every row has.
    """
    text = "Prices for Skerry.\n\nRoom | Price in 2024\nLoft | £9\nHall 2024 | £7"
    found = [Span(text.index(price), text.index(price) + 2) for price in ("£9", "£7", "Skerry")]
    candidates = [Judged(0, Candidate(span, 0.5, 1.0), span.of(text), "") for span in found]
    shown = Retrieved(ShownPassage("", text), 0.5, 1.0, 0.5)
    reading = Reading(0.0, 0.0, tuple(one.candidate for one in candidates))
    question = "What did the Loft in Skerry cost in 2024?"
    values = features_of(question, [shown], [reading], candidates)
    assert values[:, FEATURES.index("missing")].tolist() == pytest.approx([0, 1 / 3, 0])
