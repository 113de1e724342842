"""SQuAD-format files."""

from __future__ import annotations

import json

import pytest

from service.evaluation.lines import InvalidDataset
from service.evaluation.squad import is_squad, load_squad


def question(query_id, text, *answers, **more):
    given = [{"text": answer, "answer_start": 0} for answer in answers]
    return {"id": query_id, "question": text, "answers": given, **more}


def write(folder, data):
    path = folder / "squad.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def squad(*paragraphs, title="Some_Title"):
    return {"data": [{"title": title, "paragraphs": list(paragraphs)}]}


SUN = {"context": "The sun\r\nshines.", "qas": [question("1", "what?", "sun", "sun", "The sun")]}
SUN_AGAIN = {"context": SUN["context"], "qas": [question("2", "does what?", "shines")]}
RAIN = {
    "context": "Rain falls.",
    "qas": [
        question("3", "who reigns?", is_impossible=True, plausible_answers=[]),
        question("4", "who knows?"),
        question("5", "what falls?", "Rain", is_impossible=False),
    ],
}


def test_paragraphs_are_documents(tmp_path):
    """Each distinct paragraph is one document, and the right one of its questions."""
    loaded = load_squad(write(tmp_path, squad(SUN, RAIN, SUN_AGAIN)))
    assert [(made.title, made.text) for made in loaded.documents] == [
        ("Some Title", "The sun\nshines."),
        ("Some Title", "Rain falls."),
    ]
    sun, rain = (made.uri for made in loaded.documents)
    assert loaded.qrels == {"1": {sun: 1}, "2": {sun: 1}, "5": {rain: 1}}
    assert loaded.queries[0].answers == ("sun", "The sun")


def test_unanswerable(tmp_path):
    """Unanswerable questions are kept apart."""
    loaded = load_squad(write(tmp_path, squad(RAIN)))
    assert [query.query_id for query in loaded.queries] == ["5"]
    assert [query.query_id for query in loaded.unanswerable] == ["3", "4"]


def test_no_title(tmp_path):
    """An article without title gives documents without."""
    path = write(tmp_path, {"data": [{"paragraphs": [SUN]}]})
    assert load_squad(path).documents[0].title == ""


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ([], "is not of the form"),
        ({"data": [{"title": "x"}]}, "is not of the form"),
        (squad({"context": 5, "qas": []}), "context is not a string"),
        (squad({"context": "x", "qas": [{"id": "7", "question": "?"}]}), "question '7': .*answers"),
        (squad(SUN, SUN), 'a second question with id "1"'),
        (squad(), "holds no paragraph"),
    ],
)
def test_another_layout(tmp_path, data, complaint):
    """Another layout is refused with the place."""
    with pytest.raises(InvalidDataset, match=complaint):
        load_squad(write(tmp_path, data))


def test_not_json(tmp_path):
    """A file that is not JSON is refused with the line."""
    path = tmp_path / "squad.json"
    path.write_text('{"data":\n [}', encoding="utf-8")
    with pytest.raises(InvalidDataset, match=r"squad\.json, line 2 is not JSON"):
        load_squad(path)


def test_is_squad(tmp_path):
    """A JSON file is taken for SQuAD by its outermost key."""
    assert is_squad(write(tmp_path, squad(SUN)))
    other = tmp_path / "other.json"
    other.write_text('{"sets": []}', encoding="utf-8")
    assert not is_squad(other)
