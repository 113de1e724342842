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


@st.composite
def corpora(draw) -> tuple[np.ndarray, list[int]]:
    """Vectors of some passages, each with one to four windows."""
    windows = draw(st.lists(st.integers(1, 4), min_size=1, max_size=60))
    return unit_vectors(sum(windows), draw(st.integers(0, 99))), windows


def brute_force(vectors: np.ndarray, windows: list[int], question: np.ndarray) -> np.ndarray:
    """Each passage's greatest inner product."""
    parts = np.split(vectors @ question, np.cumsum(windows)[:-1])
    return np.array([part.max() for part in parts])


@settings(deadline=None)
@given(
    corpus=corpora(),
    k=st.integers(1, 80),
    seed=st.integers(0, 99),
    share=st.one_of(st.none(), st.floats(0, 1)),
)
def test_search_is_brute_force_among_the_allowed(corpus, k, seed, share):
    """Hits are the passages with the best windows, k of them where k are allowed."""
    vectors, windows = corpus
    question = unit_vectors(1, seed + 1000)[0]
    chance = np.random.default_rng(seed)
    allowed = None if share is None else chance.random(len(windows)) < share
    found, scores = DenseIndex.build(vectors, windows).search(question, k, allowed)
    best = brute_force(vectors, windows, question)
    expected = np.arange(len(windows)) if allowed is None else np.flatnonzero(allowed)
    expected = expected[np.argsort(-best[expected], kind="stable")][:k]
    assert found.tolist() == expected.tolist()
    np.testing.assert_allclose(scores, best[expected], atol=1e-6)


def test_one_passage_with_all_the_best_windows_leaves_room_for_others():
    """However many windows of one passage come first, k passages are found."""
    vectors = unit_vectors(1, 0).repeat(500, axis=0)
    vectors[450:] = -vectors[450:]
    windows = [450, *[1] * 50]
    found, _ = DenseIndex.build(vectors, windows).search(vectors[0], 20)
    assert len(found) == 20
    assert found[0] == 0


def test_a_saved_index_gives_the_same_cosines(tmp_path):
    """What was added is what is searched, each passage by its best window."""
    vectors, windows = unit_vectors(50, 3), [2] * 25
    DenseIndex.build(vectors, windows).save(tmp_path)
    opened = DenseIndex.open(tmp_path)
    rows = np.array([7, 0, 24])
    best = brute_force(vectors, windows, vectors[5])
    np.testing.assert_allclose(opened.cosines(rows, vectors[5]), best[rows], atol=1e-6)
    assert (opened.passages, opened.dimensions) == (25, 16)


def test_saving_twice_gives_the_same_bytes(tmp_path):
    """An index file depends on its vectors alone."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        DenseIndex.build(unit_vectors(20, 5), [1] * 20).save(tmp_path / name)
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "other" / FILE).read_bytes()


def test_a_file_that_is_no_index_is_named(tmp_path):
    """Garbage in place of the index is a named error, not FAISS's own."""
    (tmp_path / FILE).write_bytes(b"garbage")
    with pytest.raises(CorruptSnapshot, match=FILE):
        DenseIndex.open(tmp_path)
