"""What is held against what: furniture, pages, and the words of a file, seen to fail."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from extraction import comparison
from extraction.comparison import (
    check_pages,
    compare_files,
    is_on,
    parts_of,
    verify_citations,
    without,
)
from extraction.pdf_writer import Words, column, pdf
from index.build import build
from index.places import PLACE, Places
from index.records import Span
from index.snapshot import Snapshot

PAGES = [
    [
        Words("The Gazette", baseline=770, size=9),
        *column("The ice came early and ships sat fast in"),
    ],
    [
        Words("The Gazette", baseline=770, size=9),
        *column("it for weeks. Nobody complained of that."),
    ],
]


@pytest.fixture
def built(tmp_path, words):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "ice.pdf").write_bytes(pdf(PAGES))
    build([folder], tmp_path / "index", words)
    return Snapshot.open(tmp_path / "index"), folder


def poppler(monkeypatch, *pages: str) -> None:
    """Stands in for pdftotext, so that the suite needs none."""

    def read(_path, page=None):
        return "\f".join(pages) if page is None else pages[page - 1]

    monkeypatch.setattr(comparison, "pdf_text", read)
    monkeypatch.setattr(comparison, "read_again", lambda path, _scratch: read(path))


ONE = "The Gazette\nThe ice came early and ships sat fast in\n"
TWO = "The Gazette\nit for weeks. Nobody complained of that.\n"


def test_furniture_is_told_from_words_lost(monkeypatch, built, tmp_path):
    """The header is counted apart; a word that we lack is lacking."""
    poppler(monkeypatch, ONE, TWO + "Later words")
    (result,) = compare_files(*built, tmp_path)
    assert (result.words, result.left_out, result.lacking) == (18, 4, ("later", "words"))
    assert result.kept == pytest.approx(16 / 18)
    assert result.in_order == 1


def test_a_page_that_is_wrong_is_found(monkeypatch, built):
    """Right as it is; with the pages' words exchanged each part of a sentence is wrong."""
    poppler(monkeypatch, ONE, TWO)
    right = check_pages(*built)
    assert (right.sentences, right.wrong) == (3, ())
    poppler(monkeypatch, TWO, ONE)
    assert len(check_pages(*built).wrong) == 3


def test_citations_are_verified(monkeypatch, built):
    """Each sentence once; a text that has changed under them is told."""
    assert verify_citations(built[0]) == (2, [])
    monkeypatch.setattr(comparison, "faults", lambda *_: ["wrong"])
    assert verify_citations(built[0]) == (2, ["ice.pdf: wrong"] * 2)


@pytest.mark.parametrize(
    ("words", "page", "holds"),
    [
        (["ice"], 1, True),
        (["ice"], 2, False),
        (["fog"], 1, False),
        (["sea"], 1, True),
        ([], 1, True),
    ],
)
def test_a_page_holds_most_and_no_other_more(words, page, holds):
    """What stands on two pages is on either."""
    assert is_on(page, words, [Counter(["ice", "sea"]), Counter(["sea", "sun"])]) is holds


def test_a_span_is_cut_where_its_pages_begin():
    """The parts are the span again, each with its page."""
    rows = [(0, 0, 1, 0, 0), (0, 10, 2, 0, 0), (0, 20, 3, 0, 0)]
    places = Places(np.array(rows, dtype=PLACE), [""])
    assert [*parts_of(places, 0, Span(5, 25))] == [
        (3, Span(20, 25)),
        (2, Span(10, 20)),
        (1, Span(5, 10)),
    ]
    parts = [span for _, span in parts_of(places, 0, Span(0, 30))]
    assert all(later.start == earlier.end for later, earlier in pairwise(parts))


def test_numbers_alone_are_page_numbers():
    """And a header differs from page to page in its number only."""
    text, left_out = without("Gazette, p. 7\nOn 7 ships.\n12\nxii\n", ["Gazette, p. 1"])
    assert (text, left_out) == ("On 7 ships.\n", 5)
