"""Coverage by sets of words."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analyser import Analyser
from index.lexical import LexicalIndex

ANALYSE = Analyser("english")
WORDS = st.sampled_from(["troop", "poland", "drill", "baltic", "sea", "moscow"])


PARTS = st.lists(st.lists(WORDS, max_size=4).map(" ".join), min_size=2, max_size=5)


@settings(deadline=None)
@given(
    passages=st.lists(PARTS, min_size=1, max_size=6),
    question=st.lists(WORDS, min_size=1, max_size=4).map(" ".join),
)
def test_coverage_is_the_share_of_idf_that_sentences_hold(passages, question):
    """By sets of words: alone each sentence, with its context the best one of each passage, which
    is no less than the weightiest term anywhere in the passage and no more than all of its terms.
    """
    with TemporaryDirectory() as folder:
        index = LexicalIndex.build(passages, ANALYSE, Path(folder))
    weights = index.term_weights(question)

    def share(*texts):
        held = {term for text in texts for term in ANALYSE(text)}
        return sum(idf for term, idf in weights.items() if term in held) / sum(weights.values())

    rows = np.arange(len(passages))[::-1]
    found, alone = index.coverage(question, rows)
    for (_, *sentences), own in zip(passages[::-1], alone, strict=True):
        assert own == pytest.approx([share(sentence) for sentence in sentences])
    best = [max(share(context, s) for s in sentences) for context, *sentences in passages]
    assert found == pytest.approx(best[::-1])
    scores = index.scores(question, rows)
    terms = [[share(word) for text in parts for word in text.split()] for parts in passages]
    assert scores.least == pytest.approx([max(own, default=0) for own in terms[::-1]])
    assert scores.most == pytest.approx([share(*parts) for parts in passages[::-1]])
    assert (scores.least <= found).all()
    assert (found <= scores.most).all()


def test_no_rows_have_no_coverage(tmp_path):
    """Where nothing was found, nothing is covered."""
    index = LexicalIndex.build([["Sea", "Troops drill."]], ANALYSE, tmp_path)
    best, alone = index.coverage("troops", np.array([], dtype=int))
    assert (best.tolist(), alone) == ([], [])
