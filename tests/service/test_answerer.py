"""The question's road, without HTTP: hits become cited passages, and the clock is read honestly."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from word_reader import BY_MARGIN, WordReader, loaded, share

from index.errors import InvalidFilter
from index.filters import parse_filter
from index.records import Span
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import EncodedQuestion, OpenSnapshot, answer_question, read_question
from service.errors import CitationMismatch
from service.evaluation.verification import answer_faults, faults
from service.reader import retrieved_passages
from service.reading.calibration import Calibration, Judge
from service.reading.loading import ReadingSettings
from service.reading.records import Candidate

QUESTION = "how many US troops went to Poland?"
# By the words they share with the passage: 6 of 8, and 5 of 8.
STATED = "how many American soldiers were sent to Poland?"
UNSTATED = "how many Chinese soldiers were sent to Poland?"


@pytest.fixture(scope="module")
def opened(seed_index, encoder) -> OpenSnapshot:
    snapshot = Snapshot.open(seed_index)
    return OpenSnapshot(snapshot, Retriever(snapshot, encoder))


@pytest.fixture
def answer(opened, encoder):
    def ask(text: str, top_k: int = 5, wanted: object = None, opened=opened, read=True, **options):
        question = read_question(text, top_k, wanted, read)
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


@pytest.fixture
def reading(opened):
    """The snapshot with a reader of words that reads everything in time."""

    def open_with(reader=None, threshold=None, depth=10, budget_ms=60_000.0):
        settings = ReadingSettings(depth, budget_ms, threshold)
        return replace(opened, reader=loaded(reader), reading=settings)

    return open_with


def test_what_the_passages_state_is_answered(answer, reading):
    """6 of 8 words shared: .05 + .9 x .75 = .725, above .7; words, place and citation verify."""
    used = reading()
    reply = answer(STATED, opened=used)
    assert (reply.status, reply.abstention) == ("answered", None)
    assert reply.answer.text == "1,700"
    assert reply.answer.confidence == pytest.approx(0.725)
    assert (reply.answer.citation, reply.answer.also) == ("c1", [])
    told = reply.model_dump(mode="json")
    citations = [passage["citation"] for passage in told["passages"]]

    def text_of(uri):
        (row,) = [row for row, entry in enumerate(used.snapshot.documents) if entry.uri == uri]
        return used.snapshot.text(row)

    assert answer_faults(told["answer"], citations, text_of) == []
    first = reply.passages[0]
    evidence, marked = first.highlights
    assert (evidence.kind, marked.kind) == ("evidence", "answer")
    assert first.text[marked.start : marked.end] == "1,700"
    assert "1,700" in first.citation.quote.exact


def test_what_the_passages_do_not_state_is_not_answered(answer, reading):
    """5 of 8 words: .05 + .9 x .625 = .6125, below .7; the nearest are shown, as related."""
    reply = answer(UNSTATED, opened=reading())
    assert (reply.status, reply.answer) == ("abstained", None)
    assert (reply.abstention.reason, reply.abstention.threshold) == ("not_stated", 0.7)
    assert reply.abstention.best_confidence == pytest.approx(0.6125)
    kinds = {mark.kind for passage in reply.passages for mark in passage.highlights}
    assert kinds == {"related"}


def test_the_threshold_of_the_settings_wins(answer, reading):
    """Without one the calibration's holds; 0 answers whatever was read, 1 never."""
    assert answer(UNSTATED, opened=reading(threshold=0.61)).status == "answered"
    assert answer("zzz qqq", opened=reading(threshold=0.0)).status == "answered"
    told = answer(STATED, opened=reading(threshold=1.0))
    assert (told.status, told.abstention.threshold) == ("abstained", 1.0)


