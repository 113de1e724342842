"""Replies of the service, read and checked."""

from __future__ import annotations

from index.build import build
from index.records import Span
from service.evaluation.replies import ask, reply_faults


def asked(bench, data, tmp_path):
    build([data / "excerpts" / "corpora"], tmp_path / "index", bench.encoder, bench.build)
    opened = bench.open(tmp_path / "index")
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
