"""A data set's whole road over real rooms of the index, with a small encoder of words."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import numpy as np
import pytest

from index.build import BuildSettings, build
from index.encoder import EncoderIdentity
from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet, Layout, find_sets, identify
from service.evaluation.lines import InvalidDataset
from service.evaluation.run import evaluate_questions, evaluate_set
from service.evaluation.suite import read_results, results_json, run_suite

DIMENSIONS = 64
WORD = re.compile(r"\w+|[^\w\s]")


class WordEncoder:
    """Each word is one direction: texts are near where they share words."""

    identity = EncoderIdentity("words", "0" * 64, DIMENSIONS, 256, "", "")

    def encode_queries(self, questions):
        vectors = np.zeros((len(questions), DIMENSIONS), dtype=np.float32)
        for vector, question in zip(vectors, questions, strict=True):
            for word in WORD.findall(question.lower()):
                vector[sha256(word.encode()).digest()[0] % DIMENSIONS] += 1
            vector /= max(np.linalg.norm(vector), 1e-9)
        return vectors

    def encode_passages(self, texts, _progress=None):
        return self.encode_queries(texts)

    def token_spans(self, text):
        return [match.span() for match in WORD.finditer(text)]

    def count_tokens(self, texts):
        return [len(WORD.findall(text)) for text in texts]


@pytest.fixture(scope="module")
def bench():
    return Bench(encoder=WordEncoder(), build=BuildSettings(keep=1))


@pytest.fixture
def data(tmp_path):
    """One tiny set of each layout, on the weather."""
    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    corpus = [
        {"_id": "sun", "title": "Sun 😀", "text": "The sun shines over Spain.\n\nIt is warm."},
        {"_id": "rain", "title": "", "text": "Rain falls in Wales all winter."},
        {"_id": "snow", "title": "Snow", "text": ""},
    ]
    queries = [
        {"_id": "1", "text": "where does the sun shine over Spain?"},
        {"_id": "2", "text": "rain falls in which country?"},
        {"_id": "3", "text": "who reigns in Denmark?", "answerable": False},
    ]
    write_lines(beir / "corpus.jsonl", corpus)
    write_lines(beir / "queries.jsonl", queries)
    (beir / "qrels" / "test.tsv").write_text("1\tsun\t1\n2\train\t1\n", encoding="utf-8")
    context = "Rain falls in Wales all winter. The mayor of Cardiff sighs."
    qas = [
        {"id": "1", "question": "where falls rain?", "answers": [{"text": "Wales"}]},
        {"id": "2", "question": "who reigns?", "answers": [], "is_impossible": True},
    ]
    squad = {"data": [{"title": "Rain", "paragraphs": [{"context": context, "qas": qas}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(squad), encoding="utf-8")
    excerpts = tmp_path / "excerpts"
    (excerpts / "corpora").mkdir(parents=True)
    (excerpts / "corpora" / "wales.md").write_text(context, encoding="utf-8")
    reference = {"content": "Rain falls in Wales", "start_index": 0, "end_index": 19}
    question = {"_id": "e", "text": "where falls rain?", "corpus_id": "wales"}
    write_lines(excerpts / "questions.jsonl", [question | {"references": [reference]}])
    return tmp_path


def write_lines(path, records):
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")


def test_a_beir_set_is_ranked_three_ways_and_every_citation_verifies(data, bench):
    result = evaluate_set(FoundSet("beir", data / "beir", Layout.BEIR), bench)
    (panel,) = result.panels
    assert {method: panel.values[method]["hit@1"] for method in panel.values} == {
        method: {"1": 1.0, "2": 1.0} for method in ("dense", "BM25", "hybrid")
    }
    assert result.counts == {"queries": 2, "unanswerable": 1, "of these abstained": 0}
    assert (result.setting.documents, result.setting.encoder) == (3, "words")
    assert result.verified.checked >= 3
    assert result.verified.faults == ()


def test_a_squad_file_also_tells_where_a_gold_answer_stands(data, bench):
    result = evaluate_set(identify(data / "squad.json"), bench)
    _, answers = result.panels
    assert answers.values["passages"]["first"] == {"1": 1.0}
    assert answers.values["cited evidence"]["any of 5"] == {"1": 1.0}
    assert result.counts == {"queries": 1, "unanswerable": 1, "of these abstained": 0}


def test_excerpts_are_covered_by_what_was_cited(data, bench):
    result = evaluate_set(identify(data / "excerpts"), bench)
    (panel,) = result.panels
    # The whole file is one passage of 59 characters; its first sentence, of 31, is cited.
    assert panel.values["whole passages"]["recall"]["e"] == 1
    assert panel.values["whole passages"]["IoU"]["e"] == pytest.approx(19 / 59)
    assert panel.values["cited evidence"]["IoU"]["e"] == pytest.approx(19 / 31)
    assert result.verified.faults == ()


def test_own_questions_are_asked_of_an_index_that_stands(data, bench, tmp_path):
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


def test_questions_that_nothing_can_judge_are_refused(data, bench, tmp_path):
    index = tmp_path / "index"
    build([data / "excerpts" / "corpora"], index, bench.encoder, bench.build)
    path = tmp_path / "questions.jsonl"
    write_lines(path, [{"question": "where?"}])
    with pytest.raises(InvalidDataset, match="to judge by"):
        evaluate_questions(identify(path), index, bench)


def test_a_set_that_fails_is_told_and_does_not_stop_the_others(data, bench):
    (data / "beir" / "corpus.jsonl").write_text("{", encoding="utf-8")
    written = []
    outcome = run_suite(find_sets(data), bench, data, written.append, quiet=True)
    assert [result.name for result in outcome.results] == ["excerpts", "squad.json"]
    assert not outcome.sound
    assert re.search(
        r"beir could not be evaluated: .*corpus\.jsonl, line 1 is not", outcome.errors[0]
    )
    assert any("## squad.json (SQuAD)" in line for line in written)


def test_a_citation_that_does_not_verify_makes_the_outcome_unsound(data, bench, monkeypatch):
    sets = [identify(data / "squad.json")]
    assert run_suite(sets, bench, data, [].append, quiet=True).sound
    import service.evaluation.asking as asking

    monkeypatch.setattr(asking, "faults", lambda *_: ["wrong"])
    outcome = run_suite(sets, bench, data, [].append, quiet=True)
    assert not outcome.sound
    assert outcome.results[0].verified.share == 0


def test_a_cached_index_gives_the_same_figures_and_the_same_snapshot(data, bench, tmp_path):
    cached = Bench(encoder=bench.encoder, build=bench.build, cache=tmp_path / "cache")
    sets = [identify(data / "beir")]
    first = results_json(run_suite(sets, cached, data, [].append, quiet=True), "x")
    again = results_json(run_suite(sets, cached, data, [].append, quiet=True), "x")
    assert first == again
    assert (tmp_path / "cache" / "beir").is_dir()


def test_a_run_compares_itself_with_the_file_of_an_earlier_one(data, bench, tmp_path):
    sets = [identify(data / "excerpts")]
    outcome = run_suite(sets, bench, data, [].append, quiet=True)
    path = tmp_path / "earlier.json"
    path.write_text(json.dumps(results_json(outcome, "x"), allow_nan=False), encoding="utf-8")
    written = []
    run_suite(sets, bench, data, written.append, read_results(path), quiet=True)
    assert "against the earlier run, over 1 common queries" in written
    with pytest.raises(InvalidDataset, match="is no results file"):
        read_results(data / "squad.json")


def test_the_limit_caps_the_questions_of_every_layout(data, bench):
    limited = Bench(encoder=bench.encoder, limit=1)
    assert evaluate_set(identify(data / "beir"), limited).counts["queries"] == 1
    assert evaluate_set(identify(data / "excerpts"), limited).counts == {"questions": 1}
