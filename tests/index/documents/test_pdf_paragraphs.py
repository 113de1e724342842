"""Lines with places and sizes, put together as paragraphs and headings."""

import pytest

from index.documents.pdf_lines import Line
from index.documents.pdf_paragraphs import add_pages
from index.documents.text_blocks import TextBlocks

WIDTH = 5.0  # points a letter


def lines(*texts: str, top: float = 700, left: float = 72, size: float = 10, bold: bool = False):
    """Lines 12 points below each other; an empty one is an empty line."""
    return [
        Line(text, left, left + WIDTH * len(text), y, y, size, bold)
        for row, text in enumerate(texts)
        if text and (y := top - 12 * row)
    ]


def read(*pages) -> TextBlocks:
    text = TextBlocks()
    add_pages(pages, [f"p{row}" for row in range(len(pages))], text)
    return text


LONG = "This line is as long as the column is wide, so that it is full,"
THEN = "Then another line of the width of the column follows upon that,"


def test_an_empty_line_ends_a_paragraph():
    """And nothing else in a column of full lines does."""
    text = read(lines(LONG, LONG, "and ends.", "", LONG, "and ends."))
    assert text.text == f"{LONG}\n{LONG}\nand ends.\n\n{LONG}\nand ends."


def test_a_short_line_ends_a_paragraph_that_is_not_set_apart():
    """The next begins without a gap, but the last had room for its first word."""
    text = read(lines(LONG, "It ends here.", THEN, "another one ends."))
    assert text.text == f"{LONG}\nIt ends here.\n\n{THEN}\nanother one ends."


@pytest.mark.parametrize("mark", ["•", "-", "1.", "(a)", "2)", "b."])
def test_items_of_a_list_are_paragraphs(mark):
    """Whatever marks them, and a second line is of its item."""
    text = read(lines(f"{mark} {LONG}", "and on it goes.", f"{mark} {LONG}", f"{mark} the last"))
    assert text.text == (f"{mark} {LONG}\nand on it goes.\n\n{mark} {LONG}\n\n{mark} the last")


TITLE = "A Title That Is too Long for a Single Line and So Goes on in"


def test_an_abbreviation_is_no_item():
    """A line may begin with the page of a reference."""
    text = read(lines(LONG, f"p. 80, {LONG}"[: len(LONG)], LONG))
    assert "\n\n" not in text.text


def test_sizes_make_levels():
    """20 above 14 above bold letters of the body's size; larger letters of two lines are one."""
    page = [
        *lines(TITLE, "Two Lines", top=760, size=20),
        *lines("Part", top=720, size=14),
        *lines("Detail", top=690, bold=True),
        *lines(LONG, LONG, top=670),
        *lines("Other Part", top=620, size=14),
        *lines(LONG, top=590),
    ]
    assert [(b.section, b.is_heading) for b in read(page).blocks] == [
        ((f"{TITLE} Two Lines",), True),
        ((f"{TITLE} Two Lines", "Part"), True),
        ((f"{TITLE} Two Lines", "Part", "Detail"), True),
        ((f"{TITLE} Two Lines", "Part", "Detail"), False),
        ((f"{TITLE} Two Lines", "Other Part"), True),
        ((f"{TITLE} Two Lines", "Other Part"), False),
    ]


@pytest.mark.parametrize("words", ["x" * 201, "1234 5678", "A bold sentence ends here."])
def test_what_is_no_heading(words):
    """Too long, without a letter, or a sentence in bold."""
    page = [
        *lines(words, top=760, size=10 if words.endswith(".") else 20, bold=True),
        *lines(LONG, LONG, top=700),
    ]
    assert not any(block.is_heading for block in read(page).blocks)


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page():
    """A page begins inside its block; where a sentence ends, a page begins a new one."""
    one = [*lines(LONG, "it goes on", top=100), *lines("in the next column", top=700, left=320)]
    text = read(one, lines("and on the next page. End."), lines("New words."))
    assert text.text == (
        f"{LONG}\nit goes on\nin the next column\nand on the next page. End.\n\nNew words."
    )
    starts = [text.text[at.start :].split()[0] for at in text.places]
    assert starts == ["This", "and", "New"]
    assert [(at.page, at.label) for at in text.places] == [(1, "p0"), (2, "p1"), (3, "p2")]


@pytest.mark.parametrize(
    ("above", "below", "is_one"),
    [
        (LONG, "1936 it ended.", True),
        (LONG, "(as they say) it ended.", True),
        (LONG, "Anna said so.", False),
        ("Short", "1936 was a year.", False),
        (LONG[:-1] + ".", "1936 was a year.", False),
    ],
)
def test_a_figure_goes_on_with_a_full_line_of_the_page_before(above, below, is_one):
    """Not with a short one, and a capital letter begins something of its own."""
    text = read([*lines(LONG, above)], lines(below, LONG))
    assert (f"{above}\n{below}" in text.text) is is_one


def test_small_print_over_pages_is_no_note():
    """It waits for an unfinished sentence to the next page, and no further."""
    begun, rest = lines("It goes on"), lines("after that. It ends.")
    notes = [lines(f"Small print {n}.", size=7) for n in range(2)]
    assert read(begun + lines("Note.", top=100, size=7), rest).text == (
        "It goes on\nafter that. It ends.\n\nNote."
    )
    body = lines(LONG, LONG, LONG)
    assert read(body, begun, *notes, rest).text.endswith(
        "It goes on\n\nSmall print 0.\n\nSmall print 1.\n\nafter that. It ends."
    )


def test_an_empty_page_is_counted():
    """The text after it stands on the page it stands on."""
    text = read(lines("One ends."), [], lines("Three."))
    assert [at.page for at in text.places] == [1, 3]