def test_passages_are_ordered_by_what_was_retrieved_and_read(answer, reading):
    """Fused score plus a twentieth of the reader's logit m, shown as 1/(1+e^-m)."""
    used, question = reading(), "tomatoes in March, how many?"
    hits = used.retriever.search(question, 50)
    scores = {}
    for hit, passage in zip(hits, retrieved_passages(used.snapshot, hits), strict=True):
        logit = 8 * share(question, passage.shown) - 4
        passage_id = used.snapshot.passage(hit.row).passage_id
        scores[passage_id] = (hit.fused + logit / 20, 1 / (1 + exp(-logit)))
    reply = answer(question, 3, opened=used)
    best = sorted(scores, key=lambda passage_id: -scores[passage_id][0])[:3]
    assert [passage.passage_id for passage in reply.passages] == best
    assert [passage.scores.relevance for passage in reply.passages] == pytest.approx(
        [scores[passage_id][1] for passage_id in best], abs=1e-6
    )


def test_what_the_time_did_not_allow_is_said(answer, reading):
    """Without any budget one passage of four is read; the rest follow as retrieved."""
    reader = WordReader()
    reply = answer(QUESTION, opened=reading(reader, budget_ms=0.0))
    assert (reply.reading.passages_read, reply.reading.complete) == (1, False)
    assert reply.reading.passages_to_read == len(reply.passages) == 4
    assert len(reader.read_passages) == 1
    unread = [passage.scores for passage in reply.passages if passage.scores.relevance is None]
    assert [scores.fused for scores in unread] == sorted(
        (scores.fused for scores in unread), reverse=True
    )
    assert len(unread) == 3


def test_more_is_read_than_is_shown(answer, reading):
    """One passage is asked for and all four are read; the answer comes from the one shown."""
    reply = answer(STATED, 1, opened=reading())
    assert reply.reading.passages_read == 4
    assert len(reply.passages) == 1
    assert reply.answer.citation == reply.passages[0].citation.id


def test_nothing_is_read_where_no_answer_is_asked_for(answer, reading):
    """The reply is the one that a service without a reader gives."""
    reader = WordReader()
    reply = answer(STATED, opened=reading(reader), read=False)
    plain = answer(STATED)
    assert reader.read_passages == []
    assert (reply.status, reply.reading, reply.timings_ms.read) == ("retrieved", None, 0)
    assert reply.passages == plain.passages


def test_nothing_to_read_is_a_reason(answer, reading):
    """A filter that leaves nothing, and a question that leaves no room."""
    none = {"op": "eq", "field": "author", "value": "Nobody"}
    reply = answer(STATED, 5, none, opened=reading())
    assert (reply.status, reply.abstention.reason) == ("abstained", "nothing_found")
    assert (reply.passages, reply.reading) == ([], None)
    assert reply.abstention.message.endswith("the filter may leave too little.")
    slip = {"op": "and", "filters": [none, {"op": "not", "filter": {**none, "field": "autor"}}]}
    assert "the field 'autor' that" in answer(STATED, 5, slip, opened=reading()).abstention.message
    long = answer(STATED, opened=reading(WordReader(longest=4)))
    assert (long.status, long.abstention.reason) == ("abstained", "question_too_long")
    assert (long.reading.passages_read, long.reading.passages_to_read) == (0, 4)
    plain = answer(STATED)
    assert [p.citation for p in long.passages] == [p.citation for p in plain.passages]


def test_a_filter_that_leaves_nothing_changes_no_threshold(answer, reading):
    """What would have been needed is told as ``/v1/index`` tells it: among all passages."""
    few = Judge(1.0, BY_MARGIN, ((0.0, 0.9),), threshold=0.8)
    many = Judge(4.0, BY_MARGIN, ((0.0, 0.2),), threshold=0.3)
    used = replace(reading(), reader=loaded(judges=(few, many)))
    nobody = {"op": "eq", "field": "author", "value": "Nobody"}
    told = answer(STATED, 5, nobody, opened=used).abstention
    assert (told.reason, told.threshold) == ("nothing_found", 0.3)


