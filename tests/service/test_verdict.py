"""Answer or none: where the line is drawn, what is said, and that no wrong word passes."""

from __future__ import annotations

import pytest

from index.records import Span
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.errors import CitationMismatch
from service.passages import ShownHit, cited_passages
from service.reader import Findings
from service.reading.conclusion import Found
from service.verdict import abstention, answer_places, cited_answer, reading_model

FIVE = Span(2, 7)


def findings(confidence: float | None = 0.6, also=(), **changed) -> Findings:
    """Hits 2 and 0 are shown, in this order; the answer is in hit 0."""
    best = None if confidence is None else Found(0, FIVE, "words", confidence, also)
    fields = {"order": (2, 0), "relevance": (0.1, None, 0.9), "read": 3, "to_read": 3}
    return Findings(**{**fields, "best": best, **changed})


def test_an_answer_is_given_from_the_threshold_on():
    """At it, above it; below it, or without one, there is no place to mark."""
    assert answer_places(findings(0.6), 0.6) == {1: FIVE}
    assert answer_places(findings(0.61), 0.6) == {1: FIVE}
    assert answer_places(findings(0.59), 0.6) == {}
    assert answer_places(findings(None), 0.0) == {}


def test_the_same_answer_is_marked_in_each_passage_shown_that_gives_it():
    """The one it is taken from first; a passage that is not shown has no place."""
    also = ((1, Span(0, 5)), (2, Span(4, 9)), (2, Span(20, 25)))
    assert list(answer_places(findings(also=also), 0.5).items()) == [(1, FIVE), (0, Span(4, 9))]


@pytest.mark.parametrize(
    ("found", "reason", "best", "words"),
    [
        (findings(0.496), "not_stated", 0.496, ["3 nearest passages", "49 %", "50 %"]),
        (
            findings(0.2, read=1),
            "not_stated",
            0.2,
            ["in the one passage that could be read in time, of the 3 nearest, is"],
        ),
        (findings(0.2), "not_stated", 0.2, ["No answer in the 3 nearest passages is"]),
        (
            findings(0.2, order=(1, 2, 0), relevance=(0.1, 0.2, 0.9)),
            "not_stated",
            0.2,
            ["No answer in the 3 nearest passages is"],
        ),
        (
            findings(0.2, order=(0,), read=2),
            "not_stated",
            0.2,
            ["in the 2 passages that could be read in time, of the 3 nearest, is"],
        ),
        (
            findings(None, read=1, to_read=1),
            "not_stated",
            0,
            ["the nearest passage is"],
        ),
        (findings(None, order=(), read=0, to_read=0), "nothing_found", 0, ["No passage matches"]),
        (findings(None, too_long=True, read=0), "question_too_long", 0, ["too long to be read"]),
    ],
)
def test_each_reason_is_one_sentence(found, reason, best, words):
    """It says how sure the best was and what is needed, and how much was read."""
    told = abstention(found, 0.4999, "why?")
    assert (told.reason, told.best_confidence, told.threshold) == (reason, best, 0.4999)
    assert told.message.endswith(".")
    assert told.message.count(". ") == 0
    for word in words:
        assert word in told.message


def test_fields_that_no_document_has_are_named():
    """Else nothing would tell a slip of the pen from a filter that leaves nothing."""
    nothing = findings(None, order=(), read=0, to_read=0)
    one = abstention(nothing, 0.5, "why?", ["langauge"]).message
    assert one.endswith("no document has the field 'langauge' that the filter asks for.")
    two = abstention(nothing, 0.5, "why?", ["autor", "langauge"]).message
    assert two.endswith("no document has the fields 'autor', 'langauge' that the filter asks for.")


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("???", "; the question holds no word."),
        ("😀 🦉", "; the question holds no word."),
        ("Когда закрылась мельница?", "; the question is not in English, which"),
        ("磨坊什么时候关门？", "; the question is not in English, which"),
        ("when did the mill close?", "is needed."),
        ("Wann schloss die Mühle?", "is needed."),
        ("когда закрылась Tidewheel?", "is needed."),
        ("1872?", "is needed."),
    ],
)
def test_a_question_that_cannot_be_english_is_told_so(question, hint):
    """What may be in English, or name something that is written so, gets no hint."""
    told = abstention(findings(0.2), 0.5, question).message
    assert hint in told
    assert told.endswith(".")
    assert told.count(". ") == 0


@pytest.mark.parametrize("percent", [7, 14, 29, 55, 57, 58])
def test_whole_percents_are_told_as_they_are(percent):
    """Though 100 * .55 is 55.00000000000001 and 100 * .29 is 28.999999999999996."""
    told = abstention(findings(percent / 100), percent / 100, "why?")
    assert f"confidence of {percent} %, and {percent} % is needed" in told.message


def test_what_was_not_read_is_said():
    """Both counts, and whether they are the same; nothing where nothing was to be read."""
    told = reading_model(findings(read=2))
    assert (told.passages_read, told.passages_to_read, told.complete) == (2, 3, False)
    assert reading_model(findings()).complete is True
    assert reading_model(findings(None, order=(), read=0, to_read=0)) is None


@pytest.fixture(scope="module")
def cited(seed_index, encoder):
    """One passage, its first sentence holding an answer of five characters from the third on."""
    snapshot, question = Snapshot.open(seed_index), "how is bread baked?"
    (vector,) = encoder.encode_queries([question])
    hits = Retriever(snapshot, encoder).rank(question, vector, 2)
    shown = [ShownHit(hits[0], 0.5), ShownHit(hits[1], 0.5, FIVE)]
    return snapshot, cited_passages(snapshot, vector, shown)


def test_an_answer_names_its_place_and_its_citation(cited):
    """Its span counts in the whole text, where its words stand; the other passage is named too."""
    snapshot, passages = cited
    words = FIVE.of(passages[1].text)
    best = Found(0, FIVE, words, 0.6, ())
    text = snapshot.text(snapshot.document_row(passages[1].citation.document.doc_id))
    told = cited_answer(findings(best=best), {1: FIVE, 0: Span(0, 5)}, passages, text)
    assert text[told.span.start : told.span.end] == words == told.text
    assert told.span.start == passages[1].span.start + 2
    assert (told.citation, told.also, told.confidence) == ("c2", ["c1"], 0.6)


@pytest.mark.parametrize(
    ("best", "fault"),
    [
        (Found(0, FIVE, "wrong", 0.6, ()), "not what stands"),
        (Found(0, Span(2, 2), "", 0.6, ()), "empty"),
        (Found(0, Span(2, 9_999), "words", 0.6, ()), "outside its citation"),
    ],
)
def test_an_answer_that_does_not_match_is_withheld(cited, best, fault):
    """Other words, none, or a place outside the evidence: it fails rather than answer wrongly."""
    snapshot, passages = cited
    text = snapshot.text(snapshot.document_row(passages[1].citation.document.doc_id))
    with pytest.raises(CitationMismatch, match=fault):
        cited_answer(findings(best=best), {1: best.span}, passages, text)
