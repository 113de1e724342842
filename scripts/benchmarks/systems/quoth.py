"""Quoth itself, with its defaults: passages with citations, found alone or read as well."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from benchmarks.systems.contract import Ask, Build, Given
from index.encoders import load_encoder
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question


def builder(model: Path, given: Given, folder: Path) -> Build:  # noqa: ARG001 the packaged one
    # Only a build imports what builds: starts are measured too.
    from benchmarks.corpus import write_documents
    from index.build import build

    encoder = load_encoder()
    documents, index_folder = folder / "documents", folder / "index"
    write_documents(given.ids, given.texts, documents)
    return lambda: build([documents], index_folder, encoder)


def asker(model: Path, folder: Path) -> Ask:  # noqa: ARG001 the packaged one
    encoder = load_encoder()
    snapshot = Snapshot.open(folder)
    opened = OpenSnapshot(snapshot, Retriever(snapshot, encoder))
    return lambda question, count: _found(question, count, opened)


def reading_asker(model: Path, folder: Path) -> Ask:  # noqa: ARG001 the packaged one
    from service.reader import open_reader

    encoder, reader = load_encoder(), open_reader(None)
    snapshot = Snapshot.open(folder)
    opened = OpenSnapshot(snapshot, Retriever(snapshot, encoder), reader)
    return lambda question, count: _found(question, count, opened)


def _found(question: str, count: int, opened: OpenSnapshot) -> list[str]:
    asked = perf_counter()
    vector = opened.retriever.encoder.encode_queries([question])[0]
    encoded = EncodedQuestion(Question(question, count), vector, asked, perf_counter())
    reply = answer_question(encoded, opened, "benchmark")
    return [passage.citation.document.uri.removesuffix(".txt") for passage in reply.passages]
