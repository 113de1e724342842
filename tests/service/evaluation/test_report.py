"""Results as tables."""

from __future__ import annotations

import json

from service.evaluation.failures import Failure, Shown, Why
from service.evaluation.reading import ReadQuestion, reading_figures
from service.evaluation.report import lines, table
from service.evaluation.results import (
    Panel,
    SetResult,
    Setting,
    Verified,
    earlier_values,
)

SETTING = Setting(
    encoder="MiniLM",
    weights_sha256="ab" * 32,
    chunking={"max_tokens": 200},
    retrieval={"dense_weight": 0.5},
    snapshot="0123456789abcdef",
    documents=1200,
    passages=3400,
    top_k=5,
)


def result(dense, hybrid, **more):
    values = {
        "dense": {"MRR@10": dict(enumerate_ids(dense))},
        "hybrid": {"MRR@10": dict(enumerate_ids(hybrid)), "hit@1": {"q0": 1.0}},
    }
    panel = Panel("documents", values, pairs=(("hybrid", "dense"),))
    given = {"verified": Verified(10), "counts": {"queries": len(dense)}} | more
    return SetResult("scifact", "BEIR", SETTING, (panel,), **given)


def enumerate_ids(values):
    return ((f"q{place}", value) for place, value in enumerate(values))


def test_table():
    """A table has columns of equal width."""
    assert list(table([["", "MRR"], ["dense", "0.5"], ["x", "0.25"]])) == [
        "       MRR",
        "dense  0.5",
        "x      0.25",
    ]


def test_report():
    """The report gives the setting, each mean and each paired difference."""
    text = "\n".join(lines(result([0.25] * 4, [0.75] * 4)))
    assert "1,200 documents, 3,400 passages; 4 queries" in text
    assert "encoder MiniLM (weights abababababab)" in text
    assert "chunking max_tokens=200; retrieval dense_weight=0.5" in text
    assert "snapshot 0123456789abcdef; top_k 5" in text
    assert "dense   0.250 [0.250, 0.250]  –" in text
    assert "hybrid  0.750 [0.750, 0.750]  1.000" in text
    # All four differ alike: of 2^4 swaps only none and all are so far from 0.
    assert "hybrid − dense  +0.500 [+0.500, +0.500] p=0.125" in text
    assert "citations that verify: 1.0000 (10 checked)" in text
    assert "DO NOT VERIFY" not in text


def test_bad_news():
    """Citations that do not verify and questions that fail are listed."""
    failure = Failure(
        question_id="a1",
        question="who?",
        why=Why.NOT_RETRIEVED,
        reasons=("not retrieved among the first 5", "it came at rank 7"),
        answers=("Ada",),
        expected=(Shown("a.md:3", "It was\nAda.", 7),),
        came=tuple(Shown(f"b.md:{rank}", "x" * 200, rank) for rank in (1, 2, 3, 4)),
    )
    bad = result(
        [0.0],
        [0.0],
        verified=Verified(4, ("first fault",)),
        failures=(failure,),
        counts={"questions": 9},
    )
    text = "\n".join(lines(bad))
    assert "citations that verify: 0.7500 (4 checked)" in text
    assert "DO NOT VERIFY: 1\n  first fault" in text
    assert "failed: 1 of 9 questions\n  1 not retrieved. " in text
    assert text.endswith(
        "not retrieved:\n  a1 “who?”\n    not retrieved among the first 5\n    it came at rank 7\n"
        "    should have come: a.md:3 “It was Ada.”\n"
        + "\n".join(f"    came {rank}: b.md:{rank} “{'x' * 159}…”" for rank in (1, 2, 3))
    )


def test_against_earlier():
    """A later run is compared, query by query, with the file of an earlier one."""
    before = json.loads(json.dumps({"sets": [result([0.5, 0.5], [0.5, 0.5]).to_json()]}))
    now = result([0.5, 0.5], [1.0, 0.5])
    text = "\n".join(lines(now, before))
    assert "against the earlier run, over 2 common queries" in text
    assert "hybrid, now − earlier  +0.250 [+0.000, +0.500] p=1.000" in text
    assert "dense, now − earlier   +0.000 [+0.000, +0.000] p=1.000" in text


def test_nothing_earlier():
    """A set that the earlier run lacks is said to be incomparable."""
    text = "\n".join(lines(result([0.5], [0.5]), {"sets": []}))
    assert "the earlier run measured nothing to compare with here" in text


def test_json_form():
    """Machines get every query's value with the means."""
    found = result([0.0, 1.0], [1.0, 1.0]).to_json()
    dense = found["panels"][0]["methods"]["dense"]["MRR@10"]
    assert (dense["mean"], dense["queries"], dense["values"]) == (0.5, 2, {"q0": 0.0, "q1": 1.0})
    (difference,) = found["panels"][0]["differences"]
    assert difference["measures"]["MRR@10"]["mean"] == 0.5
    assert found["citations"] == {"checked": 10, "share_verified": 1.0, "faults": []}
    assert earlier_values({"sets": [found]}, "scifact", "documents")["dense"] == {
        "MRR@10": {"q0": 0.0, "q1": 1.0}
    }
    json.dumps(found, allow_nan=False)


def test_reading():
    """What confidence is worth stands in a line; a figure nothing is known of is left out."""
    questions = [
        ReadQuestion("a", True, ("x",), "x", 0.75),
        ReadQuestion("b", True, ("x",), "y", 0.25),
    ]
    shown = result([0.5], [0.5], reading=reading_figures(questions, 0.5), notes=("a note",))
    text = "\n".join(lines(shown))
    # Both a quarter off: ECE .25, Brier .0625; risk 0 and 1/2 at coverage 1/2 and 1.
    assert "confidence (n 2): ECE 0.250, Brier 0.062, AURC 0.250" in text
    assert "at threshold 0.500: 0.500 answered, 1.000 of these right" in text
    assert text.endswith("\na note")
    json.dumps(shown.to_json(), allow_nan=False)
