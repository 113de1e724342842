"""Questions to candidates with features and labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.build import build
from service.evaluation.bench import silent
from service.evaluation.candidates import GoldQuestion, collect, unfitted
from service.reading.features import FEATURES

QUESTIONS = (
    GoldQuestion("a", "rain", "where falls rain?", ("Wales", "in Wales")),
    GoldQuestion("u", "rain", "who reigns?", ()),
    GoldQuestion("long", "rain", " ".join(f"word{number}" for number in range(99)), ("x",)),
)


def test_collect(data, reading_bench, tmp_path):
    """Every candidate of every passage read has its features and whether it is right."""
    build([data / "excerpts" / "corpora"], tmp_path / "index", reading_bench.encoder)
    opened = reading_bench.open(tmp_path / "index")
    vectors = reading_bench.encode([question.text for question in QUESTIONS])
    known, unknown = collect(opened, QUESTIONS, vectors, silent)
    assert (known.question_id, known.answerable, unknown.answerable) == ("a", True, False)
    # One passage of three candidates: Wales, then Cardiff and Rain's neighbours.
    assert known.features.shape == (3, len(FEATURES))
    assert known.right.sum() == 1
    at = int(np.flatnonzero(known.right)[0])
    assert known.f1[at] == 1
    # "falls" and "rain" are shared, so the first candidate's margin is 2 · 2 − 5.
    assert known.features[:, FEATURES.index("margin")].max() == -1
    assert not unknown.right.any()
    assert not unknown.f1.any()


def test_no_reader(data, bench, tmp_path):
    """Without a reader there is nothing to collect."""
    build([data / "excerpts" / "corpora"], tmp_path / "index", bench.encoder)
    with pytest.raises(ValueError, match="no reader"):
        collect(bench.open(tmp_path / "index"), (), np.empty((0, 64)), silent)


def test_unfitted():
    """Before anything is fitted, confidence is the sigmoid of the margin."""
    calibration = replace(unfitted("1" * 64))
    features = np.zeros((3, len(FEATURES)))
    features[:, FEATURES.index("margin")] = (-2, 0, 3)
    expected = 1 / (1 + np.exp([2, 0, -3]))
    assert calibration.confidence(features, 9) == pytest.approx(expected, abs=1e-3)
