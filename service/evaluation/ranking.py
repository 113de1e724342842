"""Rankings of documents by their best passage: dense, BM25, the hybrid of both, and re-ranked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.retriever import Retriever
from index.snapshot import Snapshot
from service.evaluation.datasets import Query
from service.evaluation.reranking import RerankedSearch, Reranker

# Measures look no deeper than recall@100.
DEPTH = 100
# As many passages as the service gives at most. The fused order may depend on how many are
# asked for, so the head of a ranking is what a user sees, and deeper asks only lengthen it.
FIRST_ASK = 50

# How many passages → their rows, best first; fewer than asked where no more match.
Search = Callable[[int], Sequence[int]]


def rankings(
    snapshot: Snapshot,
    retriever: Retriever,
    queries: Sequence[Query],
    vectors: np.ndarray,
    progress: Callable[[str, int, int], None],
    reranker: Reranker | None = None,
) -> dict[str, dict[str, list[str]]]:
    """Method → query_id → uris, best first, DEPTH of them wherever so many match.

    ``vectors`` are the encoded queries, float32 [len(queries), dimensions]. "re-ranked" is
    among the methods where there is a reranker.
    """
    owners = passage_owners(snapshot)
    uris = [entry.uri for entry in snapshot.documents]
    ranked: dict[str, dict[str, list[str]]] = {}
    for done, (query, vector) in enumerate(zip(queries, vectors, strict=True), start=1):
        by_method = searches(snapshot, retriever, query.text, vector)
        if reranker is not None:
            by_method["re-ranked"] = RerankedSearch(reranker, retriever, query.text, vector)
        for method, search in by_method.items():
            rows = first_documents(search, owners, DEPTH)
            ranked.setdefault(method, {})[query.query_id] = [uris[row] for row in rows]
        progress("queries ranked", done, len(queries))
    return ranked


def searches(
    snapshot: Snapshot, retriever: Retriever, question: str, vector: np.ndarray
) -> dict[str, Search]:
    return {
        "dense": lambda k: snapshot.dense.search(vector, k)[0],
        "BM25": lambda k: snapshot.lexical.search(question, k)[0],
        "hybrid": lambda k: [hit.row for hit in retriever.rank(question, vector, k)],
    }


def passage_owners(snapshot: Snapshot) -> np.ndarray:
    """The document row of each passage row, int64 [passages]."""
    owners = np.empty(snapshot.manifest.passages, dtype=np.int64)
    for document_row, entry in enumerate(snapshot.documents):
        owners[entry.passages.start : entry.passages.stop] = document_row
    return owners


def first_documents(search: Search, owners: np.ndarray, depth: int) -> list[int]:
    """The first ``depth`` distinct document rows, each at the place of its best passage.

    Asks for more passages until so many documents came out or no more passages match.
    """
    found: dict[int, None] = {}
    wanted = FIRST_ASK
    while True:
        rows = search(wanted)
        found |= dict.fromkeys(int(owners[row]) for row in rows)
        if len(found) >= depth or len(rows) < wanted or wanted >= len(owners):
            return list(found)[:depth]
        wanted *= 4
