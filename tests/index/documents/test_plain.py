"""Plain text is the file; blank lines part its paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.plain import parse
from index.records import Block, Span

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\x0c\x85"))


def read(text):
    extract = parse(text.encode())
    return [block.span.of(extract.text) for block in extract.blocks]


def test_paragraphs_are_blocks():
    """A hard-wrapped paragraph stays one block; lines of white space part paragraphs."""
    text = "\n  First line\nwrapped here.\n \t \nSecond.\n\n\n\nThird \n"
    assert read(text) == ["First line\nwrapped here.", "Second.", "Third"]


def test_a_paragraph_on_each_line():
    """Lines too long to have been wrapped are paragraphs of their own."""
    long_line = "word " * 40
    assert read(f"{long_line}\n{long_line}\nshort") == [
        long_line.strip(),
        long_line.strip(),
        "short",
    ]
    assert read(f"short\nshort\nshort\n{long_line}") == [
        f"short\nshort\nshort\n{long_line}".strip()
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Drills near the border\n\nWarships sailed.", "Drills near the border"),
        ("  What is NATO? \n\nAn alliance.", "What is NATO?"),
        ("Drills near the border\nWarships sailed.\n\nMore.", None),  # no blank line
        ("Warships sailed.\n\nMore.", None),  # a sentence
        ("Drills near the border", None),  # nothing follows
        ("* * *\n\nMore.", None),  # no words
        (f"{'long ' * 30}\n\nMore.", None),
    ],
)
def test_a_title_is_a_short_first_line_that_stands_alone(text, title):
    """Only what plainly is a title is taken for one."""
    assert parse(text.encode()).title == title


def sections(text):
    extract = parse(text.encode())
    return [(block.span.of(extract.text), block.section) for block in extract.blocks]


def test_a_short_line_above_a_sentence_opens_a_section():
    """As newspapers do; the title stands above all sections, its text belongs to none."""
    text = "The title\n\nFirst text.\n\nOn the move\n\nOn.\n\n“Far.”\n\nOn the move\n\nEnd."
    move = ("On the move",)
    assert parse(text.encode()).blocks == (
        Block(Span(0, 9)),
        Block(Span(11, 22)),
        Block(Span(24, 35), move, is_heading=True),
        Block(Span(37, 40), move),
        Block(Span(42, 48), move),
        Block(Span(50, 61), move, is_heading=True),
        Block(Span(63, 67), move),
    )
    assert sections("Title\n\nText.\n\nTroops ‘on the move’\n\nThey moved.")[2:] == [
        ("Troops ‘on the move’", ("Troops ‘on the move’",)),
        ("They moved.", ("Troops ‘on the move’",)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "A sentence ends.",
        "He said “so”.",
        "“Quite a quotation, indeed.”",
        "lower case line",
        "Word",
        "L" + "ong " * 30,
        "Two lines\nwrapped here",
        "Is it so?",
    ],
)
def test_what_may_be_a_sentence_or_a_fragment_heads_nothing(line):
    """Only what plainly is a heading opens a section."""
    assert {section for _, section in sections(f"Title line\n\n{line}\n\nText.")} == {()}


def test_short_lines_in_a_row_are_no_headings_but_the_last():
    """Of a poem's or a list's lines only one with a sentence below could head it."""
    text = "Title line\n\nRoses are red\n\nViolets are blue\n\nSo it goes\n"
    assert {section for _, section in sections(text)} == {()}


@given(TEXTS)
def test_blocks_hold_every_visible_character(text):
    """The canonical text is the file; blocks are in order and hold all that is not white space."""
    extract = parse(text.encode())
    assert extract.text == text.removeprefix("\ufeff")
    ends = [0]
    for block in extract.blocks:
        assert ends[-1] <= block.span.start < block.span.end
        assert block.span.of(extract.text) == block.span.of(extract.text).strip()
        ends.append(block.span.end)
    inside = "".join(block.span.of(extract.text) for block in extract.blocks)
    assert "".join(inside.split()) == "".join(extract.text.split())


def test_a_long_line_of_white_space_is_read_in_time():
    """A million spaces are one blank line, not a million places to begin."""
    assert read("a\n" + " " * 1_000_000 + "\nb") == ["a", "b"]
