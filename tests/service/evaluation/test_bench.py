"""What is measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.build import build
from service.evaluation.bench import NO_BUDGET_MS
from service.reading.calibration import save_calibration
from service.reading.loading import CALIBRATION_FILE


def test_threshold(bench, reading_bench):
    """The settings' threshold comes before the calibration's; without a reader there is none."""
    assert bench.threshold(9) == 0
    assert reading_bench.threshold(9) == reading_bench.reader.calibration.threshold(9) == 0.5
    strict = replace(reading_bench, reading=replace(reading_bench.reading, threshold=0.9))
    assert strict.threshold(9) == 0.9


def test_setting(data, reading_bench, tmp_path):
    """A result names the reader and its calibration; an index asked always keeps the real one."""
    build([data / "excerpts" / "corpora"], tmp_path / "index", reading_bench.encoder)
    opened = reading_bench.open(tmp_path / "index", threshold=0.0)
    assert opened.threshold(9) == 0
    setting = reading_bench.setting(opened)
    assert setting.snapshot == opened.snapshot.version
    assert setting.reading["reader_sha256"] == "1" * 64
    assert (setting.reading["threshold"], setting.reading["budget_ms"]) == (0.5, None)
    assert reading_bench.reading.budget_ms == NO_BUDGET_MS


def test_corpus_calibration(bench, reading_bench, tmp_path):
    """The calibration beside an index is read with, where it was fitted on the same reader."""
    assert bench.calibrated_for(tmp_path) is bench
    assert reading_bench.calibrated_for(tmp_path).reader == reading_bench.reader
    shipped = reading_bench.reader.calibration
    judges = tuple(replace(judge, threshold=0.2) for judge in shipped.judges)
    own = replace(shipped, fitted_on="mine", judges=judges)
    save_calibration(own, tmp_path / CALIBRATION_FILE)
    assert reading_bench.calibrated_for(tmp_path).threshold(9) == 0.2
    (judge,) = judges
    both = replace(own, judges=(judge, replace(judge, searched=100.0, threshold=0.8)))
    save_calibration(both, tmp_path / CALIBRATION_FILE)
    # The first stands at one passage, so among ten it is half of the way to the second.
    mixed = reading_bench.calibrated_for(tmp_path)
    assert [mixed.threshold(n) for n in (1, 10, 100)] == pytest.approx([0.2, 0.5, 0.8])
    assert mixed.setting_without_index(3, 10).reading["threshold"] == pytest.approx(0.5)
    other = replace(own, reader_sha256="9" * 64)
    save_calibration(other, tmp_path / CALIBRATION_FILE)
    assert reading_bench.calibrated_for(tmp_path).threshold(9) == 0.5
