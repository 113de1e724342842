"""The folders written for Quoth: exact, sound, and apart from what else measures it."""

from __future__ import annotations

import json

import pytest

from index.documents import read_document
from index.documents.folder import Source
from service.evaluation.questions import load_questions
from service.evaluation.squad import squad_paragraphs
from service.training.sources import OURS

FOLDERS = ("folders", "folders-test")
ROOT = OURS.parent


def texts(name: str) -> dict[str, str]:
    paths = sorted((OURS / name).iterdir())
    return {path.name: read_document(Source(path, path.name)).text for path in paths}


@pytest.mark.parametrize("name", FOLDERS)
def test_every_answer_stands_where_it_is_said_to(name):
    """The first at its span, the others somewhere in the same document, as whole words."""
    read = texts(name)
    questions = load_questions(OURS / f"{name}.jsonl")
    assert {question.uri for question in questions} == set(read)
    for question in questions:
        text = read[question.uri]
        assert bool(question.answers) == question.answerable == (question.span is not None)
        for words in question.answers:
            assert words.strip() == words
            assert words in text
        if question.span is not None:
            assert question.span.of(text) == question.answers[0]
            around = text[question.span.start - 1] + text[question.span.end]
            assert not any(character.isalnum() for character in around), question


@pytest.mark.parametrize("name", FOLDERS)
def test_a_third_has_no_answer(name):
    """11 of 16 of each document do, as was asked of the writers; none is asked twice."""
    questions = load_questions(OURS / f"{name}.jsonl")
    assert len({question.text.casefold() for question in questions}) == len(questions)
    for uri in {question.uri for question in questions}:
        own = [question.answerable for question in questions if question.uri == uri]
        assert (len(own), sum(own)) == (16, 11)


@pytest.mark.parametrize(
    ("name", "documents", "answerable", "all_of_them"),
    [("tables", 24, 144, 200), ("tables-test", 16, 96, 143)],
)
def test_the_tables_questions_are_sound(name, documents, answerable, all_of_them):
    """Every answer stands in its document, at its span where it stands once; six of each have one;
    none is asked twice of a document, and no document is in both folders.
    """
    read = texts(name)
    questions = load_questions(OURS / f"{name}.jsonl")
    assert {question.uri for question in questions} == set(read)
    assert len({(question.uri, question.text.casefold()) for question in questions}) == all_of_them
    assert (len(read), sum(question.answerable for question in questions)) == (
        documents,
        answerable,
    )
    for question in questions:
        assert all(words in read[question.uri] for words in question.answers)
        if question.span is not None:
            assert question.span.of(read[question.uri]) == question.answers[0]
    for uri in read:
        assert sum(q.answerable for q in questions if q.uri == uri) == 6
    assert not set(texts("tables").values()) & set(texts("tables-test").values())


def test_nothing_stands_on_two_sides():
    """No document in both folders or in another file, and nobody of the seeds in either."""
    calibration, test = (set(texts(name).values()) for name in FOLDERS)
    others = {p["context"] for path in OURS.glob("*.json") for _, p in squad_paragraphs(path)}
    assert not calibration & test
    assert not (calibration | test) & others
    names = ["Kirby", "Zelensk", "Szijj", "Truss", "Lavrov", "Macron", "Kuleba", "Ukrain"]
    assert not [name for text in calibration | test for name in names if name in text]


@pytest.mark.parametrize(
    ("name", "answerable", "all_of_them"), [("seeds-blind", 80, 119), ("seeds-blind-2", 75, 114)]
)
def test_the_blind_questions_are_sound_and_others_than_the_seeds(name, answerable, all_of_them):
    """Each answer at its span of the seed document; no question of either file in the other."""
    folder = ROOT / "tests" / "questions"
    blind = load_questions(folder / f"{name}.jsonl")
    assert sum(question.answerable for question in blind) == answerable
    assert len({question.text.casefold() for question in blind}) == len(blind) == all_of_them
    text = (ROOT / "seeds" / "ukraine-crisis-drills.md").read_text("utf-8")
    for question in blind:
        assert all(words in text for words in question.answers)
        assert question.span is None or question.span.of(text) == question.answers[0]
    lines = (folder / "seeds.jsonl").read_text("utf-8").splitlines()
    seeds = {json.loads(line)["question"].casefold() for line in lines}
    assert not seeds & {question.text.casefold() for question in blind}
