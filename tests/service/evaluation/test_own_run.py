"""The user's own questions over a real index, with and without a reader."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from index.build import build
from service.evaluation.catalogue import identify
from service.evaluation.failures import Why
from service.evaluation.lines import InvalidDataset
from service.evaluation.own_run import evaluate_questions
from service.reading.calibration import load_calibration
from service.reading.loading import CALIBRATION_FILE


def write_lines(path, records):
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")


def test_own_questions(data, bench, tmp_path):
    """Own questions are asked of an index that stands, and failures say why."""
    index = tmp_path / "index"
    build([data / "excerpts" / "corpora"], index, bench.encoder, bench.build)
    path = tmp_path / "questions.jsonl"
    asked = {"question": "where falls rain?", "uri": "wales.md"}
    write_lines(
        path,
        [
            asked | {"id": "right", "answers": ["Wales"], "span": {"start": 14, "end": 19}},
            asked | {"id": "beside", "span": {"start": 45, "end": 52}},
            asked | {"id": "gone", "uri": "gone.md", "answers": ["x"]},
            {"id": "open", "question": "and who?"},
            {"id": "never", "question": "who reigns?", "answerable": False},
        ],
    )
    result = evaluate_questions(identify(path), index, bench)
    values = result.panels[0].values["hybrid"]
    assert values["right first"] == {"right": 1.0, "beside": 1.0, "gone": 0.0}
    assert values["evidence holds answer"] == {"right": 1.0, "beside": 0.0, "gone": 0.0}
    assert result.counts == {
        "questions": 5,
        "judged": 3,
        "unanswerable": 1,
        "of these abstained": 0,
    }
    assert [(one.question_id, one.why) for one in result.failures] == [
        ("beside", Why.MISCITED),
        ("gone", Why.NOT_INDEXED),
    ]
    (reason,) = result.failures[0].reasons
    assert reason == "evidence misses the answer: “Rain falls in Wales all winter.”"
    assert result.failures[1].reasons == ("the index holds no document gone.md",)


def test_drafts_are_left_out(data, bench, tmp_path):
    """No figure counts them, a note does; a file of nothing else is refused with the remedy."""
    index = tmp_path / "index"
    build([data / "excerpts" / "corpora"], index, bench.encoder, bench.build)
    path = tmp_path / "questions.jsonl"
    asked = {"question": "where falls rain?", "answers": ["Wales"]}
    write_lines(path, [asked, asked | {"draft": True}, asked | {"draft": False}])
    result = evaluate_questions(identify(path), index, bench)
    assert result.counts["questions"] == 2
    assert result.notes[0].startswith("drafts left out: 1; ")
    write_lines(path, [asked | {"draft": True}] * 3)
    with pytest.raises(InvalidDataset, match=r"drafts only \(3\): read each, correct"):
        evaluate_questions(identify(path), index, bench)


def test_nothing_to_judge(data, bench, tmp_path):
    """Questions that nothing can judge are refused."""
    index = tmp_path / "index"
    build([data / "excerpts" / "corpora"], index, bench.encoder, bench.build)
    path = tmp_path / "questions.jsonl"
    write_lines(path, [{"question": "where?"}])
    with pytest.raises(InvalidDataset, match="to judge by"):
        evaluate_questions(identify(path), index, bench)


def index_and_questions(data, bench, folder, count=1):
    """An index, and ``count`` questions with an answer and as many without."""
    build([data / "excerpts" / "corpora"], folder / "index", bench.encoder, bench.build)
    path = folder / "questions.jsonl"
    known = {"question": "where falls rain all winter?", "answers": ["Wales"]}
    unknown = {"question": "who reigns?", "answerable": False}
    rows = [
        {"id": f"{kind}{number}"} | row
        for number in range(count)
        for kind, row in (("a", known), ("u", unknown))
    ]
    write_lines(path, rows)
    return folder / "index", identify(path)


def test_with_reader(data, reading_bench, tmp_path):
    """Answers are judged too, and the passages before and after reading are compared."""
    index, found = index_and_questions(data, reading_bench, tmp_path)
    # Four shared words make it sigmoid(3) sure; the other question shares none.
    result = evaluate_questions(found, index, reading_bench)
    passages, answers = result.panels
    assert set(passages.values) == {"hybrid", "re-ranked"}
    assert answers.values["answerable, as given"]["right"] == {"a0": 1.0}
    assert answers.values["unanswerable, as given"]["abstained"] == {"u0": 1.0}
    assert result.counts == {
        "questions": 2,
        "judged": 1,
        "unanswerable": 1,
        "of these abstained": 1,
        "answered right": 1,
        "answered wrong": 0,
        "wrongly abstained": 0,
        "wrongly answered": 0,
        "rightly abstained": 1,
    }
    assert (result.failures, result.verified.faults) == ((), ())


def test_failing_answers(data, reading_bench, tmp_path):
    """A question whose answer fails says why and how sure it was."""
    index, found = index_and_questions(data, reading_bench, tmp_path)
    strict = replace(reading_bench, reading=replace(reading_bench.reading, threshold=0.99))
    (failure,) = evaluate_questions(found, index, strict).failures
    assert (failure.question_id, failure.why) == ("a0", Why.WITHHELD)
    assert failure.reasons[-1] == (
        "wrongly abstained: its best answer, “Wales”, is right (confidence 0.95, threshold 0.99)"
    )
    lax = replace(reading_bench, reading=replace(reading_bench.reading, threshold=0.0))
    (failure,) = evaluate_questions(found, index, lax).failures
    assert (failure.question_id, failure.why) == ("u0", Why.INVENTED)


def test_calibrate(data, reading_bench, tmp_path):
    """Enough questions store a calibration, which the next run reads with; too few do not."""
    index, found = index_and_questions(data, reading_bench, tmp_path, count=9)
    (note,) = evaluate_questions(found, index, reading_bench, calibrate=True).notes
    assert note.startswith("no calibration stored: 18 questions")
    assert not (index / CALIBRATION_FILE).exists()
    _, found = index_and_questions(data, reading_bench, tmp_path, count=15)
    result = evaluate_questions(found, index, reading_bench, calibrate=True)
    assert result.notes[0].startswith(f"calibration stored in {index / CALIBRATION_FILE}: n 30")
    stored = load_calibration(index / CALIBRATION_FILE, "1" * 64)
    assert (stored.n, stored.fitted_on) == (30, "questions.jsonl")
    again = evaluate_questions(found, index, reading_bench)
    assert again.setting.reading["calibrated_on"] == "questions.jsonl"
    # All thirty are told apart, so both kinds move towards certainty.
    assert again.reading.confidences["a0"] > result.reading.confidences["a0"]
    # Fitting again starts from what the reader came with, not from what was stored.
    assert evaluate_questions(found, index, reading_bench, calibrate=True).notes == result.notes


def test_calibrate_without_reader(data, bench, tmp_path):
    """Without a reader there is nothing to calibrate, and that is said."""
    index, found = index_and_questions(data, bench, tmp_path)
    notes = evaluate_questions(found, index, bench, calibrate=True).notes
    assert notes == ("no calibration stored: there is no reader",)
