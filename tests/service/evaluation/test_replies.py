"""Replies of the service, read and checked."""

from __future__ import annotations

from index.build import build
from index.records import Span
from service.evaluation.replies import ask, reply_faults, verifiable


def asked(bench, data, tmp_path):
    build([data / "excerpts" / "corpora"], tmp_path / "index", bench.encoder, bench.build)
    opened = bench.open(tmp_path / "index", threshold=0.0)
    question = "where falls rain?"
    return ask(opened, question, bench.encode([question])[0], 5), opened.snapshot


def test_ask(bench, data, tmp_path):
    """A reply holds what the service returned, each span a slice of the stored text."""
    reply, snapshot = asked(bench, data, tmp_path)
    (passage,) = reply.passages
    text = snapshot.text(0)
    assert (reply.status, passage.uri) == ("retrieved", "wales.md")
    assert (passage.span, passage.span.of(text)) == (Span(0, 59), passage.text)
    assert passage.evidence.of(text) == passage.quote == "Rain falls in Wales all winter."


def test_reply_faults(bench, data, tmp_path):
    """Each citation that does not verify is one line with its question, rank and place."""
    reply, snapshot = asked(bench, data, tmp_path)
    assert reply_faults(reply, "where?", lambda _: snapshot.text(0)) == []
    (fault,) = reply_faults(reply, "where?", lambda _: "Other words.")
    assert fault.startswith("“where?”, rank 1, wales.md [0, 31): span does not slice")


def test_answer(reading_bench, data, tmp_path):
    """A reader's answer comes with its confidence; below a threshold it counts as withheld."""
    reply, snapshot = asked(reading_bench, data, tmp_path)
    assert (reply.status, reply.answer.text) == ("answered", "Wales")
    assert reply.confidence == reply.answer.confidence
    assert not reply.abstains(reply.confidence)
    assert reply.abstains(reply.confidence + 0.01)
    assert reply_faults(reply, "where?", lambda _: snapshot.text(0)) == []
    assert verifiable(reply) == 2
    _, fault = reply_faults(reply, "where?", lambda _: "Other words.")
    assert fault.startswith("“where?”, answer “Wales”: span does not slice to the answer")


def test_abstention(reading_bench, data, tmp_path):
    """Where it abstains, the reason and the best confidence are read."""
    build([data / "excerpts" / "corpora"], tmp_path / "index", reading_bench.encoder)
    opened = reading_bench.open(tmp_path / "index", threshold=1.0)
    reply = ask(opened, "where falls rain?", reading_bench.encode(["where falls rain?"])[0], 5)
    assert (reply.status, reply.answer, reply.reason) == ("abstained", None, "not_stated")
    assert 0 < reply.confidence < 1
    assert reply.abstains(0.0)
