"""The shipped calibration's road, with a reader of words in place of a network."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from tiny_sets import town_source, towns, write_squad

from index.records import Span
from service.evaluation.calibrate import fit_calibration
from service.evaluation.candidates import unfitted
from service.evaluation.judged import Held, JudgedQuestion
from service.reading.features import CHOOSING, FEATURES
from service.reading.records import Candidate, ReaderIdentity, Reading
from service.training.calibrating import fitted_on, judge_sets, report
from service.training.calibration_sets import calibration_sets
from service.training.examples import load_examples
from word_encoder import WordEncoder


class OverlapReader:
    """Every word that the question lacks may answer; the surer, the more words are shared."""

    identity = ReaderIdentity("overlap", "1" * 64, "2" * 64)
    reads = 0

    def read(self, question, passages, keep_reading):
        asked = set(re.findall(r"\w+", question.lower()))
        self.reads += len(passages)
        return [self._reading(asked, passage.text) for passage in passages if keep_reading()]

    def _reading(self, asked, text):
        words = list(re.finditer(r"\w+", text))
        margin = 2.0 * sum(word.group().lower() in asked for word in words) - 5
        telling = [word for word in words if word.group()[0].isdigit() or word.group()[0].isupper()]
        candidates = tuple(
            Candidate(Span(*word.span()), 0.5 ** (at + 1), margin - at)
            for at, word in enumerate(telling[:6])
        )
        return Reading(margin, margin, candidates)


@pytest.fixture
def sets(tmp_path):
    aside = {"files": {"towns.json": "calibration"}}
    sources = tuple(town_source(name, **aside) for name in ("first", "second"))
    write_squad(tmp_path / "first" / "towns.json", towns(6))
    write_squad(tmp_path / "second" / "towns.json", towns()[6:])
    return calibration_sets(load_examples(tmp_path, sources), sources, 20, {})


def test_read_once(sets, tmp_path):
    """A second fit reads nothing and builds nothing, and comes to the same."""
    reader, told = OverlapReader(), []

    def progress(stage, *_):
        told.append(stage)

    first = judge_sets(sets, reader, WordEncoder(), tmp_path / "work", 10, progress)
    reads = reader.reads
    assert "documents" in told
    told.clear()
    again = judge_sets(sets, reader, WordEncoder(), tmp_path / "work", 10, progress)
    assert reader.reads == reads
    assert "documents" not in told
    for one, other in zip(first, again, strict=True):
        assert (one.question_id, one.source) == (other.question_id, other.source)
        assert np.array_equal(one.features, other.features)
    assert {one.source for one in first} == {"first", "second"}
    assert len(first) == sum(len(each.questions) for each in sets)


def test_report(sets, tmp_path):
    """The table's figures are those of the answers held aside, set by set and together."""
    judged = judge_sets(
        sets, OverlapReader(), WordEncoder(), tmp_path / "work", 10, lambda *_: None
    )
    calibration, _ = fit_calibration(judged, "1" * 64, "towns")
    known = np.asarray([question.answerable for question in judged])
    # All that is answerable is answered rightly and surely, all else withheld.
    held = Held(np.where(known, 1.0, 0.0), known, known.astype(float), np.ones(len(known)))
    lines = list(report(judged, held, calibration))
    rows = [line.split() for line in lines[1:4]]
    n = len(judged)
    assert [row[:2] for row in rows] == [
        ["first", str(sum(q.source == "first" for q in judged))],
        ["second", str(sum(q.source == "second" for q in judged))],
        ["all", str(n)],
    ]
    answered = f"{known.mean():.3f}"
    assert rows[2][2:] == ["1.000", answered, "1.000", "1.000", "1.000", "0.000"]
    assert lines[-2].startswith("choosing: ")
    assert all(name in lines[-2] for name in CHOOSING)
    assert lines[-1].startswith(f"judging among {calibration.judges[0].searched:.0f}: ")
    assert all(name in lines[-1] for name in FEATURES)


def test_each_kind_of_unanswerable_question_is_told_apart_by_itself(sets, tmp_path):
    """AUROC by hand: of the pairs (.9, .5), (.9, .1), (.4, .5), (.4, .1) three are in order."""
    judged = judge_sets(
        sets, OverlapReader(), WordEncoder(), tmp_path / "work", 10, lambda *_: None
    )
    calibration, _ = fit_calibration(judged, "1" * 64, "towns")
    width = len(FEATURES)
    kinds = ["", "", "left out", "left out", "exchanged"]
    asked = [
        JudgedQuestion(
            str(at), "first", not why, np.zeros((1, width)), np.zeros(1), np.zeros(1), 9, why
        )
        for at, why in enumerate(kinds)
    ]
    confidence = np.asarray([0.9, 0.4, 0.5, 0.1, 0.0])
    weight = np.asarray([3.0, 1.0, 1.0, 1.0, 1.0])
    held = Held(confidence, np.zeros(5, dtype=bool), np.zeros(5), weight)
    lines = list(report(asked, held, calibration))
    # ECE by weight: all are wrong, so (3 · .9 + .4 + .5 + .1 + 0) / 7.
    assert lines[1].split()[-1] == "0.529"
    assert "no-answer AUROC, left out (n 2): 0.750" in lines
    assert "no-answer AUROC, exchanged (n 1): 1.000" in lines


def test_a_second_fit_of_small_corpora_names_what_the_first_did_of_larger_ones():
    """Not the first's own questions, which judged none of those."""
    whole = replace(unfitted("1" * 64), fitted_on=fitted_on("both", None))
    once = replace(whole, fitted_on=fitted_on("ours", whole))
    assert once.fitted_on.endswith("larger corpora as before, on held-aside questions of both")
    assert fitted_on("theirs", once) == once.fitted_on.replace("ours", "theirs")


def test_an_index_of_another_format_is_built_anew(sets, tmp_path, monkeypatch):
    """What an older version kept is no reason to fail."""
    arguments = (OverlapReader(), WordEncoder(), tmp_path / "work", 10)
    told = []
    judge_sets(sets, *arguments, lambda *_: None)
    monkeypatch.setattr("service.training.calibrating.FORMAT", -1)
    judge_sets(sets, *arguments, lambda stage, *_: told.append(stage))
    assert "documents" in told
