"""The chunking-evaluation layout."""

from __future__ import annotations

import json

import pytest

from index.records import Span
from service.evaluation.excerpts import load_excerpts
from service.evaluation.lines import InvalidDataset

TEXT = "# Wetter 😀\n\nThe sun shines. Rain falls."


def reference(text, content):
    start = text.index(content)
    return {"content": content, "start_index": start, "end_index": start + len(content)}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "weather.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def ask(folder, **fields):
    record = {"_id": "q", "text": "what?", "corpus_id": "weather", "references": []} | fields
    (folder / "questions.jsonl").write_text("\n" + json.dumps(record), encoding="utf-8")
    return load_excerpts(folder)


def test_evidence_ranges(folder):
    """Ranges are places of the corpus file, astral characters counted as one, in order."""
    given = [reference(TEXT, "Rain falls."), reference(TEXT, "The sun")]
    (question,) = ask(folder, references=given).questions
    assert question.uri == "weather.md"
    assert [span.of(TEXT) for span in question.evidence] == ["The sun", "Rain falls."]
    assert question.evidence[0] == Span(12, 19)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"corpus_id": "news"}, "there is no corpora/news.md"),
        ({"references": []}, '"references" must be a list that is not empty'),
        ({"references": [{"content": "x"}]}, "a reference needs"),
        (
            {"references": [{"content": "sun", "start_index": 0, "end_index": 3}]},
            r"\[0, 3\) of corpora/weather.md is not the reference's content",
        ),
        (
            {"references": [{"content": "", "start_index": 5, "end_index": 3}]},
            "a reference needs",
        ),
    ],
)
def test_ill_fitting_question(folder, fields, complaint):
    """A question that does not fit its corpus is named with its line."""
    with pytest.raises(InvalidDataset, match=rf"questions\.jsonl, line 2: .*{complaint}"):
        ask(folder, **fields)


def test_no_questions(folder):
    """A file without questions is refused."""
    (folder / "questions.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(InvalidDataset, match="holds no question"):
        load_excerpts(folder)
