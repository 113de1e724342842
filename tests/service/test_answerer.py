"""The question's road, without HTTP: hits become cited passages, and the clock is read honestly."""

from __future__ import annotations

import pytest

from index.errors import InvalidFilter
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import EncodedQuestion, OpenSnapshot, answer_question, read_question
from service.evaluation.verification import faults

QUESTION = "how many US troops went to Poland?"


@pytest.fixture(scope="module")
def opened(seed_index, encoder) -> OpenSnapshot:
    snapshot = Snapshot.open(seed_index)
    return OpenSnapshot(snapshot, Retriever(snapshot, encoder))


@pytest.fixture
def answer(opened, encoder):
    def ask(text: str, top_k: int = 5, wanted: object = None, **options):
        question = read_question(text, top_k, wanted, True)
        (vector,) = encoder.encode_queries([text])
        encoded = EncodedQuestion(question, vector, asked_at=1.0, encoded_at=1.25)
        return answer_question(encoded, opened, "r1", **options)

    return ask


def test_passages_are_the_retrievers_hits_in_its_order(answer, opened):
    """Same rows, same scores; nothing is ranked again above ``index/``."""
    reply = answer(QUESTION, 4)
    hits = opened.retriever.search(QUESTION, 4)
    assert len(hits) == 4
    for hit, passage in zip(hits, reply.passages, strict=True):
        assert passage.passage_id == opened.snapshot.passage(hit.row).passage_id
        scores = passage.scores
        assert (scores.dense, scores.lexical) == pytest.approx((hit.dense, hit.lexical), abs=1e-5)
        assert scores.fused == pytest.approx(hit.fused, abs=1e-5)


@pytest.mark.parametrize("text", [QUESTION, "bread", "zzz qqq", "?", "naïve 😀", "the " * 500])
def test_every_citation_is_whole_whatever_is_asked(answer, opened, text):
    """With shared terms, with none, and with nothing but signs."""
    for passage in answer(text, 50).passages:
        citation = passage.citation.model_dump(mode="json")
        row = opened.snapshot.document_row(citation["document"]["doc_id"])
        assert faults(citation, opened.snapshot.text(row)) == []


def test_evidence_is_whole_sentences_of_its_passage(answer, opened):
    """A citation starts where a sentence starts and ends where one ends."""
    hits = opened.retriever.search(QUESTION, 50)
    for hit, passage in zip(hits, answer(QUESTION, 50).passages, strict=True):
        sentences = opened.snapshot.passage(hit.row).sentences
        assert passage.citation.span.start in {sentence.start for sentence in sentences}
        assert passage.citation.span.end in {sentence.end for sentence in sentences}


def test_timings_are_differences_of_the_clock(answer):
    """Asked at 1, encoded at 1.25, work begun at 2, searched at 2.5, done at 4 seconds."""
    ticks = iter([2.0, 2.5, 4.0])
    timings = answer(QUESTION, clock=lambda: next(ticks)).timings_ms
    assert (timings.encode, timings.search, timings.read, timings.total) == (250, 500, 0, 3000)


def test_a_filter_that_matches_nothing_gives_no_passages(answer):
    """No passages is a reply, not an error."""
    reply = answer(QUESTION, 5, {"op": "eq", "field": "author", "value": "Nobody"})
    assert (reply.status, reply.passages) == ("retrieved", [])


def test_a_filter_outside_the_language_is_refused():
    """Before anything is encoded."""
    with pytest.raises(InvalidFilter):
        read_question(QUESTION, 5, {"op": "like"}, True)
