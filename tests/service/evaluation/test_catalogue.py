"""Data sets told by their layout."""

from __future__ import annotations

import pytest

from service.evaluation.catalogue import Layout, find_sets, identify
from service.evaluation.lines import InvalidDataset


@pytest.fixture
def data(tmp_path):
    beir = tmp_path / "retrieval" / "scifact"
    (beir / "qrels").mkdir(parents=True)
    (beir / "corpus.jsonl").touch()
    excerpts = tmp_path / "citation" / "chunks"
    (excerpts / "corpora").mkdir(parents=True)
    (excerpts / "questions.jsonl").touch()
    for name in ("dev", "test"):
        squad = tmp_path / "reading" / "fact" / f"{name}.json"
        squad.parent.mkdir(parents=True, exist_ok=True)
        squad.write_text('{"data": []}', encoding="utf-8")
    (tmp_path / "README.md").touch()
    return tmp_path


def test_find_sets(data):
    """Every set below a folder is found and told by its layout."""
    assert [(found.name, found.layout) for found in find_sets(data)] == [
        ("citation/chunks", Layout.EXCERPTS),
        ("reading/fact/dev.json", Layout.SQUAD),
        ("reading/fact/test.json", Layout.SQUAD),
        ("retrieval/scifact", Layout.BEIR),
    ]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("scifact",), ["retrieval/scifact"]),
        (("fact",), ["reading/fact/dev.json", "reading/fact/test.json"]),
        (("fact/test.json", "retrieval/"), ["reading/fact/test.json", "retrieval/scifact"]),
    ],
)
def test_sets_by_name(data, names, found):
    """A set is named by whole parts of its path, never by a piece of one."""
    assert [each.name for each in find_sets(data, names)] == found


def test_unknown_set_name(data):
    """A name that fits no set is refused with the names there are."""
    with pytest.raises(InvalidDataset, match=r'no set named "sci" .* citation/chunks, reading'):
        find_sets(data, ("scifact", "sci"))


@pytest.mark.parametrize("name", ["mine.txt", "mine.ndjson", "mine", "mine.json"])
def test_questions_are_told_by_what_the_file_holds(tmp_path, name):
    """Not by its name alone; a .jsonl file is one of questions even where its lines are wrong."""
    mine = tmp_path / name
    mine.write_text('\n{"question": "why?"}\n{"question": 1}\n', encoding="utf-8")
    assert identify(mine).layout is Layout.QUESTIONS
    for other in ("why?", "[1]", '{"text": "why?"}', ""):
        mine.write_text(other, encoding="utf-8")
        with pytest.raises(InvalidDataset, match="or questions, one JSON object a line"):
            identify(mine)
    mine.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidDataset, match="holds none of the known layouts"):
        identify(mine)
    (tmp_path / "wrong.jsonl").write_text("why?", encoding="utf-8")
    assert identify(tmp_path / "wrong.jsonl").layout is Layout.QUESTIONS


def test_identify(data):
    """A path that is no set is refused with what was expected there."""
    assert identify(data / "retrieval" / "scifact").layout is Layout.BEIR
    with pytest.raises(InvalidDataset, match="holds none of the known layouts; expected"):
        identify(data / "reading")
    with pytest.raises(InvalidDataset, match="gone does not exist"):
        identify(data / "gone")
