"""The order that the reader gives."""

from __future__ import annotations

import numpy as np

from index.build import build
from index.records import Hit
from service.evaluation.reranking import RerankedSearch, Reranker


def opened_at(bench, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(8):
        text = f"Note {number} is on rain. " + ("It falls in Wales. " if number == 5 else "")
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    build([folder], tmp_path / "index", bench.encoder, bench.build)
    return bench.open(tmp_path / "index")


def test_only_what_is_read_moves(reading_bench, tmp_path):
    """The first ``depth`` rows are the same in another order, the rest stand as retrieved."""
    opened = opened_at(reading_bench, tmp_path)
    question = "where in Wales falls rain?"
    hits = opened.retriever.rank(question, reading_bench.encode([question])[0], 8)[::-1]
    plain = [hit.row for hit in hits]
    order = Reranker(reading_bench.reader, 4).order(opened.retriever, question, hits)
    assert sorted(order[:4]) == sorted(plain[:4])
    assert order[4:] == plain[4:]
    whole = Reranker(reading_bench.reader, 8).order(opened.retriever, question, hits)
    # Retrieved last here, first read: it alone holds all the words.
    assert whole[0] == plain[-1]


def test_too_long_or_nothing(reading_bench, tmp_path):
    """A question that cannot be read leaves the order, no hit gives none."""
    opened = opened_at(reading_bench, tmp_path)
    reranker = Reranker(reading_bench.reader, 4)
    hits = [Hit(row, 0.5, 1.0, 0.5, ()) for row in (3, 1, 2)]
    long = " ".join(f"word{number}" for number in range(99))
    assert reranker.order(opened.retriever, long, hits) == [3, 1, 2]
    assert reranker.order(opened.retriever, "where?", []) == []


def test_deeper_only_lengthens(reading_bench, tmp_path):
    """A deeper search begins with the shallower one and holds every row once."""
    opened = opened_at(reading_bench, tmp_path)
    question = "where in Wales falls rain?"
    vector = reading_bench.encode([question])[0]
    search = RerankedSearch(Reranker(reading_bench.reader, 2), opened.retriever, question, vector)
    few, all_of_them = search(3), search(8)
    assert all_of_them[:3] == few
    assert sorted(all_of_them) == list(range(8))
    assert np.unique(all_of_them).size == 8
