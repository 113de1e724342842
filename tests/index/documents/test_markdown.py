"""Markdown keeps its file as the canonical text and finds the blocks in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.documents.markdown import parse
from index.records import Block, Span

DOCUMENT = """---
title: The report
tags: [a, b]
---
Before any heading.

# Drills *near* [the border](u) ##

One paragraph,
hard-wrapped.

Sea
---

- first item
  continued

  its second paragraph
  - nested
1. numbered

> quoted
> # inside
> again
lazily

| a | b |
|---|---|
| 1 | 2 |

<!-- a note
# no heading
--> after it

<div>shown</div>

<script>
hidden()
</script>

[link]: /target "title"
After a definition.

```python
# no heading
```

    indented code

***

### Deep & `code`
## Last
"""

SEA = ("Drills near the border", "Sea")
EXPECTED = [
    ((), "Before any heading."),
    (SEA[:1], "# Drills *near* [the border](u) ##"),
    (SEA[:1], "One paragraph,\nhard-wrapped."),
    (SEA, "Sea"),
    (SEA, "- first item\n  continued"),
    (SEA, "its second paragraph"),
    (SEA, "- nested"),
    (SEA, "1. numbered"),
    (SEA, "> quoted"),
    (SEA, "> # inside"),
    (SEA, "> again\nlazily"),
    (SEA, "| a | b |"),
    (SEA, "| 1 | 2 |"),
    (SEA, "after it"),
    (SEA, "<div>shown</div>"),
    (SEA, "After a definition."),
    (SEA, "```python\n# no heading\n```"),
    (SEA, "indented code"),
    ((*SEA, "Deep & code"), "### Deep & `code`"),
    (("Drills near the border", "Last"), "## Last"),
]


HEADINGS = ["# Drills *near* [the border](u) ##", "Sea", "### Deep & `code`", "## Last"]


def blocks_of(text):
    extract = parse(text.encode())
    return [(block.section, block.span.of(extract.text)) for block in extract.blocks]


def texts_of(text):
    return [block for _, block in blocks_of(text)]


def test_every_kind_of_block():
    """Each block is whole lines under its section; front matter, notes and definitions are out."""
    assert blocks_of(DOCUMENT) == EXPECTED


def headings_of(text):
    extract = parse(text.encode())
    return [block.span.of(extract.text) for block in extract.blocks if block.is_heading]


def test_headings_are_the_blocks_that_open_a_section():
    """Also one of the same name as the last; none in a quote or a list, none without words."""
    assert headings_of(DOCUMENT) == HEADINGS
    assert headings_of("# A\n\n## Same\n\nSame\n\n## Same\n\n- # In a list\n\n##\n\ntext") == [
        "# A",
        "## Same",
        "## Same",
    ]
    assert parse(b"# A b #\n\nText.").blocks == (
        Block(Span(0, 7), ("A b",), is_heading=True),
        Block(Span(9, 14), ("A b",)),
    )


def test_line_ends_and_a_byte_order_mark_change_no_block():
    """A Windows file has the same blocks."""
    windows = b"\xef\xbb\xbf" + DOCUMENT.replace("\n", "\r\n").encode()
    assert parse(windows) == parse(DOCUMENT.encode())


def test_characters_that_look_like_line_ends_are_none():
    """Form feeds, next lines and separators are part of their line, and shift no offset."""
    text = "a\x0cb\x85c\u2028d\u2029e\x0bf\n\n# H\x0c2\n\nend 😀 of it\n\nlast"
    assert texts_of(text) == [
        "a\x0cb\x85c\u2028d\u2029e\x0bf",
        "# H\x0c2",
        "end 😀 of it",
        "last",
    ]


def test_front_matter_is_metadata():
    """Its title is the title, the rest are fields."""
    extract = parse(DOCUMENT.encode())
    assert extract.title == "The report"
    assert extract.metadata == {"tags": ("a", "b")}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("## Second\n# First\n# Other", "First"),
        ("## Second\n### Third", "Second"),
        ("> # Quoted\n\ntext", None),
        ("#\n# Real", "Real"),
        ("text", None),
        ("---\ntitle: 1984\n---\n# H", "1984"),
        ("---\ntitle:\n---\n# H", "H"),
        ("---\ntitle: [a, b]\n---\n# H", "a, b"),
        ("# A \\* &amp; ![alt *x*](y) <b>z</b>", "A * & alt x z"),
    ],
)
def test_titles(text, title):
    """Front matter, then the first heading of level 1, then the first of any."""
    assert parse(text.encode()).title == title


def test_broken_front_matter_loses_nothing_else():
    """The document is read, and its metadata says why the front matter was not."""
    extract = parse(b"---\ntitle: a: b\n---\n# Head\n\ntext")
    assert extract.title == "Head"
    assert extract.metadata["front_matter_error"].startswith("not valid YAML")
    assert [block.span.of(extract.text) for block in extract.blocks] == ["# Head", "text"]


def test_rules_around_prose_are_no_front_matter():
    """What is no mapping is read as the Markdown it is."""
    assert blocks_of("---\nSome words\n---\nText") == [
        (("Some words",), "Some words"),
        (("Some words",), "Text"),
    ]
    assert texts_of("---\nnever closed: x\n\ntext") == ["never closed: x", "text"]


@pytest.mark.parametrize(
    "text", ["", "\n", "---", "---\n", "---\n---", "---\n\n", "---\n...", "***"]
)
def test_nothing_to_read(text):
    """Empty files, bare rules and empty front matter have no blocks."""
    assert texts_of(text) == []


def test_text_nested_deeper_than_the_parser_goes_is_kept():
    """Two hundred quote marks, or lists in lists, hide no words."""
    assert texts_of(">" * 200 + " deep\n\nflat") == [">" * 200 + " deep", "flat"]
    nested = "".join(f"{'  ' * level}- item {level}\n" for level in range(150))
    words = " ".join(texts_of(nested))
    assert all(f"item {level}" in words for level in range(150))


@pytest.mark.parametrize(
    "text",
    [
        ">" * 100_000 + " x",
        "[" * 100_000 + "x",
        "# " + "[" * 100_000 + "x",
        "# " + "*a_" * 30_000,
        "- " * 50_000 + "x",
        "<!--\n" * 20_000 + "x",
        "|a" * 20_000 + "\n" + "|-" * 20_000 + "\nx",
        "`" * 100_000 + "x",
        "<a " * 50_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_markup_is_read(text):
    """A hundred thousand openings neither crash nor stall the parser."""
    assert all(block in text for block in texts_of(text))


OPENINGS = ["# ", "## ", "- ", "> ", "1. ", "```\n", "    ", "|", "|-|-|\n", "---\n", "===\n"]
INSIDES = ["<!--", "-->", "<div>", "[a]: b\n", "*", "`", "x: y\n", "word ", "Ⅷ", "😀", "e\u0301"]
SPACES = ["\n", "\n\n", "\r\n", "\t", "\x0c", "\u2028", "\u202e", "שלום"]
MARKUP = st.sampled_from(OPENINGS + INSIDES + SPACES)


@given(
    st.lists(st.one_of(MARKUP, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)))
)
def test_blocks_lie_in_the_file(pieces):
    """The text is the file with LF line ends; blocks are trimmed, disjoint and in order."""
    data = "".join(pieces).encode()
    extract = parse(data)
    expected = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    assert extract.text == expected
    end, section = 0, ()
    for block in extract.blocks:
        assert block.is_heading or block.section == section
        section = block.section
        assert end <= block.span.start < block.span.end <= len(expected)
        assert block.span.of(expected) == block.span.of(expected).strip()
        end = block.span.end
    assert parse(data) == extract


@given(
    st.lists(st.one_of(MARKUP.filter(lambda m: m[:2] not in ("<!", "<d", "--")), st.just("word ")))
)
def test_every_paragraph_of_the_reference_parser_is_in_a_block(pieces):
    """What CommonMark renders as text is inside the blocks, word for word."""
    text = "".join(pieces).replace("\r\n", "\n")
    extract = parse(text.encode())
    inside = "".join(extract.text[b.span.start : b.span.end] + "\n" for b in extract.blocks)
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            for word in token.content.split():
                assert word in inside
