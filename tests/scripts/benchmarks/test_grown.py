"""A grown index against the one it grew from, and what the part tells of it."""

from itertools import pairwise

import numpy as np
import pytest

from benchmarks import search
from benchmarks.exact import nearest_passages
from benchmarks.grown import grown_index
from benchmarks.growth import draw_growth
from index.build import build
from index.snapshot import Snapshot
from index.verification import verify
from word_encoder import WordEncoder

TEXTS = [f"Ship {number} sails to harbour {number * number}. It is late." for number in range(40)]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Forty documents of one passage each."""
    folder = tmp_path_factory.mktemp("base")
    (folder / "documents").mkdir()
    for number, text in enumerate(TEXTS):
        (folder / "documents" / f"p{number:07}.txt").write_text(text)
    build([folder / "documents"], folder / "index", WordEncoder())
    return folder / "index"


@pytest.mark.parametrize("count", [7, 40, 95])
def test_a_grown_index_is_sound_and_as_large_as_asked(base, tmp_path, count):
    """Smaller, as large and larger: tables agree with each other, but for sentences of the words
    looked up, which are others; and real vectors stay.
    """
    folder = grown_index(base, TEXTS, count, tmp_path)
    other_words = "lexical/passage_starts.npy does not say where each passage's terms begin"
    assert verify(folder) == ([other_words] if count > 40 else [])
    grown, real = Snapshot.open(folder), Snapshot.open(base)
    assert (len(grown.documents), grown.dense.passages, grown.lexical.passages) == (count,) * 3
    same = min(count, 40)
    np.testing.assert_allclose(grown.dense.vectors[:same], real.dense.vectors[:same], atol=1e-6)
    if count > 40:
        cosines = np.einsum("ij,ij->i", grown.dense.vectors[40:80], real.dense.vectors)
        assert np.mean(cosines) == pytest.approx(1 / np.sqrt(1 + 0.6**2), abs=0.03)
    assert grown.lexical.search("ship 6 harbour 36", 1)[0].tolist() == [6]
    assert grown_index(base, TEXTS, count, tmp_path) == folder


def test_the_part_measures_what_search_finds(base, tmp_path):
    """All questions are timed, and recall is against every window: 1 where search is exact."""
    index = grown_index(base, TEXTS, 60, tmp_path)
    questions = TEXTS[: search.WARM_UP + 3]
    vectors = WordEncoder().encode_queries(questions)
    measured = search.measure(index, questions, vectors)
    row = search.row_of(index, measured, vectors[search.WARM_UP :])
    assert [len(own) for own in measured.found] == [10] * 3
    assert len(measured.dense) == len(measured.lexical) == 3
    assert row[:2] == [60, "exact"]
    assert row[4] == 1
    assert len(row) + 1 == len(search.table({60: row}, "40", "40", 3).columns)
    measured.found[0][:5] = [-1] * 5
    assert search.row_of(index, measured, vectors[search.WARM_UP :])[4] == pytest.approx(2.5 / 3)


def test_nearest_passages_are_those_of_the_best_windows(monkeypatch):
    """By a loop over passages, in slices and at once."""
    random = np.random.default_rng(0)
    vectors, questions = random.normal(size=(60, 8)), random.normal(size=(4, 8))
    starts = np.cumsum([0, *[1, 2, 3] * 10])
    expected = []
    for question in questions:
        best = [max(vectors[a:b] @ question) for a, b in pairwise(starts)]
        expected.append(sorted(range(30), key=lambda row: -best[row])[:5])
    for size in (7, 1000):
        monkeypatch.setattr("benchmarks.exact.SLICE", size)
        assert nearest_passages(questions, vectors, starts, 5).tolist() == expected


def test_growth_is_drawn_to_a_file(tmp_path):
    """A panel for each cost, in the format that the name asks for."""
    draw_growth([1000, 20_000], {"ms": [0.1, 0.5], "s": [1.0, 3.0]}, tmp_path / "plots" / "a.svg")
    assert b"<svg" in (tmp_path / "plots" / "a.svg").read_bytes()
