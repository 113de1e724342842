"""Questions in, questions out: what is kept, what is left out, and why."""

from __future__ import annotations

import json

import pytest
from tiny_sets import answer, town_source, town_text, towns, write_squad

from service.evaluation.lines import InvalidDataset
from service.training.examples import load_examples

TEXT = "The town  paid 1,700 crowns. Anna paid nothing."


def loaded(data, questions, **options):
    source = town_source(**options)
    write_squad(data / "towns" / "towns.json", [("The_Town", TEXT, questions)])
    return load_examples(data, (source,))


def asked(*answers: dict, **more) -> dict:
    return {"id": 1, "question": "Who \n paid?", "answers": list(answers), **more}


def test_every_town_is_loaded(town_examples):
    """Twelve contexts with their titles, five questions each, four with an answer that fits."""
    assert [context.text for context in town_examples.contexts] == [
        town_text(at) for at in range(12)
    ]
    assert town_examples.contexts[0].title == "Arlen town"
    assert len(town_examples.examples) == 60
    wanted = [q["answers"] for _, _, questions in towns() for q in questions]
    for example, given in zip(town_examples.examples, wanted, strict=True):
        text = town_examples.contexts[example.context].text
        assert [span.of(text) for span, _ in example.answers] == [a["text"] for a in given]


def test_shares_are_those_of_the_annotators(tmp_path):
    """Two of three gave one answer: its share is 2/3, and it stands first."""
    anna, town = answer(TEXT, "Anna"), answer(TEXT, "The town")
    (example,) = loaded(tmp_path, [asked(anna, town, anna)]).examples
    said = [(span.of(TEXT), share) for span, share in example.answers]
    assert said == [("Anna", pytest.approx(2 / 3)), ("The town", pytest.approx(1 / 3))]
    assert example.question == "Who paid?"
    assert example.question_id == "1"


def test_white_space_about_an_answer_is_left_out(tmp_path):
    """The span is that of the words."""
    (example,) = loaded(tmp_path, [asked(answer(TEXT, " Anna "))]).examples
    assert [span.of(TEXT) for span, _ in example.answers] == ["Anna"]


def test_an_answer_whose_offset_is_wrong_is_left_out(tmp_path):
    """A right one beside it stays with the whole share; without one the question goes."""
    wrong = {"text": "Anna", "answer_start": 3}
    right = answer(TEXT, "Anna")
    found = loaded(tmp_path, [asked(wrong, right), asked(wrong), asked(answer(TEXT, "  "))])
    assert [[(span.of(TEXT), share) for span, share in e.answers] for e in found.examples] == [
        [("Anna", 1.0)]
    ]


def test_an_unanswerable_question_has_no_answers(tmp_path):
    """Marked impossible, plausible answers are none; so is an empty list."""
    marked = asked(answer(TEXT, "Anna"), is_impossible=True)
    unmarked = {"id": 2, "question": "Who burnt it?", "answers": []}
    only_marked = {"id": 3, "question": "Who burnt it?", "is_impossible": True}
    found = loaded(tmp_path, [marked, unmarked, only_marked])
    assert [example.answers for example in found.examples] == [(), (), ()]


def test_where_an_unanswerable_question_seems_answered_is_kept(tmp_path):
    """The first plausible answer whose offset is right; none where the question is answered."""
    plausible = [{"text": "Anna", "answer_start": 0}, answer(TEXT, "paid nothing")]
    marked = {"id": 1, "question": "Who was paid?", "answers": [], "is_impossible": True}
    told = marked | {"plausible_answers": plausible}
    answered = asked(answer(TEXT, "Anna"), id=3, plausible_answers=plausible)
    found = loaded(tmp_path, [told, marked | {"id": 2}, answered]).examples
    assert [e.beside and e.beside.of(TEXT) for e in found] == ["paid nothing", None, None]


def test_questions_are_found_by_split_and_source(tmp_path):
    """A split and a source choose; titles that are no names are not kept."""
    write_squad(tmp_path / "a" / "train.json", towns(2))
    write_squad(tmp_path / "b" / "test.json", towns(5)[2:])
    sources = (
        town_source("a", files={"train.json": "train"}),
        town_source("b", files={"test.json": "test"}, titled=False),
    )
    found = load_examples(tmp_path, sources)
    assert {example.source for example in found.of("train")} == {"a"}
    assert len(found.of("train", "a")) == 10
    assert found.of("train", "b") == []
    assert len(found.of("test")) == 15
    assert {found.contexts[e.context].title for e in found.of("test")} == {""}


def test_what_is_held_aside_is_not_trained_on(tmp_path):
    """A training paragraph with the text of a held-aside one, or of its article, is unused."""
    same_text, same_title, other = towns(3)
    elsewhere = (same_title[0].upper(), "Quite another text.", same_title[2][:1])
    write_squad(tmp_path / "a" / "train.json", [same_text, same_title, other])
    write_squad(tmp_path / "b" / "test.json", [("Other title", *same_text[1:]), elsewhere])
    sources = (
        town_source("a", files={"train.json": "train"}),
        town_source("b", files={"test.json": "test"}),
    )
    found = load_examples(tmp_path, sources)
    splits = [(context.source, context.split) for context in found.contexts]
    assert splits == [("a", "unused"), ("a", "unused"), ("a", "train"), *[("b", "test")] * 2]
    assert {found.contexts[e.context].text for e in found.of("train")} == {other[1]}


def test_a_missing_file_is_named(tmp_path):
    """The error says which file of which set there is not."""
    with pytest.raises(InvalidDataset, match=r"towns: there is no .*towns\.json"):
        load_examples(tmp_path, (town_source(),))


@pytest.mark.parametrize(
    "paragraph",
    [
        {"context": TEXT},
        {"context": TEXT, "qas": [{"id": 1, "question": "Who?"}]},
        {"context": TEXT, "qas": [{"id": 1, "answers": []}]},
        {"context": TEXT, "qas": [{"id": 1, "question": "Who?", "answers": [{"text": "Anna"}]}]},
        {"context": TEXT, "qas": ["Who?"]},
        {"context": TEXT, "qas": [{"id": 1, "question": None, "answers": []}]},
    ],
)
def test_another_layout_is_named(tmp_path, paragraph):
    """A question without its parts is InvalidDataset, which names the file."""
    (tmp_path / "towns").mkdir()
    text = json.dumps({"data": [{"title": "", "paragraphs": [paragraph]}]})
    (tmp_path / "towns" / "towns.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidDataset, match=r"towns\.json"):
        load_examples(tmp_path, (town_source(),))
