"""Passages of a reply: the answer lies in the evidence, the evidence in the passage, all cited."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import build
from index.records import Span
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.errors import CitationMismatch
from service.evaluation.verification import faults
from service.passages import RELEVANT, ShownHit, cited_passages

QUESTION = "how many American soldiers were sent to Poland?"


@pytest.fixture(scope="module")
def shown(seed_index, encoder):
    """The snapshot, the question's vector, and all its passages as hits."""
    snapshot = Snapshot.open(seed_index)
    (vector,) = encoder.encode_queries([QUESTION])
    return snapshot, vector, Retriever(snapshot, encoder).rank(QUESTION, vector, 50)


def texts(snapshot, hits) -> list[str]:
    stored = [snapshot.passage(hit.row) for hit in hits]
    return [passage.span.of(snapshot.text(passage.document_row)) for passage in stored]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_answer_lies_in_its_evidence_wherever_it_stands(shown, data):
    """Any stretch of any passage: its words at their place, in evidence of whole sentences."""
    snapshot, vector, hits = shown
    at = data.draw(st.integers(0, len(hits) - 1))
    text = texts(snapshot, hits)[at]
    start = data.draw(st.integers(0, len(text) - 1))
    answer = Span(start, data.draw(st.integers(start + 1, len(text))))
    passages = cited_passages(
        snapshot,
        vector,
        [ShownHit(hit, 0.5, answer if place == at else None) for place, hit in enumerate(hits)],
    )
    evidence, marked = passages[at].highlights
    assert (evidence.kind, marked.kind) == ("evidence", "answer")
    assert passages[at].text[marked.start : marked.end] == answer.of(text)
    assert 0 <= evidence.start <= marked.start < marked.end <= evidence.end <= len(text)
    citation = passages[at].citation
    stored = snapshot.passage(hits[at].row)
    assert citation.quote.exact == text[evidence.start : evidence.end]
    assert citation.span.start in {sentence.start for sentence in stored.sentences}
    assert citation.span.end in {sentence.end for sentence in stored.sentences}
    whole = snapshot.text(stored.document_row)
    for passage in passages:
        row = snapshot.document_row(passage.citation.document.doc_id)
        assert faults(passage.citation.model_dump(mode="json"), snapshot.text(row)) == []
    begin = passages[at].span.start
    assert whole[begin + marked.start : begin + marked.end] == answer.of(text)


def test_another_passage_is_cited_as_without_an_answer(shown):
    """Only the passage that gives the answer changes; the rest is what retrieval alone shows."""
    snapshot, vector, hits = shown
    plain = cited_passages(snapshot, vector, [ShownHit(hit) for hit in hits])
    told = cited_passages(
        snapshot,
        vector,
        [ShownHit(hit, None, Span(0, 3) if at == 1 else None) for at, hit in enumerate(hits)],
    )
    assert [a == b for a, b in zip(plain, told, strict=True)] == [
        at != 1 for at in range(len(hits))
    ]


def test_beside_an_answer_what_is_hardly_relevant_is_no_evidence(shown):
    """As cited without an answer, but only related from just below the bar on; what was not read
    is cited as words and meaning say, and so is all where nothing answers.
    """
    snapshot, vector, hits = shown

    def first(relevance, answer=Span(0, 3)):
        told = [ShownHit(hits[0], relevance), ShownHit(hits[1], 0.5, answer)]
        cited, answering = cited_passages(snapshot, vector, told)
        assert answering.highlights[0].kind == ("evidence" if answer else "related")
        return cited.highlights[0].kind, cited.citation.span

    kind, span = first(None)
    assert kind == "evidence"
    assert first(RELEVANT) == ("evidence", span)
    assert first(RELEVANT - 0.001) == ("related", span)
    assert first(0.0, answer=None) == ("evidence", span)


def test_where_nothing_answers_nothing_is_evidence(shown):
    """The same sentences are cited, and all of them are only related."""
    snapshot, vector, hits = shown
    hits = [ShownHit(hit) for hit in hits]
    plain = cited_passages(snapshot, vector, hits)
    told = cited_passages(snapshot, vector, hits, abstained=True)
    assert {mark.kind for passage in told for mark in passage.highlights} == {"related"}
    assert [passage.citation for passage in told] == [passage.citation for passage in plain]
    assert plain[0].highlights[0].kind == "evidence"


@pytest.mark.parametrize("span", [Span(5, 5), Span(0, 100_000), Span(100_000, 100_001)])
def test_an_answer_outside_its_passage_is_withheld(shown, span):
    """An empty one, one that runs over the end, and one beyond it."""
    snapshot, vector, hits = shown
    with pytest.raises(CitationMismatch, match="an answer in passage"):
        cited_passages(snapshot, vector, [ShownHit(hits[0], 0.5, span)])


def test_what_only_names_columns_is_no_evidence(tmp_path, encoder):
    """Though it holds the words of the question: the row below it tells."""
    table = "Plan | Monthly price\n\nGold | €210\n\nSilver | €90\n\nTin | €7\n"
    (tmp_path / "prices.txt").write_text(table, encoding="utf-8")
    build([tmp_path], tmp_path / "index", encoder)
    question = "monthly price of the gold plan"
    (vector,) = encoder.encode_queries([question])
    snapshot = Snapshot.open(tmp_path / "index")
    hits = Retriever(snapshot, encoder).rank(question, vector, 1)
    (passage,) = cited_passages(snapshot, vector, [ShownHit(hits[0])])
    assert passage.citation.quote.exact == "Gold | €210"
