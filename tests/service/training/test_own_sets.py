"""The documents and questions written for Quoth: whole, exact, and apart from what measures it."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import product

import pytest

from index.records import Span
from service.evaluation.squad import squad_paragraphs
from service.training.examples import load_examples
from service.training.sources import OURS, SOURCES

FILES = (
    "train-1.json",
    "train-2.json",
    "calibration.json",
    "test.json",
    "plans.json",
    "plans-test.json",
    "reports.json",
    "reports-test.json",
    "encyclopedia.json",
    "encyclopedia-test.json",
    "dispatches.json",
    "dispatches-test.json",
    "twins.json",
    "twins-test.json",
)
# What no training sees.
HELD = ("calibration.json", *(name for name in FILES if "test" in name))
SEED = OURS.parent / "seeds" / "ukraine-crisis-drills.md"
SEED_QUESTIONS = OURS.parent / "tests" / "questions" / "seeds.jsonl"


def paragraphs(name):
    return list(squad_paragraphs(OURS / name))


@pytest.mark.parametrize("name", FILES)
def test_every_answer_stands_where_it_is_said_to(name):
    """Its words, whole, from its offset on; a question without an answer says what tempts."""
    for _, paragraph in paragraphs(name):
        text = paragraph["context"]
        for question in paragraph["qas"]:
            assert question["is_impossible"] == (not question["answers"])
            marked = question["answers"] or question["plausible_answers"]
            assert marked, question["id"]
            for answer in marked:
                start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
                assert text[start:end] == answer["text"] == answer["text"].strip() != ""
            if question["answers"]:
                assert not re.match(r"\w\w", text[max(0, start - 1) : start + 1]) or start == 0
                assert not re.match(r"\w\w", text[end - 1 : end + 1]), question["id"]


def test_nothing_stands_twice_or_on_two_sides():
    """Ids and texts are of one document each; no question is asked twice of one."""
    found = [(name, *pair) for name in FILES for pair in paragraphs(name)]
    texts = Counter(paragraph["context"] for _, _, paragraph in found)
    ids = Counter(q["id"] for _, _, paragraph in found for q in paragraph["qas"])
    assert set(texts.values()) == set(ids.values()) == {1}
    titles = {name: {title for where, title, _ in found if where == name} for name in FILES}
    trained = set().union(*(titles[name] for name in FILES if name not in HELD))
    held = set().union(*(titles[name] for name in HELD))
    assert not trained & held
    for _, _, paragraph in found:
        asked = Counter(" ".join(q["question"].casefold().split()) for q in paragraph["qas"])
        assert set(asked.values()) == {1}


def test_they_are_not_about_what_the_seeds_are_about():
    """No person of the seed document is named, and no question of the seeds is asked."""
    names = ["Kirby", "Zelensk", "Szijj", "Truss", "Lavrov", "Macron", "Kuleba", "Ukrain"]
    seeds = {
        json.loads(line)["question"].casefold()
        for line in SEED_QUESTIONS.read_text("utf-8").splitlines()
    }
    text = SEED.read_text("utf-8")
    assert all(name in text for name in names)
    for name in FILES:
        for _, paragraph in paragraphs(name):
            assert not [word for word in names if word in paragraph["context"]]
            assert not [q["id"] for q in paragraph["qas"] if q["question"].casefold() in seeds]


def test_all_of_them_are_loaded(tmp_path):
    """As many answerable and unanswerable as the files hold, each in its file's split; where an
    unanswerable one seems answered is known.
    """
    ours = tuple(source for source in SOURCES if source.ours)
    loaded = load_examples(tmp_path, ours)
    assert {name for source in ours for name in source.files} == set(FILES)
    for source, split in product(ours, ("train", "calibration", "test")):
        names = [name for name, own in source.files.items() if own == split]
        questions = [
            q for name in names for _, paragraph in paragraphs(name) for q in paragraph["qas"]
        ]
        kept = loaded.of(split, source.name)
        assert len(kept) == len(questions)
        assert bool(kept) == bool(names)
        assert sum(not e.answers for e in kept) == sum(q["is_impossible"] for q in questions)
        assert all(isinstance(e.beside, Span) != bool(e.answers) for e in kept)
