"""Replies to figures."""

from __future__ import annotations

import pytest

from index.records import Span
from service.evaluation.datasets import Query, RetrievalSet
from service.evaluation.excerpts import ExcerptQuestion
from service.evaluation.panels import (
    answer_panel,
    coverage_panel,
    question_panel,
    ranking_panel,
    unanswerable_counts,
)
from service.evaluation.questions import OwnQuestion, Verdict
from service.evaluation.replies import CitedPassage, GivenAnswer, Reply


def cited(uri, text, span, evidence, quote, bears=True):
    return CitedPassage(uri, text, Span(*span), Span(*evidence), quote, {}, bears)


def test_ranking_panel():
    """The hybrid is measured beside its halves and compared with them."""
    ranked = {"dense": {"q": ["x", "a"]}, "BM25": {"q": []}, "hybrid": {"q": ["a"]}}
    panel = ranking_panel({"q": {"a": 1}}, ranked)
    assert {m: panel.values[m]["MRR@10"]["q"] for m in panel.values} == {
        "dense": 0.5,
        "BM25": 0.0,
        "hybrid": 1.0,
    }
    assert panel.pairs == (("hybrid", "dense"), ("hybrid", "BM25"))
    pairs = ranking_panel({"q": {"a": 1}}, ranked | {"re-ranked": {"q": ["a"]}}).pairs
    assert pairs[-1] == ("re-ranked", "hybrid")


def test_answer_panel():
    """An answer counts only in a passage of the right document."""
    queries = (Query("q1", "?", ("sun",)), Query("q2", "?", ("rain",)))
    chosen = RetrievalSet((), queries, {"q1": {"a": 1}, "q2": {"b": 1}})
    replies = [
        Reply(
            "retrieved",
            (
                cited("b", "the sun", (0, 7), (0, 7), "the sun"),
                cited("a", "sun. moon.", (0, 10), (5, 10), "moon."),
            ),
        ),
        Reply("retrieved", (cited("b", "Rain fell.", (0, 10), (0, 10), "Rain fell."),)),
    ]
    values = answer_panel(chosen, replies, 5).values
    assert values["passages"] == {
        "first": {"q1": 0.0, "q2": 1.0},
        "any of 5": {"q1": 1.0, "q2": 1.0},
    }
    assert values["cited evidence"] == {
        "first": {"q1": 0.0, "q2": 1.0},
        "any of 5": {"q1": 0.0, "q2": 1.0},
        "share of passages": {"q1": 12 / 17, "q2": 1.0},
    }


def test_coverage_panel():
    """Whole passages, all citations, and those marked as evidence are covered apart."""
    question = ExcerptQuestion("q", "?", "a.md", (Span(10, 20),))
    reply = Reply(
        "retrieved",
        (
            cited("a.md", "", (0, 40), (15, 25), ""),
            cited("b.md", "", (10, 20), (10, 20), "", bears=False),
        ),
    )
    abstained = Reply("abstained", (cited("a.md", "", (0, 40), (15, 25), "", bears=False),))
    values = coverage_panel([question], [abstained], forced=[reply]).values
    assert set(values["cited evidence"]["recall"].values()) == {0.0}
    assert values["cited evidence, answer forced"]["IoU"] == {"q": pytest.approx(5 / 15)}
    values = coverage_panel([question], [reply]).values
    assert "cited evidence, answer forced" not in values
    assert {m: v["q"] for m, v in values["whole passages"].items()} == pytest.approx(
        {"recall": 1, "precision": 10 / 50, "IoU": 10 / 50}
    )
    assert {m: v["q"] for m, v in values["all citations"].items()} == pytest.approx(
        {"recall": 5 / 10, "precision": 5 / 20, "IoU": 5 / 25}
    )
    assert {m: v["q"] for m, v in values["cited evidence"].items()} == pytest.approx(
        {"recall": 5 / 10, "precision": 5 / 10, "IoU": 5 / 15}
    )


def test_question_panel():
    """Questions are counted by the rank of their right passage."""
    questions = [OwnQuestion(name, "?", True, ("x",)) for name in "abcd"]
    verdicts = [
        Verdict(1, True, ""),
        Verdict(3, False, "why"),
        Verdict(4, True, "why"),
        Verdict(None, False, "why"),
    ]
    by_method = {"hybrid": verdicts, "re-ranked": [verdicts[0]] * 4}
    panel = question_panel(questions, by_method, 5)
    assert {name: sum(per.values()) for name, per in panel.values["hybrid"].items()} == {
        "right first": 1,
        "within 3": 2,
        "within 5": 3,
        "evidence holds answer": 2,
    }
    assert sum(panel.values["re-ranked"]["right first"].values()) == 4
    assert panel.pairs == (("re-ranked", "hybrid"),)
    assert question_panel(questions, {"hybrid": verdicts}, 5).pairs == ()


def test_unanswerable_counts():
    """Unanswerable questions are counted with those that got no answer."""
    replies = [Reply("abstained", ()), Reply("retrieved", ()), Reply("answered", ())]
    assert unanswerable_counts(replies) == {"unanswerable": 3, "of these abstained": 1}
    assert unanswerable_counts([]) == {}
    sure = [Reply("answered", (), GivenAnswer("x", sure, {})) for sure in (0.2, 0.5, 0.8)]
    assert unanswerable_counts(sure, 0.5)["of these abstained"] == 1
