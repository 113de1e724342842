"""A data set's whole road over real rooms of the index."""

from __future__ import annotations

import json

import pytest

from index.build import build
from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet, Layout, identify
from service.evaluation.lines import InvalidDataset
from service.evaluation.run import evaluate_questions, evaluate_set


def write_lines(path, records):
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")


def test_beir(data, bench):
    """A BEIR set is ranked three ways, and every citation verifies."""
    result = evaluate_set(FoundSet("beir", data / "beir", Layout.BEIR), bench)
    (panel,) = result.panels
    assert {method: panel.values[method]["hit@1"] for method in panel.values} == {
        method: {"1": 1.0, "2": 1.0} for method in ("dense", "BM25", "hybrid")
    }
    assert result.counts == {"queries": 2, "unanswerable": 1, "of these abstained": 0}
    assert (result.setting.documents, result.setting.encoder) == (3, "words")
    assert result.verified.checked >= 3
    assert result.verified.faults == ()


def test_squad(data, bench):
    """A SQuAD file also tells where a gold answer stands."""
    result = evaluate_set(identify(data / "squad.json"), bench)
    _, answers = result.panels
    assert answers.values["passages"]["first"] == {"1": 1.0}
    assert answers.values["cited evidence"]["any of 5"] == {"1": 1.0}
    assert result.counts == {"queries": 1, "unanswerable": 1, "of these abstained": 0}


def test_excerpts(data, bench):
    """Excerpts are covered by what was returned and by what was cited."""
    result = evaluate_set(identify(data / "excerpts"), bench)
    (panel,) = result.panels
    # The whole file is one passage of 59 characters; its first sentence, of 31, is cited.
    assert panel.values["whole passages"]["recall"]["e"] == 1
    assert panel.values["whole passages"]["IoU"]["e"] == pytest.approx(19 / 59)
    assert panel.values["cited evidence"]["IoU"]["e"] == pytest.approx(19 / 31)
    assert result.verified.faults == ()


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
    assert [failure.split()[0] for failure in result.failures] == ["beside", "gone"]
    assert "evidence misses the answer: “Rain falls in Wales all winter.”" in result.failures[0]
    assert "the index holds no document gone.md" in result.failures[1]


def test_nothing_to_judge(data, bench, tmp_path):
    """Questions that nothing can judge are refused."""
    index = tmp_path / "index"
    build([data / "excerpts" / "corpora"], index, bench.encoder, bench.build)
    path = tmp_path / "questions.jsonl"
    write_lines(path, [{"question": "where?"}])
    with pytest.raises(InvalidDataset, match="to judge by"):
        evaluate_questions(identify(path), index, bench)


def test_limit(data, bench):
    """The limit caps the questions of every layout."""
    limited = Bench(encoder=bench.encoder, limit=1)
    assert evaluate_set(identify(data / "beir"), limited).counts["queries"] == 1
    assert evaluate_set(identify(data / "excerpts"), limited).counts == {"questions": 1}
