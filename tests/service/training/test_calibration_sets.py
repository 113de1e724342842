"""Corpora and questions to calibrate on."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tiny_sets import town_source, town_text, towns, write_squad

from service.evaluation.answers import normalised
from service.training.calibration_sets import LEFT_OUT_ONE_IN, calibration_sets
from service.training.examples import load_examples

ASIDE = {"files": {"towns.json": "calibration"}}


def known_only(paragraphs):
    """The same with no question that its set calls unanswerable."""
    return [
        (title, text, [question for question in asked if question["answers"]])
        for title, text, asked in paragraphs
    ]


@pytest.fixture
def loaded(tmp_path):
    """``first`` has unanswerable questions of its own, ``second`` has none; ``third`` trains."""
    sources = tuple(
        town_source(name, **(ASIDE if name != "third" else {}))
        for name in ("first", "second", "third")
    )
    write_squad(tmp_path / "first" / "towns.json", towns(6))
    write_squad(tmp_path / "second" / "towns.json", known_only(towns()[6:]))
    write_squad(tmp_path / "third" / "towns.json", towns(2))
    return load_examples(tmp_path, sources), sources


def test_balance(loaded):
    """Each set asks as many questions without as with an answer, a third of them of each kind."""
    first, second = calibration_sets(*loaded, limit=9, corpora={})
    assert (first.name, second.name) == ("first", "second")
    for each in (first, second):
        answerable = [question for question in each.questions if question.gold]
        unanswerable = [question for question in each.questions if not question.gold]
        assert len(answerable) == len(unanswerable) == 9
        foreign = [q for q in unanswerable if not q.question_id.startswith(f"{each.name}/")]
        changed = [q for q in unanswerable if q.question_id.endswith("/swapped")]
        assert (len(foreign), len(changed)) == (3, 3)
        assert {q.lacking for q in answerable} == {""}
        assert {q.lacking for q in foreign} == {"other set"}
        assert {q.lacking for q in changed} == {"exchanged"}
    rest = [
        {q.lacking for q in each.questions} - {"", "other set", "exchanged"}
        for each in (first, second)
    ]
    assert rest == [{"unanswerable"}, {"left out"}]


def test_ours_asks_more_and_nearer_misses(tmp_path, monkeypatch):
    """Of 24 answerable questions 16 for a limit of 4, and of as many without an answer two thirds
    its own, where it has so many, and a sixth with something exchanged.
    """
    monkeypatch.setattr("service.training.sources.OURS", tmp_path)
    several = [
        (title, text, [*asked, *({**asked[-1], "id": f"{title}-{n}"} for n in range(2))])
        for title, text, asked in towns(6)
    ]
    write_squad(tmp_path / "first" / "towns.json", several)
    write_squad(tmp_path / "second" / "towns.json", known_only(towns()[6:]))
    sources = (town_source("first", ours=True, **ASIDE), town_source("second", **ASIDE))
    found = calibration_sets(load_examples(tmp_path, sources), sources, 4, {})
    first, second = (Counter(q.lacking for q in each.questions) for each in found)
    assert first == {"": 16, "unanswerable": 10, "exchanged": 2, "other set": 4}
    assert second == {"": 4, "left out": 1, "exchanged": 1, "other set": 2}


def test_swapped(loaded):
    """A swapped question is none that the corpus answers, and one name or number away from one."""
    _, second = calibration_sets(*loaded, limit=100, corpora={})
    asked = {question.question_id: question.text for question in second.questions}
    changed = {key: text for key, text in asked.items() if key.endswith("/swapped")}
    assert changed
    assert not set(changed.values()) & {q.text for q in second.questions if q.gold}
    for key, text in changed.items():
        town, number = key.split("/")[1].rsplit("-", 1)
        ((_, _, questions),) = [each for each in towns() if each[0] == f"{town}_town"]
        before, after = questions[int(number)]["question"].split(), text.split()
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_gold_stands_in_the_corpus_and_nowhere_for_the_rest(loaded):
    """What is answerable stands in a document; what was left out stands in none."""
    first, second = calibration_sets(*loaded, limit=100, corpora={})
    assert len(first.documents) == 6
    assert len(second.documents) == 6 - 6 // LEFT_OUT_ONE_IN
    for each in (first, second):
        whole = normalised(" ".join(document.text for document in each.documents))
        for question in each.questions:
            assert all(normalised(gold) in whole for gold in question.gold)
    texts = {document.text for document in second.documents}
    asked = {
        question.text
        for question in second.questions
        if not question.gold and not question.question_id.endswith("/swapped")
    }
    for title, text, questions in known_only(towns()[6:]):
        of_town = {question["question"] for question in questions}
        assert text in texts or asked & of_town, title
        assert not (text in texts and asked & of_town), title


def test_same_draw_again(loaded):
    """The draw is fixed: the same data give the same sets."""
    assert calibration_sets(*loaded, limit=4, corpora={}) == calibration_sets(
        *loaded, limit=4, corpora={}
    )


def test_whole_corpus(loaded, tmp_path):
    """A file of documents takes the place of the paragraphs, without those left out."""
    corpus = tmp_path / "corpus.jsonl"
    rows = [{"_id": f"d{at}", "title": "", "text": town_text(at)} for at in range(12)]
    corpus.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    _, plain = calibration_sets(*loaded, limit=100, corpora={})
    _, second = calibration_sets(*loaded, limit=100, corpora={"second": corpus})
    assert len(second.documents) == 12 - 6 // LEFT_OUT_ONE_IN
    assert second.questions == plain.questions
    assert {d.text for d in plain.documents} < {d.text for d in second.documents}
