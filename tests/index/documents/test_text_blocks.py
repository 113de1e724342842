"""Canonical text that grows block by block, with its offsets."""

from hypothesis import given
from hypothesis import strategies as st

from index.documents.text_blocks import LINE_GAP, PARAGRAPH_GAP, TextBlocks
from index.records import Block, Place, Span

PIECES = st.text(st.sampled_from("ab \n\tü😀"), max_size=8)


@given(st.lists(st.tuples(PIECES, st.sampled_from([LINE_GAP, PARAGRAPH_GAP]))))
def test_every_block_is_what_was_added(pieces):
    """Sliced out of the text, each block is its piece without the white space around it."""
    text = TextBlocks()
    for piece, gap in pieces:
        text.add(piece, gap)
    said = [piece.strip() for piece, _ in pieces if piece.strip()]
    assert [block.span.of(text.text) for block in text.blocks] == said


def test_gaps_stand_between_blocks_only():
    """None before the first; the one asked for before each other."""
    text = TextBlocks()
    text.add("one")
    text.add("two", LINE_GAP)
    text.add("  \n ")
    text.add("three")
    assert text.text == "one\ntwo\n\nthree"


def test_headings_open_sections():
    """A heading of the same level ends the section before; an empty one is nothing."""
    text = TextBlocks()
    text.add_heading(1, "A  b")
    text.add_heading(2, "C")
    text.add("x")
    text.add_heading(2, " ")
    text.add_heading(1, "D")
    assert text.first_heading == "A b"
    assert [(b.section, b.is_heading) for b in text.blocks] == [
        (("A b",), True),
        (("A b", "C"), True),
        (("A b", "C"), False),
        (("D",), True),
    ]


def test_a_row_is_one_block_and_an_empty_one_is_none():
    """Cells on one line each; white space in them is folded."""
    text = TextBlocks()
    text.add_row(["a\nb", "", " c "])
    text.add_row(["", " "])
    assert text.text == "a b |  | c"
    assert text.blocks == [Block(Span(0, 10))]


def test_places_begin_where_the_text_goes_on():
    """A page on which nothing was added leaves no place; one inside a block is counted there."""
    text = TextBlocks()
    text.turn_to(page=1)
    text.turn_to(page=2, label="ii")
    text.add("one two")
    text.turn_within(4, page=3)
    text.turn_to(page=4)
    text.add("four")
    assert text.places == [Place(0, 2, 0, "ii"), Place(4, 3), Place(7, 4)]
    assert text.text[4:7] == "two"
