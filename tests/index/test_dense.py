"""FAISS search against numpy brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.dense import FILE, DenseIndex
from index.errors import CorruptSnapshot


def unit_vectors(rows: int, seed: int, dimensions: int = 16) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@settings(deadline=None)
@given(
    rows=st.integers(1, 200),
    k=st.integers(0, 250),
    seed=st.integers(0, 99),
    share=st.one_of(st.none(), st.floats(0, 1)),
)
def test_search_is_brute_force_among_the_allowed(rows, k, seed, share):
    """Hits are the highest inner products of allowed rows, k of them where k are allowed."""
    vectors = unit_vectors(rows, seed)
    question = unit_vectors(1, seed + 1000)[0]
    allowed = None if share is None else np.random.default_rng(seed).random(rows) < share
    found, scores = DenseIndex.build(vectors).search(question, k, allowed)
    expected = np.arange(rows) if allowed is None else np.flatnonzero(allowed)
    expected = expected[np.argsort(-(vectors[expected] @ question), kind="stable")][:k]
    assert found.tolist() == expected.tolist()
    np.testing.assert_allclose(scores, vectors[expected] @ question, atol=1e-6)


def test_a_saved_index_gives_back_its_vectors_exactly(tmp_path):
    """What was added is what is read, bit for bit."""
    vectors = unit_vectors(50, 3)
    DenseIndex.build(vectors).save(tmp_path)
    opened = DenseIndex.open(tmp_path)
    assert np.array_equal(opened.vectors(np.array([7, 0, 49])), vectors[[7, 0, 49]])
    assert (opened.passages, opened.dimensions) == (50, 16)


def test_saving_twice_gives_the_same_bytes(tmp_path):
    """An index file depends on its vectors alone."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        DenseIndex.build(unit_vectors(20, 5)).save(tmp_path / name)
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "other" / FILE).read_bytes()


def test_a_file_that_is_no_index_is_named(tmp_path):
    """Garbage in place of the index is a named error, not FAISS's own."""
    (tmp_path / FILE).write_bytes(b"garbage")
    with pytest.raises(CorruptSnapshot, match=FILE):
        DenseIndex.open(tmp_path)
