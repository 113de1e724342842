"""Word pieces counted in batches and one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.word_pieces import MANY, WordPieces


@pytest.fixture(scope="module")
def pieces(model_folder) -> WordPieces:
    return WordPieces.open(model_folder / "tokenizer.json")


@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_few_texts_have_the_pieces_that_many_have(texts, pieces):
    """A text's word pieces do not depend on how many are asked for at once."""
    few, many = pieces.ids(texts), pieces.ids(texts * MANY)
    for one, other in zip(few, many[: len(texts)], strict=True):
        np.testing.assert_array_equal(one, other)
    assert pieces.counts(texts) == [len(ids) for ids in few]
