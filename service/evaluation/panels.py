"""Replies to figures: which queries succeeded at what, as panels of results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.evaluation.coverage import Place, coverage
from service.evaluation.datasets import Qrels, Query, RetrievalSet
from service.evaluation.excerpts import ExcerptQuestion
from service.evaluation.gold import holds_answer
from service.evaluation.measures import score
from service.evaluation.questions import OwnQuestion, Verdict
from service.evaluation.replies import Reply
from service.evaluation.results import Panel

# A question's right passage should be among so many.
WITHIN = 3


def ranking_panel(qrels: Qrels, ranked: Mapping[str, Mapping[str, Sequence[str]]]) -> Panel:
    """``ranked`` is method → query_id → uris; the hybrid is compared with each half of it, and
    what the reader made of it with the hybrid.
    """
    pairs = [("hybrid", "dense"), ("hybrid", "BM25"), ("re-ranked", "hybrid")]
    return Panel(
        title="documents, by their best passage",
        values={method: score(qrels, by_query) for method, by_query in ranked.items()},
        pairs=tuple(pair for pair in pairs if set(pair) <= ranked.keys()),
    )


def answer_panel(chosen: RetrievalSet, replies: Sequence[Reply], top_k: int) -> Panel:
    """Whether a passage of the right document, and the evidence cited from it, hold an answer.

    Replies stand in the order of the set's queries. What the passages hold bounds what the
    evidence can; citing whole passages would reach it, so the share that is cited stands by.
    """
    passages, evidence = [], []
    for query, reply in zip(chosen.queries, replies, strict=True):
        right = [passage.uri in chosen.qrels[query.query_id] for passage in reply.passages]
        pairs = list(zip(right, reply.passages, strict=True))
        passages.append([ok and holds_answer(p.text, query.answers) for ok, p in pairs])
        evidence.append([ok and holds_answer(p.quote, query.answers) for ok, p in pairs])
    return Panel(
        title="a gold answer stands in",
        values={
            "passages": _first_and_any(chosen.queries, passages, top_k),
            "cited evidence": _first_and_any(chosen.queries, evidence, top_k)
            | {"share of passages": _cited_share(chosen.queries, replies)},
        },
    )


def coverage_panel(
    questions: Sequence[ExcerptQuestion],
    replies: Sequence[Reply],
    forced: Sequence[Reply] | None = None,
) -> Panel:
    """Recall, precision and IoU of what came back.

    As whole passages, as the spans of all their citations, and as those of them that the
    service marks as evidence; the last also of ``forced`` replies, which never abstain.
    """
    values: dict[str, dict[str, dict[str, float]]] = {}
    for place, (question, reply) in enumerate(zip(questions, replies, strict=True)):
        gold = [(question.uri, span) for span in question.evidence]
        came: dict[str, list[Place]] = {
            "whole passages": [(passage.uri, passage.span) for passage in reply.passages],
            "all citations": [(passage.uri, passage.evidence) for passage in reply.passages],
            "cited evidence": _evidence(reply),
        }
        if forced is not None:
            came["cited evidence, answer forced"] = _evidence(forced[place])
        for method, places in came.items():
            found = coverage(gold, places)
            measured = {"recall": found.recall, "precision": found.precision, "IoU": found.iou}
            for measure, value in measured.items():
                of_method = values.setdefault(method, {})
                of_method.setdefault(measure, {})[question.query_id] = value
    return Panel(title="characters of the evidence", values=values)


def question_panel(
    questions: Sequence[OwnQuestion], verdicts: Mapping[str, Sequence[Verdict]], top_k: int
) -> Panel:
    """The share of judged questions whose right passage came first, in time, and cited well.

    ``verdicts`` are by method, "hybrid" and, with a reader, "re-ranked".
    """
    measures = {
        "right first": lambda verdict: verdict.rank == 1,
        f"within {WITHIN}": lambda verdict: verdict.rank is not None and verdict.rank <= WITHIN,
        f"within {top_k}": lambda verdict: verdict.rank is not None,
        "evidence holds answer": lambda verdict: verdict.evidence,
    }
    values = {
        method: {
            measure: {
                question.question_id: float(holds(verdict))
                for question, verdict in zip(questions, judged, strict=True)
            }
            for measure, holds in measures.items()
        }
        for method, judged in verdicts.items()
    }
    pairs = (("re-ranked", "hybrid"),) if "re-ranked" in verdicts else ()
    return Panel(title="right passage", values=values, pairs=pairs)


def unanswerable_counts(replies: Sequence[Reply], threshold: float = 0.0) -> dict[str, int]:
    """How many unanswerable questions were asked and how many of them got no answer for it,
    an answer less sure than ``threshold`` being none.
    """
    if not replies:
        return {}
    abstained = sum(reply.abstains(threshold) for reply in replies)
    return {"unanswerable": len(replies), "of these abstained": abstained}


def _evidence(reply: Reply) -> list[Place]:
    return [(passage.uri, passage.evidence) for passage in reply.passages if passage.bears]


def _cited_share(queries: Sequence[Query], replies: Sequence[Reply]) -> dict[str, float]:
    """Characters of evidence to characters of passages, for each query that got any."""
    shares = {}
    for query, reply in zip(queries, replies, strict=True):
        returned = sum(passage.span.end - passage.span.start for passage in reply.passages)
        cited = sum(passage.evidence.end - passage.evidence.start for passage in reply.passages)
        if returned:
            shares[query.query_id] = cited / returned
    return shares


def _first_and_any(
    queries: Sequence[Query], held: Sequence[Sequence[bool]], top_k: int
) -> dict[str, dict[str, float]]:
    return {
        "first": {
            query.query_id: float(any(places[:1]))
            for query, places in zip(queries, held, strict=True)
        },
        f"any of {top_k}": {
            query.query_id: float(any(places)) for query, places in zip(queries, held, strict=True)
        },
    }