def test_the_same_words_elsewhere_are_named(answer, reading):
    """Two passages that hold the words asked for give one answer; both citations hold it."""

    class Water(WordReader):
        def _reading(self, question, passage):
            start = passage.text.find("water")
            spans = [Span(start, start + 5)] if start >= 0 else []
            candidates = tuple(Candidate(span, 0.9, 4.0) for span in spans)
            return replace(super()._reading(question, passage), candidates=candidates)

    reply = answer("what is needed?", opened=reading(Water(), threshold=0.5))
    assert (reply.status, reply.answer.text) == ("answered", "water")
    by_id = {passage.citation.id: passage for passage in reply.passages}
    holding = [name for name, passage in by_id.items() if "water" in passage.text]
    assert len(holding) == 2
    assert sorted([reply.answer.citation, *reply.answer.also]) == holding
    for name in holding:
        evidence, marked = by_id[name].highlights
        assert (evidence.kind, marked.kind) == ("evidence", "answer")
        assert by_id[name].text[marked.start : marked.end] == "water"
        assert "water" in by_id[name].citation.quote.exact


def test_a_place_that_no_passage_has_is_never_answered(answer, reading):
    """A reader that points beyond the passage fails the request."""

    class Beyond(WordReader):
        def _reading(self, question, passage):
            known = super()._reading(question, passage)
            (candidate,) = known.candidates
            span = Span(len(passage.text) - 1, len(passage.text) + 9)
            return replace(known, candidates=(replace(candidate, span=span),))

    with pytest.raises(CitationMismatch):
        answer(STATED, opened=reading(Beyond(), threshold=0.0))


def test_reading_has_a_time_of_its_own(answer, reading):
    """Begun at 2, searched at 2.5, read from 2.5 to 4.5, done at 5 seconds after asking at 1."""
    ticks = iter([2.0, 2.5, 2.5, 2.5, 2.5, 2.5, 4.5, 5.0])
    timings = answer(STATED, opened=reading(), clock=lambda: next(ticks)).timings_ms
    assert (timings.encode, timings.search, timings.read, timings.total) == (250, 500, 2000, 4000)


def test_who_judges_is_settled_by_how_many_passages_were_searched(answer, reading):
    """A filter leaves one of three documents: among its one passage the small judge's confidence
    and threshold hold, among all four those of the large one, whatever ``top_k`` is.
    """
    few = Judge(1.0, BY_MARGIN, ((0.0, 0.9),), threshold=0.8)
    many = Judge(4.0, BY_MARGIN, ((0.0, 0.2),), threshold=0.3)
    used = reading()
    assert used.snapshot.manifest.passages == 4
    used = replace(used, reader=loaded(judges=(few, many)))
    (row,) = {hit.row for hit in used.retriever.search(STATED, 1)}
    uri = used.snapshot.documents[used.snapshot.passage(row).document_row].uri
    wanted = {"op": "eq", "field": "uri", "value": uri}
    left = int(used.snapshot.allowed_rows(parse_filter(wanted)).sum())
    assert left < 4
    expected = Calibration("", BY_MARGIN, (few, many), 0, 0.0, "")
    for top_k in (1, 50):
        whole = answer(STATED, top_k, opened=used).abstention
        assert (whole.best_confidence, whole.threshold) == (pytest.approx(0.2), 0.3)
        told = answer(STATED, top_k, wanted, opened=used)
        sure = told.answer.confidence if told.answer else told.abstention.best_confidence
        assert sure == pytest.approx(expected.confidence(np.zeros((1, 9)), left)[0])
        barred = replace(used, reader=loaded(judges=(replace(few, threshold=0.95), many)))
        told = answer(STATED, top_k, wanted, opened=barred).abstention
        barred_at = replace(expected, judges=(replace(few, threshold=0.95), many)).threshold(left)
        assert told.threshold == pytest.approx(barred_at)
