"""The seeds and their questions: that the questions are sound, and that the answers are found."""

import json
from pathlib import Path

import pytest

from index.encoder import Encoder
from service.evaluation.bench import Bench
from service.evaluation.catalogue import identify
from service.evaluation.own_run import evaluate_questions

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "questions" / "seeds.jsonl"
RECORDS = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def test_there_are_enough_questions_of_both_kinds():
    """At least 40 that the seeds answer and 15 that they do not, none twice."""
    answerable = [record for record in RECORDS if record["answerable"]]
    assert len(answerable) >= 40
    assert len(RECORDS) - len(answerable) >= 15
    for key in ("id", "question"):
        assert len({record[key] for record in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize(
    "record", [r for r in RECORDS if r["answerable"]], ids=lambda record: record["id"]
)
def test_an_expected_answer_stands_where_it_is_said_to(record):
    """The span holds the first of the answers, inside the sentence named as evidence."""
    text = (ROOT / "seeds" / record["uri"]).read_text(encoding="utf-8")
    span, evidence = record["span"], record["evidence"]
    assert text[span["start"] : span["end"]] == record["answers"][0]
    assert evidence["start"] <= span["start"] < span["end"] <= evidence["end"]
    sentence = text[evidence["start"] : evidence["end"]]
    assert sentence[0] not in " \n"
    assert sentence.rstrip('"').endswith(".")


def test_the_right_passage_is_found(seeds_index: Path, encoder: Encoder):
    """First for nine of ten questions, among the first three for all; every citation verifies."""
    result = evaluate_questions(identify(QUESTIONS), seeds_index, Bench(encoder=encoder))
    measured = {name: each.mean for name, each in result.panels[0].estimates()["hybrid"].items()}
    assert measured["right first"] >= 0.90
    assert measured["within 3"] == 1.0
    assert result.verified.share == 1.0
    assert result.verified.checked >= len(RECORDS)
