"""Documents asked one by one."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tiny_sets import town_source, town_text, towns, write_squad

from service.evaluation.lines import InvalidDataset
from service.training.examples import load_examples
from service.training.single_documents import FOLDERS_WEIGHT, single_document_sets


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """Three towns of ours, each with five more unanswerable questions, one set of others, and a
    folder of two documents.
    """
    for module in ("sources", "single_documents"):
        monkeypatch.setattr(f"service.training.{module}.OURS", tmp_path)
    more = [
        {"question": f"Who built it, {n}?", "answers": [], "is_impossible": True} for n in "abcd"
    ]
    several = [
        (title, text, [*asked, *({**one, "id": f"{title}-{n}"} for n, one in enumerate(more))])
        for title, text, asked in towns(3)
    ]
    write_squad(tmp_path / "ours" / "towns.json", several)
    write_squad(tmp_path / "others" / "towns.json", towns()[6:])
    aside = {"files": {"towns.json": "calibration"}}
    sources = (town_source("ours", ours=True, **aside), town_source("others", **aside))
    folder = tmp_path / "folders"
    folder.mkdir()
    lines = []
    for at in (10, 11):
        uri = f"{at}.md"
        (folder / uri).write_text(f"# Town {at}\n\n## History\n\n{town_text(at)}\n", "utf-8")
        known = {"answerable": True, "answers": [str(1200 + at)]}
        asked = [
            (f"known {at}?", known),
            *((f"no {n} of {at}?", {"answerable": False}) for n in "abcde"),
        ]
        lines += [
            {"id": f"{at}-{n}", "question": q, "uri": uri, **rest}
            for n, (q, rest) in enumerate(asked)
        ]
    folder.with_suffix(".jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return lambda: single_document_sets(load_examples(tmp_path, sources), sources), folder


def test_each_document_is_a_corpus_of_its_own(sets):
    """Ours and the folder's, each with its questions; other people's sets are not asked so."""
    found = sets[0]()
    assert len(found) == 5
    assert len({each.name for each in found}) == 5
    for at, each in enumerate(found[:3]):
        (own,) = each.documents
        assert own.text == town_text(at)
        questions = [q for q in each.questions if q.lacking != "other set"]
        assert len(questions) == 9
        for question in questions:
            assert question.source == "ours one by one"
            assert all(gold in own.text for gold in question.gold)
            assert question.lacking == ("" if question.gold else "unanswerable")
            assert question.weight == 1


def test_one_in_six_unanswerable_questions_is_another_document_s(sets):
    """For five of its own, one that only another document of the set answers."""
    for each in sets[0]():
        (own,) = each.documents
        kinds = Counter(question.lacking for question in each.questions)
        assert (kinds["unanswerable"], kinds["other set"]) == (5, 1)
        (foreign,) = (q for q in each.questions if q.lacking == "other set")
        assert not foreign.gold
        assert foreign.text not in {q.text for q in each.questions if q is not foreign}
        named = {word.strip("?") for word in foreign.text.split()} & {"Arlen", "Borvik", "Cestria"}
        assert not any(name in own.text for name in named)


def test_a_folder_is_read_as_the_service_reads_it(sets):
    """By its format, with sections, and counted more often than the rest."""
    for each in sets[0]()[3:]:
        (own,) = each.documents
        assert own.media_type == "text/markdown"
        assert own.title.startswith("Town ")
        assert any("History" in block.section for block in own.blocks)
        assert {question.weight for question in each.questions} == {FOLDERS_WEIGHT}
        (known,) = (question for question in each.questions if question.gold)
        assert known.gold[0] in own.text


def test_the_draw_is_the_same_each_time(sets):
    """What is asked does not change from one fit to the next."""
    assert sets[0]() == sets[0]()


def test_a_folder_without_questions_is_a_named_error(sets):
    """The file is named."""
    sets[1].with_suffix(".jsonl").unlink()
    with pytest.raises(InvalidDataset, match=r"folders\.jsonl"):
        sets[0]()
