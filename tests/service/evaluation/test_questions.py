"""The user's own questions and what becomes of them."""

from __future__ import annotations

import json

import pytest

from index.records import Span
from service.evaluation.lines import InvalidDataset
from service.evaluation.questions import (
    OwnQuestion,
    Verdict,
    gold_fault,
    is_right,
    judge,
    load_questions,
)
from service.evaluation.replies import CitedPassage

TEXT = "Rain fell. About 1,700 soldiers went. Snow fell. The 1,700 came back."
#       0          11                          38         49


def passage(start, end, evidence=None, uri="drills.md"):
    """A passage of TEXT citing ``evidence``, or itself."""
    cited = Span(*(evidence or (start, end)))
    span = Span(start, end)
    return CitedPassage(uri, span.of(TEXT), span, cited, cited.of(TEXT), {}, True)


GOLD = OwnQuestion(
    "a1", "how many?", True, ("1,700",), "drills.md", Span(17, 22), (Span(11, 37), Span(49, 69))
)


def write(folder, *records):
    path = folder / "questions.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_question_alone(tmp_path):
    """Only the question itself is required."""
    (question,) = load_questions(write(tmp_path, {"question": " what? "}))
    assert (question.text, question.question_id) == ("what?", "line 1")
    assert not question.judged


def test_all_fields(tmp_path):
    """All fields are read, and other evidence follows the first."""
    record = {
        "id": "a1",
        "question": "how many?",
        "answerable": True,
        "answers": ["1,700"],
        "uri": "drills.md",
        "span": {"start": 17, "end": 22},
        "evidence": {"start": 11, "end": 37},
        "also": [{"start": 49, "end": 69}],
    }
    (question,) = load_questions(write(tmp_path, record))
    assert question == GOLD


def test_span_for_evidence(tmp_path):
    """The answer's span stands in for evidence that is not given."""
    record = {"question": "?", "uri": "a", "span": {"start": 1, "end": 2}}
    (question,) = load_questions(write(tmp_path, record))
    assert question.evidence == (Span(1, 2),)
    assert question.judged


def test_unanswerable(tmp_path):
    """A question marked unanswerable is not judged."""
    (question,) = load_questions(write(tmp_path, {"question": "?", "answerable": False}))
    assert not question.judged


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({}, 'field "question" must be a string'),
        ({"question": "  "}, 'field "question" is blank'),
        ({"question": "?", "answerable": "yes"}, 'field "answerable" must be true or false'),
        ({"question": "?", "answers": "1"}, 'field "answers" must be a list of strings'),
        ({"question": "?", "span": {"start": 1, "end": 2}}, 'a span needs the "uri"'),
        ({"question": "?", "uri": "a", "span": {"start": 2, "end": 2}}, 'field "span" must be'),
        ({"question": "?", "uri": "a", "span": {"start": -1, "end": 2}}, 'field "span" must be'),
        ({"question": "?", "uri": "a", "span": [1, 2]}, 'field "span" must be'),
        ({"question": "?", "uri": "a", "evidence": {"start": 1}}, 'field "evidence" must be'),
        ({"question": "?", "uri": "a", "also": {"start": 1}}, 'field "also" must be a list'),
        ({"question": "?", "id": "first"}, 'a second question with id "first"'),
    ],
)
def test_malformed_line(tmp_path, record, complaint):
    """A malformed line is refused, naming file and line."""
    path = write(tmp_path, {"id": "first", "question": "what?"}, record)
    with pytest.raises(InvalidDataset) as caught:
        load_questions(path)
    assert f"{path}, line 2: {complaint}" in str(caught.value)


def test_no_questions(tmp_path):
    """A file without questions is refused."""
    with pytest.raises(InvalidDataset, match="holds no question"):
        load_questions(write(tmp_path))


def test_right_by_place():
    """A right passage overlaps the evidence, in its own document."""
    assert is_right(GOLD, passage(30, 48))
    assert is_right(GOLD, passage(60, 69))
    assert not is_right(GOLD, passage(0, 11))
    assert not is_right(GOLD, passage(37, 49))
    assert not is_right(GOLD, passage(11, 37, uri="other.md"))


def test_right_by_answer():
    """With answers alone, a right passage holds one of them."""
    question = OwnQuestion("a", "?", True, ("about 1,700",))
    assert is_right(question, passage(11, 37, uri="anything.md"))
    assert not is_right(question, passage(49, 69))


def test_success():
    """The right passage first and well cited leaves nothing to say."""
    assert judge(GOLD, [passage(0, 37, evidence=(11, 37))]) == Verdict(1, True, "")


def test_not_retrieved():
    """A passage that never came is told as not retrieved."""
    verdict = judge(GOLD, [passage(0, 10), passage(38, 48)])
    assert verdict == Verdict(None, False, "not retrieved among the first 2")


def test_not_first():
    """A passage that came second is told with what came before it."""
    verdict = judge(GOLD, [passage(0, 10), passage(11, 48)])
    assert (verdict.rank, verdict.evidence) == (2, True)
    assert verdict.reason == "retrieved at rank 2, not first; first came drills.md [0, 10)"


def test_evidence_misses():
    """Evidence beside the answer misses it, though the passage is right."""
    verdict = judge(GOLD, [passage(0, 37, evidence=(0, 10))])
    assert verdict == Verdict(1, False, "evidence misses the answer: “Rain fell.”")


def test_other_evidence():
    """In other evidence the words of an answer count, for its span is elsewhere."""
    assert judge(GOLD, [passage(38, 69, evidence=(49, 69))]).evidence
    assert not judge(GOLD, [passage(38, 69, evidence=(38, 48))]).evidence


def test_no_answers():
    """Without answers, what is cited must touch the evidence given."""
    question = OwnQuestion("a", "?", True, (), "drills.md", None, (Span(11, 37),))
    assert judge(question, [passage(0, 37, evidence=(11, 37))]).evidence
    assert not judge(question, [passage(0, 37, evidence=(0, 10))]).evidence


def test_no_answers_other_evidence():
    """Without answers, other evidence counts where the citation touches it."""
    question = OwnQuestion(
        "a", "?", True, (), "drills.md", Span(17, 22), (Span(11, 37), Span(49, 69))
    )
    assert judge(question, [passage(38, 69, evidence=(49, 69))]).evidence
    assert not judge(question, [passage(11, 37, evidence=(23, 37))]).evidence


def test_document_not_indexed():
    """A question on a document that is not indexed says so."""
    assert gold_fault(GOLD, {"drills.md": 69}) is None
    reason = gold_fault(GOLD, {"other.md": 69}).reason
    assert reason == "the index holds no document drills.md"
    assert gold_fault(OwnQuestion("a", "?", True, ("x",)), {}) is None


def test_span_beyond_document():
    """A span beyond the end of its document says so."""
    assert (
        "ends at 69, but drills.md has 60 characters" in gold_fault(GOLD, {"drills.md": 60}).reason
    )
