"""The section path follows the headings."""

from index.documents.outline import LONGEST_HEADING, Outline


def test_a_heading_closes_those_of_its_level_and_deeper():
    """Levels may be skipped down and up."""
    outline, paths = Outline(), []
    for level, heading in [(2, "A"), (4, "B"), (3, "C"), (1, "D"), (6, "E"), (6, "F")]:
        outline.open(level, heading)
        paths.append(outline.path)
    assert paths == [("A",), ("A", "B"), ("A", "C"), ("D",), ("D", "E"), ("D", "F")]


def test_an_empty_heading_is_none():
    """A heading without words neither opens nor closes a section."""
    outline = Outline()
    outline.open(1, "A")
    outline.open(1, " \n ")
    assert outline.path == ("A",)


def test_headings_are_one_line_and_bounded():
    """White space is folded, and a runaway heading is cut."""
    outline = Outline()
    outline.open(1, "two\n  words")
    outline.open(2, "x" * 10_000)
    assert outline.path == ("two words", "x" * LONGEST_HEADING)
