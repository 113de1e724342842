"""Dense search against numpy brute force: exactly, and by codes."""

from pathlib import Path
from tempfile import TemporaryDirectory

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import dense
from index.codes import TARGET, Codes, sample_questions
from index.dense import FILE, STARTS, VECTORS, DenseIndex
from index.errors import CorruptSnapshot


def unit_vectors(rows: int, seed: int, dimensions: int = 16) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def built(vectors: np.ndarray, windows: list[int]) -> DenseIndex:
    """Built, saved and opened again; its files are gone at once, as a pruned snapshot's."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / VECTORS, vectors)
        return DenseIndex.open(folder, DenseIndex.build(folder, windows).settings())


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
    index = built(vectors, windows)
    found, scores = index.search(question, k, allowed)
    best = brute_force(vectors, windows, question)
    expected = np.arange(len(windows)) if allowed is None else np.flatnonzero(allowed)
    expected = expected[np.argsort(-best[expected], kind="stable")][:k]
    assert index.codes is None
    assert found.tolist() == expected.tolist()
    np.testing.assert_allclose(scores, best[expected], atol=1e-6)


def few_are_exact(patch: pytest.MonkeyPatch, lists_from: int = 10**9) -> None:
    """So small a corpus that it can be searched by force is treated as a large one."""
    patch.setattr(dense, "EXACT_WINDOWS", 50)
    patch.setattr("index.codes.LISTS_FROM", lists_from)


@pytest.fixture(params=[10**9, 1000], ids=["one list", "many lists"])
def coded(request, monkeypatch) -> tuple[DenseIndex, np.ndarray, list[int]]:
    """3,000 vectors around 200 places, with codes: of one list, or of 54."""
    few_are_exact(monkeypatch, request.param)
    places = unit_vectors(200, 1, 64)
    vectors = places.repeat(15, axis=0) + 0.8 * unit_vectors(3000, 2, 64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    windows = [1, 2, 3] * 500
    return built(vectors, windows), vectors, windows


def questions_near(vectors: np.ndarray) -> np.ndarray:
    """50 of the vectors, moved by half their length."""
    moved = vectors[::60] + 0.5 * unit_vectors(50, 4, vectors.shape[1])
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


@pytest.mark.parametrize("share", [None, 0.5, 0.04])
def test_codes_find_what_brute_force_finds(coded, share):
    """Nearly all of the ten nearest, whatever is allowed; and each with its exact cosine."""
    index, vectors, windows = coded
    assert index.codes is not None
    allowed = None if share is None else np.random.default_rng(3).random(len(windows)) < share
    hits = []
    for question in questions_near(vectors):
        rows, scores = index.search(question, 10, allowed)
        best = brute_force(vectors, windows, question)
        np.testing.assert_allclose(scores, best[rows], atol=1e-6)
        assert sorted(scores, reverse=True) == scores.tolist()
        eligible = np.arange(len(windows)) if allowed is None else np.flatnonzero(allowed)
        expected = eligible[np.argsort(-best[eligible])[:10]]
        assert len(rows) == len(set(rows.tolist())) == 10
        assert set(rows.tolist()) <= set(eligible.tolist())
        hits.append(len(set(rows.tolist()) & set(expected.tolist())) / 10)
    assert np.mean(hits) >= 0.95


@pytest.mark.parametrize(("dimensions", "parts"), [(16, 4), (24, 8), (14, 7), (13, 13)])
def test_codes_stand_for_all_dimensions(monkeypatch, dimensions, parts):
    """Three dimensions each where that leaves none over, or four, two, one."""
    few_are_exact(monkeypatch)
    vectors = unit_vectors(300, 5, dimensions)
    index = built(vectors, [1] * 300)
    assert parts == index.codes._index.pq.M
    assert index.nearest(vectors[7], 1).tolist() == [7]


def test_signs_written_by_an_earlier_version_are_read(monkeypatch, tmp_path):
    """They find among as many candidates what brute force finds."""
    few_are_exact(monkeypatch)
    vectors = unit_vectors(400, 5, 64)
    np.save(tmp_path / VECTORS, vectors)
    told = DenseIndex.build(tmp_path, [1] * 400).settings()
    centres = faiss.IndexFlatL2(64)
    signs = faiss.IndexIVFRaBitQFastScan(centres, 64, 1, faiss.METRIC_INNER_PRODUCT)
    signs.train(vectors)
    signs.add(vectors)
    faiss.write_index(signs, str(tmp_path / FILE))
    index = DenseIndex.open(tmp_path, {**told, "reach": 300})
    for question in vectors[::20]:
        expected = np.sort(np.argsort(-(vectors @ question))[:5])
        assert index.nearest(question, 5).tolist() == expected.tolist()


def test_the_recall_that_is_told_is_that_of_the_sample(coded):
    """By searching the sample's questions by force once more."""
    index, vectors, _ = coded
    chosen, shares = index.codes.settings, []
    for question in sample_questions(vectors):
        expected = np.argsort(-(vectors @ question))[:10]
        shares.append(np.isin(expected, index.codes.nearest(question, chosen.reach)).mean())
    assert chosen.recall_at_10 == pytest.approx(np.mean(shares), abs=1e-3)
    assert chosen.recall_at_10 >= TARGET


