"""Each way to fail, told apart over a real index."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from index.build import build
from service.evaluation.catalogue import identify
from service.evaluation.failures import Why, by_reason
from service.evaluation.own_run import evaluate_questions

RAIN = "Rain falls in Wales all winter. The mayor of Cardiff sighs."
DOCUMENTS = {
    "wales.md": RAIN,
    **{f"moon{number}.md": f"The moon of planet {number} is grey." for number in range(8)},
    "mars.md": "Phobos circles the red planet.\n\nIts craters are deep.",
}


@pytest.fixture
def fails(bench, tmp_path):
    """Evaluates questions over the documents; why each that failed did, by its id."""
    notes = tmp_path / "notes"
    notes.mkdir()
    for uri, text in DOCUMENTS.items():
        (notes / uri).write_text(text, encoding="utf-8")
    build([notes], tmp_path / "index", bench.encoder, bench.build)

    def run(questions, bench=bench):
        path = tmp_path / "questions.jsonl"
        path.write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
        failures = evaluate_questions(identify(path), tmp_path / "index", bench).failures
        return {failure.question_id: failure for failure in failures}

    return run


def test_a_passage_that_did_not_come_is_shown_beside_what_came(fails, bench):
    """Others share more words; the one that answers came, but lower, and its rank is told."""
    asked = {"id": "m", "question": "which moon of planet 3 is grey?", "answers": ["Phobos"]}
    failure = fails([asked], replace(bench, top_k=2))["m"]
    assert failure.why is Why.NOT_RETRIEVED
    (expected,) = failure.expected
    assert (expected.place, expected.text) == ("mars.md:1", DOCUMENTS["mars.md"][:30])
    assert expected.rank > 2
    assert failure.reasons == (
        "not retrieved among the first 2", f"it came at rank {expected.rank}"
    )  # fmt: skip
    assert [shown.rank for shown in failure.came] == [1, 2]
    assert all(shown.place.startswith("moon") for shown in failure.came)


def test_an_answer_that_stands_nowhere_has_nothing_to_show(fails):
    """Which itself tells what is wrong: the documents, or the answer's wording."""
    failure = fails([{"id": "x", "question": "where falls snow?", "answers": ["Nepal"]}])["x"]
    assert (failure.why, failure.expected) == (Why.NOT_RETRIEVED, ())


def test_below_another_is_not_first(fails, bench):
    """The evidence named is what should have come first; its line counts from the file's top."""
    asked = {"id": "c", "question": "which moon of planet 3 is grey?", "uri": "mars.md"}
    asked["span"] = {"start": 32, "end": 43}
    failure = fails([asked], replace(bench, top_k=20))["c"]
    assert failure.why is Why.NOT_FIRST
    (expected,) = failure.expected
    assert (expected.place, expected.text) == ("mars.md:3", "Its craters")
    assert failure.came[expected.rank - 1].place.startswith("mars.md")


def test_answers_fail_in_three_ways(fails, reading_bench):
    """Read wrongly, wrongly abstained, wrongly answered; a right one is no failure."""
    known = {"question": "where falls rain all winter?"}
    rows = [
        known | {"id": "right", "answers": ["Wales"]},
        known | {"id": "wrong", "answers": ["Cardiff"]},
        known | {"id": "never", "answerable": False},
    ]
    lax = fails(rows, replace(reading_bench, reading=replace(reading_bench.reading, threshold=0.0)))
    assert {name: one.why for name, one in lax.items()} == {
        "wrong": Why.MISREAD, "never": Why.INVENTED
    }  # fmt: skip
    assert (lax["wrong"].said, lax["wrong"].answers) == ("Wales", ("Cardiff",))
    assert lax["wrong"].came == ()  # the right passage came first: what is below explains nothing
    strict = replace(reading_bench, reading=replace(reading_bench.reading, threshold=0.999))
    assert {name: one.why for name, one in fails(rows, strict).items()} == {
        "right": Why.WITHHELD, "wrong": Why.WITHHELD
    }  # fmt: skip
    assert list(by_reason([lax["never"], lax["wrong"]])) == [Why.MISREAD, Why.INVENTED]
