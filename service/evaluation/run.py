"""One data set's whole road: load, index, rank and ask, measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.build import build, build_documents
from index.progress import by_documents
from service.answerer import OpenSnapshot
from service.evaluation.beir import load_beir
from service.evaluation.bench import Bench
from service.evaluation.catalogue import FoundSet, Layout
from service.evaluation.datasets import RetrievalSet, sample
from service.evaluation.excerpts import load_excerpts
from service.evaluation.panels import (
    answer_panel,
    coverage_panel,
    ranking_panel,
    unanswerable_counts,
)
from service.evaluation.ranking import rankings
from service.evaluation.reading import ReadQuestion, read_question, reading_figures
from service.evaluation.reading_panel import reading_panel
from service.evaluation.replies import Reply
from service.evaluation.results import Panel, SetResult, Verified
from service.evaluation.squad import load_squad

# What is asked so gives its best answer, however unsure.
ALWAYS = 0.0


def evaluate_set(found: FoundSet, bench: Bench) -> SetResult:
    """Any set of the catalogue, by its layout. Raises InvalidDataset, naming file and line."""
    if found.layout is Layout.EXCERPTS:
        return evaluate_excerpts(found, bench)
    if found.layout is Layout.SQUAD:
        return evaluate_retrieval(found, load_squad(found.path), bench)
    return evaluate_retrieval(found, load_beir(found.path, bench.split), bench)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A set's queries after they were asked: replies to the answerable ones come first."""

    opened: OpenSnapshot
    ranked: dict[str, dict[str, list[str]]]
    replies: list[Reply]
    verified: Verified


def evaluate_retrieval(found: FoundSet, loaded: RetrievalSet, bench: Bench) -> SetResult:
    """Documents ranked by dense, BM25, hybrid and reader, and every query asked of the service.

    For SQuAD files also whether the right paragraph's passages, and the evidence cited from
    them, hold a gold answer, and how good the answers are. Unanswerable queries are asked too.
    """
    chosen = loaded.limited(bench.limit)
    judged, squad = len(chosen.queries), found.layout is Layout.SQUAD
    asked = _ask(found.name, chosen, bench)
    threshold = bench.threshold(asked.opened.snapshot.manifest.passages)
    panels = [ranking_panel(chosen.qrels, asked.ranked)]
    if squad:
        panels.append(answer_panel(chosen, asked.replies[:judged], bench.top_k))
    # Gold answers of retrieval sets are long ones, for people to judge.
    read = _read_questions(chosen, asked.replies, squad) if bench.reader else []
    return SetResult(
        name=found.name,
        layout=str(found.layout),
        setting=bench.setting(asked.opened),
        panels=(*panels, *_panels_of(read, threshold)),
        verified=asked.verified,
        counts={"queries": judged} | unanswerable_counts(asked.replies[judged:], threshold),
        reading=reading_figures(read, threshold) if read else None,
    )


def evaluate_excerpts(found: FoundSet, bench: Bench) -> SetResult:
    """All corpus files in one index, read as any folder is; each question asked of it.

    With a reader twice: as the service answers, and where an answer must be given.
    """
    loaded = load_excerpts(found.path)
    questions = sample(loaded.questions, bench.limit)
    texts = [question.text for question in questions]
    with bench.index_folder(found.name) as folder:
        build([loaded.corpora], folder, bench.encoder, bench.build, by_documents(bench.progress))
        bench = bench.with_readings_kept(folder)
        opened, vectors = bench.open(folder), bench.encode(texts)
        replies, verified = bench.ask_all(opened, texts, vectors, loaded.texts.__getitem__)
        forced = None
        if bench.reader:
            answering = bench.open(folder, ALWAYS)
            forced, _ = bench.ask_all(answering, texts, vectors, loaded.texts.__getitem__)
    return SetResult(
        name=found.name,
        layout=str(found.layout),
        setting=bench.setting(opened),
        panels=(coverage_panel(questions, replies, forced),),
        verified=verified,
        counts={"questions": len(questions)},
    )


def _ask(name: str, chosen: RetrievalSet, bench: Bench) -> _Asked:
    """The set indexed, its queries ranked and all of them asked."""
    questions = [query.text for query in (*chosen.queries, *chosen.unanswerable)]
    texts = {document.uri: document.text for document in chosen.documents}
    with bench.index_folder(name) as folder:
        build_documents(
            chosen.documents, folder, bench.encoder, bench.build, by_documents(bench.progress)
        )
        bench = bench.with_readings_kept(folder)
        opened, vectors = bench.open(folder, ALWAYS), bench.encode(questions)
        ranked = rankings(
            opened.snapshot,
            opened.retriever,
            chosen.queries,
            vectors[: len(chosen.queries)],
            bench.progress,
            bench.reranker,
        )
        replies, verified = bench.ask_all(opened, questions, vectors, texts.__getitem__)
    return _Asked(opened, ranked, replies, verified)


def _read_questions(
    chosen: RetrievalSet, replies: Sequence[Reply], gold_known: bool
) -> list[ReadQuestion]:
    queries = (*chosen.queries, *chosen.unanswerable)
    return [
        read_question(
            query.query_id,
            place < len(chosen.queries),
            query.answers if gold_known and place < len(chosen.queries) else (),
            reply,
        )
        for place, (query, reply) in enumerate(zip(queries, replies, strict=True))
    ]


def _panels_of(read: Sequence[ReadQuestion], threshold: float) -> list[Panel]:
    panel = reading_panel(read, threshold)
    return [] if panel is None else [panel]