def test_every_passage_can_be_asked_for(coded):
    """As many as there are, or as are allowed: codes find all of them in the end."""
    index, vectors, windows = coded
    rows, _ = index.search(vectors[0], len(windows))
    assert sorted(rows.tolist()) == list(range(len(windows)))
    allowed = np.arange(len(windows)) % 2 == 0
    rows, _ = index.search(vectors[0], len(windows), allowed)
    assert sorted(rows.tolist()) == np.flatnonzero(allowed).tolist()


def test_where_codes_would_miss_too_much_every_window_is_scored(monkeypatch):
    """A recall out of reach leaves the exact search, and says so."""
    few_are_exact(monkeypatch)
    monkeypatch.setattr("index.codes.TARGET", 1.1)
    assert built(unit_vectors(100, 0), [1] * 100).settings() == {"kind": "exact", "dimensions": 16}


def test_one_passage_with_all_the_best_windows_leaves_room_for_others(monkeypatch):
    """However many windows of one passage come first, k passages are found."""
    few_are_exact(monkeypatch)
    monkeypatch.setattr("index.codes.REACHES", (30,))
    vectors = unit_vectors(1, 0).repeat(500, axis=0) + 1e-3 * unit_vectors(500, 1)
    vectors[450:] = -vectors[450:]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    monkeypatch.setattr("index.codes.TARGET", 0)
    index = built(vectors, [450, *[1] * 50])
    assert index.codes is not None
    found, _ = index.search(vectors[0], 20)
    assert len(found) == 20
    assert found[0] == 0


def test_each_passage_has_the_cosine_of_its_best_window():
    """The vectors given are what is searched."""
    vectors, windows = unit_vectors(50, 3), [2] * 25
    index = built(vectors, windows)
    rows = np.array([7, 0, 24])
    best = brute_force(vectors, windows, vectors[5])
    np.testing.assert_allclose(index.cosines(rows, vectors[5]), best[rows], atol=1e-6)
    seventh, first = index.window_cosines([7, 0], vectors[5])
    np.testing.assert_allclose(seventh, vectors[14:16] @ vectors[5], atol=1e-6)
    np.testing.assert_allclose(first, vectors[:2] @ vectors[5], atol=1e-6)
    assert index.window_cosines([], vectors[5]) == []
    assert (index.passages, index.dimensions) == (25, 16)


@pytest.mark.parametrize("lists_from", [10**9, 1000])
def test_building_twice_gives_the_same_bytes(tmp_path, monkeypatch, lists_from):
    """An index file depends on its vectors alone, as do its settings."""
    few_are_exact(monkeypatch, lists_from)
    told = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / VECTORS, unit_vectors(2000, 5))
        told.append(DenseIndex.build(tmp_path / name, [1] * 2000).settings())
    assert told[0] == told[1]
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "other" / FILE).read_bytes()


def test_files_of_another_kind_are_named(tmp_path, monkeypatch):
    """Garbage, codes of too few vectors, and starts that lead out of the vectors."""
    few_are_exact(monkeypatch)
    np.save(tmp_path / VECTORS, unit_vectors(100, 5))
    told = DenseIndex.build(tmp_path, [1] * 100).settings()
    codes = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(b"garbage")
    with pytest.raises(CorruptSnapshot, match=FILE):
        DenseIndex.open(tmp_path, told)
    (tmp_path / FILE).write_bytes(codes)
    DenseIndex.open(tmp_path, told)
    np.save(tmp_path / STARTS, np.array([0, 50, 101]))
    with pytest.raises(CorruptSnapshot, match=STARTS):
        DenseIndex.open(tmp_path, told)
    np.save(tmp_path / VECTORS, unit_vectors(99, 5))
    np.save(tmp_path / STARTS, np.arange(100))
    with pytest.raises(CorruptSnapshot, match="holds 100 vectors of 16 dimensions"):
        DenseIndex.open(tmp_path, told)


def test_an_index_that_does_not_say_has_more_windows_scored(coded, tmp_path, monkeypatch):
    """As many as when it was built, whose codes find less among as many; another as many as its
    manifest says.
    """
    _, vectors, windows = coded
    np.save(tmp_path / VECTORS, vectors)
    told = DenseIndex.build(tmp_path, windows).settings()
    untold = {name: value for name, value in told.items() if name != "windows_a_passage"}
    scored = []
    nearest = Codes.nearest

    def counted(codes, vector, reach, *others):
        scored.append(reach)
        return nearest(codes, vector, reach, *others)

    monkeypatch.setattr(Codes, "nearest", counted)
    for manifest in (told, untold, {**told, "windows_a_passage": 8}):
        DenseIndex.open(tmp_path, manifest).nearest(vectors[0], 200)
    assert scored == [1000, 2000, 1600]
