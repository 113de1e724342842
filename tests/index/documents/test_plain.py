"""Plain text is the file; blank lines part its paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.plain import parse

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
