"""Several sets in a row."""

from __future__ import annotations

import json
import re

import pytest

import service.evaluation.replies as replies
from service.evaluation.bench import Bench
from service.evaluation.catalogue import find_sets, identify
from service.evaluation.lines import InvalidDataset
from service.evaluation.suite import Wishes, read_results, results_json, run_suite


def test_one_bad_set(data, bench):
    """A set that fails is told and does not stop the others."""
    (data / "beir" / "corpus.jsonl").write_text("{", encoding="utf-8")
    written = []
    outcome = run_suite(find_sets(data), bench, data, written.append, quiet=True)
    assert [result.name for result in outcome.results] == ["excerpts", "squad.json"]
    assert not outcome.sound
    assert re.search(
        r"beir could not be evaluated: .*corpus\.jsonl, line 1 is not", outcome.errors[0]
    )
    assert any("## squad.json (SQuAD)" in line for line in written)


def test_unverified_citation(data, bench, monkeypatch):
    """One citation that does not verify makes the outcome unsound."""
    sets = [identify(data / "squad.json")]
    assert run_suite(sets, bench, data, [].append, quiet=True).sound
    monkeypatch.setattr(replies, "faults", lambda *_: ["wrong"])
    outcome = run_suite(sets, bench, data, [].append, quiet=True)
    assert not outcome.sound
    assert outcome.results[0].verified.share == 0


def test_cache(data, bench, tmp_path):
    """A cached index gives the same figures and the same snapshot."""
    cached = Bench(encoder=bench.encoder, build=bench.build, cache=tmp_path / "cache")
    sets = [identify(data / "beir")]
    first = results_json(run_suite(sets, cached, data, [].append, quiet=True), "x")
    again = results_json(run_suite(sets, cached, data, [].append, quiet=True), "x")
    assert first == again
    assert (tmp_path / "cache" / "beir").is_dir()


def test_earlier_run(data, bench, tmp_path):
    """A run compares itself with the file of an earlier one."""
    sets = [identify(data / "excerpts")]
    outcome = run_suite(sets, bench, data, [].append, quiet=True)
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(results_json(outcome, "x"), allow_nan=False), encoding="utf-8")
    written = []
    run_suite(sets, bench, data, written.append, read_results(path), quiet=True)
    assert "against the earlier run, over 1 common queries" in written
    with pytest.raises(InvalidDataset, match="is no results file"):
        read_results(data / "squad.json")


def test_wishes(data, reading_bench, tmp_path):
    """Plots are drawn of what was read; paragraphs are read instead of ranked where wished."""
    sets, written = [identify(data / "squad.json")], []
    wishes = Wishes(plots=tmp_path / "plots")
    outcome = run_suite(sets, reading_bench, data, written.append, quiet=True, wishes=wishes)
    assert outcome.sound
    drawn = [line.removeprefix("drawn: ") for line in written if line.startswith("drawn: ")]
    assert sorted(drawn) == sorted(map(str, (tmp_path / "plots").iterdir()))
    assert len(drawn) == 4
    json.dumps(results_json(outcome, "x"), allow_nan=False)
    outcome = run_suite(
        sets, reading_bench, data, written.append, quiet=True, wishes=Wishes(paragraph=True)
    )
    assert outcome.results[0].panels[0].title == "answers in the paragraph"
