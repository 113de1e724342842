"""One data set's whole road: load, index, rank and ask, measure."""

from __future__ import annotations

from pathlib import Path

from index.build import build, build_documents
from service.evaluation.beir import load_beir
from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet, Layout
from service.evaluation.datasets import RetrievalSet, sample
from service.evaluation.excerpts import load_excerpts
from service.evaluation.lines import InvalidDataset
from service.evaluation.panels import (
    answer_panel,
    coverage_panel,
    question_panel,
    ranking_panel,
    unanswerable_counts,
)
from service.evaluation.questions import gold_fault, judge, load_questions
from service.evaluation.ranking import rankings
from service.evaluation.results import SetResult
from service.evaluation.squad import load_squad


def evaluate_set(found: FoundSet, bench: Bench) -> SetResult:
    """Any set of the catalogue, by its layout. Raises InvalidDataset, naming file and line."""
    if found.layout is Layout.EXCERPTS:
        return evaluate_excerpts(found, bench)
    if found.layout is Layout.SQUAD:
        return evaluate_retrieval(found, load_squad(found.path), bench)
    return evaluate_retrieval(found, load_beir(found.path, bench.split), bench)


def evaluate_retrieval(found: FoundSet, loaded: RetrievalSet, bench: Bench) -> SetResult:
    """Documents ranked by dense, BM25 and hybrid, and every query asked of the service.

    For SQuAD files also whether the right paragraph's passages, and the evidence cited from
    them, hold a gold answer. Unanswerable queries are asked too and counted apart.
    """
    chosen = loaded.limited(bench.limit)
    questions = [query.text for query in (*chosen.queries, *chosen.unanswerable)]
    texts = {document.uri: document.text for document in chosen.documents}
    with bench.index_folder(found.name) as folder:
        build_documents(chosen.documents, folder, bench.encoder, bench.build, bench.progress)
        opened = bench.open(folder)
        vectors = bench.encode(questions)
        judged = len(chosen.queries)
        ranked = rankings(
            opened.snapshot, opened.retriever, chosen.queries, vectors[:judged], bench.progress
        )
        replies, verified = bench.ask_all(opened, questions, vectors, texts.__getitem__)
    panels = [ranking_panel(chosen.qrels, ranked)]
    if found.layout is Layout.SQUAD:
        panels.append(answer_panel(chosen, replies[:judged], bench.top_k))
    return SetResult(
        name=found.name,
        layout=str(found.layout),
        setting=bench.setting(opened.snapshot),
        panels=tuple(panels),
        verified=verified,
        counts={"queries": judged} | unanswerable_counts(replies[judged:]),
    )


def evaluate_excerpts(found: FoundSet, bench: Bench) -> SetResult:
    """All corpus files in one index, read as any folder is; each question asked of it."""
    loaded = load_excerpts(found.path)
    questions = sample(loaded.questions, bench.limit)
    texts = [question.text for question in questions]
    with bench.index_folder(found.name) as folder:
        build([loaded.corpora], folder, bench.encoder, bench.build, bench.progress)
        opened = bench.open(folder)
        replies, verified = bench.ask_all(
            opened, texts, bench.encode(texts), loaded.texts.__getitem__
        )
    return SetResult(
        name=found.name,
        layout=str(found.layout),
        setting=bench.setting(opened.snapshot),
        panels=(coverage_panel(questions, replies),),
        verified=verified,
        counts={"questions": len(questions)},
    )


def evaluate_questions(found: FoundSet, index_folder: Path, bench: Bench) -> SetResult:
    """The user's own questions against an index that stands; raises as ``Snapshot.open`` does.

    Raises InvalidDataset where no question says what a right passage is.
    """
    questions = sample(load_questions(found.path), bench.limit)
    opened = bench.open(index_folder)
    snapshot = opened.snapshot
    rows = {entry.uri: row for row, entry in enumerate(snapshot.documents)}
    asked = [question.text for question in questions]
    replies, verified = bench.ask_all(
        opened, asked, bench.encode(asked), lambda uri: snapshot.text(rows[uri])
    )
    pairs = list(zip(questions, replies, strict=True))
    characters = {entry.uri: entry.characters for entry in snapshot.documents}
    judged = [question for question in questions if question.judged]
    verdicts = [
        gold_fault(question, characters) or judge(question, reply.passages)
        for question, reply in pairs
        if question.judged
    ]
    if not judged:
        told = '"answers", "span" or "evidence"'
        raise InvalidDataset(f"{found.path}: no question has {told} to judge by")
    return SetResult(
        name=found.name,
        layout=str(found.layout),
        setting=bench.setting(snapshot),
        panels=(question_panel(judged, verdicts, bench.top_k),),
        verified=verified,
        counts={"questions": len(questions), "judged": len(judged)}
        | unanswerable_counts([reply for question, reply in pairs if not question.answerable]),
        failures=tuple(
            f"{question.question_id} “{question.text}”: {verdict.reason}"
            for question, verdict in zip(judged, verdicts, strict=True)
            if verdict.reason
        ),
    )
