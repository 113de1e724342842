"""The BEIR layout."""

from __future__ import annotations

import json

import pytest

from service.evaluation.beir import load_beir, read_qrels
from service.evaluation.lines import InvalidDataset

CORPUS = [
    {"_id": "d1", "title": "Sun", "text": "It shines.\n\nAll day."},
    {"_id": "d2", "title": "", "text": "Rain falls."},
    {"_id": "d3", "title": "Only a title", "text": ""},
    {"_id": "d4", "title": " ", "text": "\n"},
]
QUERIES = [
    {"_id": "q1", "text": "what shines?"},
    {"_id": "q2", "text": "who reigns?", "answerable": False},
    {"_id": "q3", "text": "what falls?", "answers": ["Rain"]},
    {"_id": "q4", "text": "in another split"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq3\td2\t1\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "qrels").mkdir()
    for name, records in (("corpus", CORPUS), ("queries", QUERIES)):
        lines = "\n".join(json.dumps(record) for record in records)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


def test_documents_of_a_corpus(folder):
    """Documents keep their id and title; one with neither title nor text is left out."""
    loaded = load_beir(folder)
    assert [(made.uri, made.title, made.text) for made in loaded.documents] == [
        ("d1", "Sun", "It shines.\n\nAll day."),
        ("d2", "", "Rain falls."),
        ("d3", "Only a title", "Only a title"),
    ]
    assert [block.span.of(loaded.documents[0].text) for block in loaded.documents[0].blocks] == [
        "It shines.",
        "All day.",
    ]


def test_queries_of_a_split(folder):
    """Judged queries come with what is relevant to them, unanswerable ones stand apart."""
    loaded = load_beir(folder)
    assert [(query.query_id, query.answers) for query in loaded.queries] == [
        ("q1", ()),
        ("q3", ("Rain",)),
    ]
    assert loaded.qrels == {"q1": {"d1": 2}, "q3": {"d2": 1}}
    assert [query.query_id for query in loaded.unanswerable] == ["q2"]


def test_choice_of_split(folder):
    """The test split is measured unless another is named."""
    (folder / "qrels" / "dev.tsv").write_text("q4\td1\t1\n", encoding="utf-8")
    assert [query.query_id for query in load_beir(folder).queries] == ["q1", "q3"]
    assert [query.query_id for query in load_beir(folder, "dev").queries] == ["q4"]


def test_missing_split(folder):
    """A split that is not there is named in the error."""
    with pytest.raises(InvalidDataset, match=r"train\.tsv cannot be read"):
        load_beir(folder, "train")


def test_query_without_text(folder):
    """A judged query that queries.jsonl lacks is named."""
    (folder / "qrels" / "test.tsv").write_text("q9\td1\t1\n", encoding="utf-8")
    with pytest.raises(InvalidDataset, match='judged query "q9" is not in queries'):
        load_beir(folder)


def test_repeated_document(folder):
    """A second document of the same id is refused, with its line."""
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write('\n{"_id": "d1", "text": "again"}')
    with pytest.raises(InvalidDataset, match=r'corpus\.jsonl, line 5: a second .* "d1"'):
        load_beir(folder)


@pytest.mark.parametrize("line", ["q1\td1", "q1\td1\thigh", "q1 d1 1"])
def test_malformed_judgement(tmp_path, line):
    """A malformed judgement is named with its line."""
    path = tmp_path / "test.tsv"
    path.write_text(f"query-id\tcorpus-id\tscore\n{line}\n", encoding="utf-8")
    with pytest.raises(InvalidDataset, match=r"test\.tsv, line 2: expected query-id"):
        read_qrels(path)


def test_nothing_relevant(tmp_path):
    """Judgements without one relevant document measure nothing and are refused."""
    path = tmp_path / "test.tsv"
    path.write_text("q1\td1\t0\n", encoding="utf-8")
    with pytest.raises(InvalidDataset, match="judges no document relevant"):
        read_qrels(path)
