"""Coverage by sets of words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import Analyser, LexicalIndex

ANALYSE = Analyser("english")
WORDS = st.sampled_from(["troop", "poland", "drill", "baltic", "sea", "moscow"])


PARTS = st.lists(st.lists(WORDS, max_size=4).map(" ".join), min_size=2, max_size=5)


@settings(deadline=None)
@given(
    passages=st.lists(PARTS, min_size=1, max_size=6),
    question=st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
)
def test_coverage_is_the_share_of_idf_that_sentences_hold(passages, question):
    """By sets of words: alone each sentence, with its context the best one of each passage."""
    index = LexicalIndex.build(passages, ANALYSE)
    weights = index.term_weights(question)

    def share(*texts):
        held = {term for text in texts for term in ANALYSE(text)}
        return sum(idf for term, idf in weights.items() if term in held) / sum(weights.values())

    for row, (_, *sentences) in enumerate(passages):
        expected = [share(sentence) for sentence in sentences]
        assert index.sentence_coverage(question, row) == pytest.approx(expected)
    rows = np.arange(len(passages))[::-1]
    best = [max(share(context, s) for s in sentences) for context, *sentences in passages]
    assert index.best_coverage(question, rows) == pytest.approx(best[::-1])


def test_coverage_survives_saving(tmp_path):
    """Opened again, the same sentences hold the same shares; no rows, no shares."""
    built = LexicalIndex.build([["Sea", "Troops drill.", "Poland."], ["", "Winter."]], ANALYSE)
    built.save(tmp_path)
    opened = LexicalIndex.open(tmp_path)
    question = "troops drill at sea in Poland"
    rows = np.array([1, 0])
    assert opened.best_coverage(question, rows).tolist() == (
        built.best_coverage(question, rows).tolist()
    )
    assert opened.sentence_coverage(question, 0).tolist() == (
        built.sentence_coverage(question, 0).tolist()
    )
    assert opened.best_coverage(question, np.array([], dtype=int)).tolist() == []
