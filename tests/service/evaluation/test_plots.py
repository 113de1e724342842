"""Pictures of confidence."""

from __future__ import annotations

import re

import pytest

from service.evaluation.plots import draw, svg
from service.evaluation.reading import ReadQuestion, reading_figures


def figures(count):
    questions = [
        ReadQuestion(
            str(at), at % 3 > 0, ("x",) if at % 3 else (), "x" if at % 2 else "y", at / 100
        )
        for at in range(count)
    ]
    return reading_figures(questions, 0.4)


@pytest.mark.parametrize("count", [1, 2, 100])
def test_draw(tmp_path, count):
    """Both pictures are written in both formats, of one question as of many."""
    paths = draw(figures(count), tmp_path / "plots", "reading/set.json")
    assert sorted(path.name for path in paths) == [
        "reading--set-reliability.png",
        "reading--set-reliability.svg",
        "reading--set-risk-coverage.png",
        "reading--set-risk-coverage.svg",
    ]
    for path in paths:
        start = path.read_bytes()[:8]
        assert start == b"\x89PNG\r\n\x1a\n" if path.suffix == ".png" else start == b"<?xml ve"


def test_same_figures_same_file(tmp_path):
    """A picture is its figures: drawn again it is the same, byte for byte."""
    first, again = (draw(figures(50), tmp_path / name, "set.jsonl") for name in ("first", "again"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_labels(tmp_path):
    """The number of questions, the error and the threshold are drawn."""
    found = figures(100)
    drawn = {path.name: path for path in draw(found, tmp_path, "set.jsonl")}
    # Letters are drawn as paths; the comment before each run of them holds its words.
    words = re.findall(r"<!-- (.*?) -->", drawn["set-reliability.svg"].read_text(encoding="utf-8"))
    assert f"Reliability: n = 100, ECE = {found.ece:.3f}" in words
    assert "threshold 0.40" in words


def test_nothing_known(tmp_path):
    """Without a question whose truth is known nothing is drawn."""
    unknown = reading_figures([ReadQuestion("a", True, (), "x", 0.5)], 0.5)
    assert draw(unknown, tmp_path / "plots", "set") == []


def test_elements_are_the_files(tmp_path):
    """What stands in a page is what stands in the file, without the file's prolog."""
    found = figures(20)
    files = [path.read_text("utf-8") for path in draw(found, tmp_path, "s") if ".svg" in path.name]
    for file, element in zip(files, svg(found).values(), strict=True):
        assert element.startswith("<svg")
        assert file.endswith(element)
