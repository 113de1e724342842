"""Drafts over documents: exact, fair, repeatable; and unanswerable ones that truly are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index.documents import read_document
from index.documents.folder import Source, walk
from service.drafting.drafts import draft
from service.evaluation.questions import load_questions

ROOT = Path(__file__).resolve().parents[3]
TALKS = """# Talks

On Monday, President Macron held talks in Moscow. The talks went on for five hours.

Germany has raised its troop numbers in Lithuania. The Pentagon was built in 1943.

Chancellor Scholz welcomed the envoys with a long speech. Spain and Portugal raised their taxes.
"""


@pytest.fixture
def documents(tmp_path):
    """Two texts of our own and the seeds."""
    (tmp_path / "talks.md").write_text(TALKS, encoding="utf-8")
    (tmp_path / "lease.txt").write_text(
        "The lease of the workshop ends on 30 April\n2027. The landlord pays the heating.",
        encoding="utf-8",
    )
    sources, _ = walk([tmp_path])
    seeds, _ = walk([ROOT / "seeds"])
    return [read_document(source) for source in (*sources, *seeds)]


def test_every_span_holds_its_answer(documents):
    """In the canonical text, a line end within being a space; the evidence is its sentence."""
    texts = {document.uri: document.text for document in documents}
    answered, _ = draft(documents, 100, 0, 0)
    assert {one.uri for one in answered} == set(texts)
    for one in answered:
        text = texts[one.uri]
        assert " ".join(one.answer.of(text).split()) == one.answers[0]
        assert one.sentence.start <= one.answer.start < one.answer.end <= one.sentence.end
        assert one.sentence.of(text).endswith(".")
    assert len({(one.uri, one.sentence) for one in answered}) == len(answered)


def test_the_same_seed_gives_the_same(documents):
    """Whatever else ran before; another seed gives others."""
    first, again, other = (draft(documents, 6, 4, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(first[0]) == 6


def test_documents_take_turns(documents):
    """Three questions of three documents, though one could give them all."""
    assert len({one.uri for one in draft(documents, 100, 0, 0)[0]}) == 3
    kinds = [one.kind for one in draft(documents, 4, 0, 0)[0]]
    assert len(set(kinds)) == 4


def test_no_paragraph_tells_of_an_exchanged_name(documents):
    """Looked for by hand: none holds the new name and half of the question's other long words."""
    _, absent = draft(documents, 0, 50, 3)
    exchanged = [one for one in absent if one.kind == "exchanged"]
    assert exchanged
    paragraphs = [p for document in documents for p in re.split(r"\n\s*\n", document.text)]
    for one in exchanged:
        new = re.search("became “(.+?)”", one.why).group(1)
        assert new in one.text
        rest = {w.lower()[:5] for w in re.findall(r"[^\W\d_]{4,}", one.text.replace(new, ""))}
        for paragraph in paragraphs:
            if re.search(rf"\b{new}\b", paragraph):
                held = {w.lower()[:5] for w in re.findall(r"[^\W\d_]{4,}", paragraph)}
                assert len(rest & held) < len(rest) / 2


def test_a_time_never_told_is_asked_for(documents):
    """Only where the paragraph holds neither figure nor any word for time."""
    undated = [one.text for one in draft(documents, 0, 50, 0)[1] if one.kind == "undated"]
    assert undated == [
        "When did Chancellor Scholz welcome the envoys with a long speech?",
        "When did Spain and Portugal raise their taxes?",
    ]


def test_lines_are_a_question_file(documents, tmp_path):
    """`quoth evaluate` reads them, each as a draft."""
    answered, absent = draft(documents, 20, 5, 0)
    lines = [one.to_json(f"{n}") for n, one in enumerate([*answered, *absent])]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    loaded = load_questions(path)
    assert all(question.draft for question in loaded)
    assert [q.answerable for q in loaded] == [True] * len(answered) + [False] * len(absent)
    assert [q.span for q in loaded[: len(answered)]] == [one.answer for one in answered]


def test_nothing_plain_gives_nothing(tmp_path):
    """A list of words, say."""
    (tmp_path / "list.txt").write_text("milk\n\nbread\n\nsalt\n", encoding="utf-8")
    assert draft([read_document(Source(tmp_path / "list.txt", "list.txt"))], 5, 5, 0) == ([], [])
