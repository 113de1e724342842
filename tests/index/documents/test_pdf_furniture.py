"""Running headers, footers and page numbers, told from what the pages say."""

import pytest

from index.documents.pdf_furniture import without_furniture
from index.documents.pdf_lines import Line


def line(text: str, top: float, size: float = 10.0) -> Line:
    return Line(text, 72, 72 + 5 * len(text), top, top, size, False)


def body(page: int) -> list[Line]:
    """Three lines that differ from page to page in more than a number."""
    words = ["ice", "sea", "wind", "snow", "rain", "sun"][page % 6]
    return [line(f"Of {words} there was {part}.", 600 - 12 * row) for row, part in enumerate("abc")]


def left(pages, holds_pictures=None):
    kept, furniture = without_furniture(pages, holds_pictures or [False] * len(pages))
    return [[each.text for each in lines] for lines in kept], furniture


def test_the_same_line_on_every_page_goes():
    """At the top and at the bottom; each wording is named once."""
    pages = [[line("Yearbook", 770), *body(n), line("Harbour Press", 30)] for n in range(4)]
    kept, furniture = left(pages)
    assert kept == [[each.text for each in body(n)] for n in range(4)]
    assert furniture == ("Yearbook", "Harbour Press")


@pytest.mark.parametrize(
    "numbers",
    [
        ["1", "2", "3"],
        ["iv", "v", "vi"],
        ["Page 9 of 20", "Page 10 of 20", "Page 11 of 20"],
        ["- 3 -", "- 4 -", "- 5 -"],
    ],
)
def test_page_numbers_go_where_they_count_the_pages(numbers):
    """Arabic, Roman, in words."""
    kept, _ = left([[*body(n), line(number, 30)] for n, number in enumerate(numbers)])
    assert kept == [[each.text for each in body(n)] for n in range(3)]


@pytest.mark.parametrize("numbers", [["1", "5", "4"], ["1998", "2003", "2001"]])
def test_numbers_that_do_not_count_pages_stay(numbers):
    """A table's last row may well be a number."""
    kept, _ = left([[*body(n), line(number, 30)] for n, number in enumerate(numbers)])
    assert [lines[-1] for lines in kept] == numbers


def test_left_and_right_pages_have_headers_of_their_own():
    """The page after next says the same."""
    heads = ["Book", "Chapter", "Book", "Chapter"]
    kept, furniture = left([[line(head, 770), *body(n)] for n, head in enumerate(heads)])
    assert kept == [[each.text for each in body(n)] for n in range(4)]
    assert set(furniture) == {"Book", "Chapter"}


def test_a_line_next_to_the_body_stays():
    """Without a gap it is the body's own: a table's heading on two pages, say."""
    pages = [[line("Town People", 612), *body(n)] for n in range(3)]
    assert left(pages)[0] == [[each.text for each in lines] for lines in pages]


def test_the_same_words_at_another_height_stay():
    """A heading that two chapters share is not furniture."""
    pages = [[line("Summary", 770 - 60 * n), *body(n)] for n in range(3)]
    assert [lines[0] for lines in left(pages)[0]] == ["Summary"] * 3


def test_a_page_that_is_nothing_else_keeps_it():
    """Unless it is a picture, with a stamp on it."""
    pages = [[line("Annex", 770)]] * 3
    assert left(pages)[0] == [["Annex"]] * 3
    assert left(pages, [True] * 3)[0] == [[], [], []]


def test_one_page_has_no_furniture():
    """There is nothing it repeats."""
    pages = [[line("Yearbook", 770), *body(0)]]
    assert left(pages)[0] == [[each.text for each in pages[0]]]
