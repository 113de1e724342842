"""What docutils adds to a document of its own, and what of it is text."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.rst import parse

WORDS = ("quib", "zonk", "vraz", "jolp", "gremf")
LINES = """\
{0}
{0} {1}.
*{0} {1}
**{0}* `{1}` ``{0}
`{0}`_ __ {1}_ |{0}|
:ref:`{0}` :{1}:`{0}` :sub:`{1}
{0} [1]_ [#]_ [*]_ [{0}]_ [#{1}]_ {1}
.. [1] {0}
.. [#] {0}
.. [{0}] {1}
.. note::
.. warning:: {0}
.. admonition:: {0} `{1}
.. {0}:: {1}
.. {0} {1}
.. image:: {0}
.. code:: {0}
.. include:: {0}
.. table:: {0}
.. list-table:: {0}
.. csv-table:: {0}
.. math:: {0}
.. topic:: {0}
.. class:: {0}
.. role:: {0}
.. contents:: {0}
.. sectnum::
.. |{0}| replace:: {1}
.. |{0}| image::
.. _{0}: {1}_
.. epigraph::
:{0}: {1}
:author: {0}
- {0}
* - {0}
3. {0}
| {0}
>>> {0}
-{0}  {1}
====  ====
==  =======
\\     {0}
{0}   {1}
+----+-------+
| {0} | {1} |
====
===
~~~~~~~
^^^^
{0}::
::
""".splitlines()
line = st.builds(
    lambda indent, template, one, other, gap: " " * indent + template.format(one, other) + gap,
    st.sampled_from([0, 0, 0, 2, 3, 4]),
    st.sampled_from(LINES),
    st.sampled_from(WORDS),
    st.sampled_from(WORDS),
    st.sampled_from(["\n", "\n\n"]),
)
SOURCES = st.lists(line, max_size=14).map("".join)


def words_of(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in re.findall(r"[^\W\d_]+", text))


@given(SOURCES)
def test_every_word_is_the_author_s(source):
    """However broken the markup, no word is read that is not in the source, nor one oftener
    than there, but where a substitution repeats it.
    """
    said, written = words_of(parse(source.encode()).text), words_of(source)
    assert said.keys() <= written.keys()
    if ".. |" not in source:
        assert said <= written


CORNER = """\
=====  ======
\\      North
=====  ======
Alpha  10 m
=====  ======
"""


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        (CORNER, ["| North", "Alpha | 10 m"]),
        # What is quoted stands in the tree, and what is quoted stands nowhere else.
        ("Quib zonk\n=====\n\nText.\n", ["Quib zonk", "Text."]),
        ("- Quib zonk\n  =====\n", ["Quib zonk\n====="]),
        ("==  ==\nabcd e\n==  ==\n", ["==  ==\nabcd e\n==  =="]),
        (
            "========  ===\n.. x:: y  one\nb         *c\n========  ===\n",
            [".. x:: y | one", "b | *c"],
        ),
        ("An `odd`_ [9]_ |quib| *end.\n", ["An `odd`_ [9]_ |quib| *end."]),
    ],
)
def test_complaints_are_not_text(source, blocks):
    """They quote at most what would be lost, and the author's own markup stays as it stands."""
    assert read(source) == blocks


def read(source: str) -> list[str]:
    extract = parse(source.encode())
    return [block.span.of(extract.text) for block in extract.blocks]


def test_a_table_of_contents_is_no_text():
    """Nor is one of a section; a topic that an author called so is."""
    source = "A\n=\n\n.. contents:: Here\n\nB\n-\n\n.. contents::\n   :local:\n\nC\n~\n\nText.\n"
    own = "\n.. topic:: Box\n   :class: contents\n\n   Own words, `linked <https://x.example>`_.\n"
    assert read(source + own) == ["A", "B", "C", "Text.", "Box", "Own words, linked."]


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        (".. warning:: Never run it.\n", ["Warning: Never run it."]),
        (".. danger::\n\n   One.\n\n   Two.\n", ["Danger: One.", "Two."]),
        (".. tip::\n\n   - one\n   - two\n", ["Tip:", "one", "two"]),
        (".. admonition:: By the *way*\n\n   Text.\n", ["By the way", "Text."]),
    ],
)
def test_notices_say_what_they_are(source, blocks):
    """As docutils shows them: the label, or the title, before the text."""
    assert read(source) == blocks


def test_options_of_commands_are_whole():
    """With what they take, as they are typed."""
    assert read("-oFILE, --out=FILE  Where to.\n-v  Loud.\n") == [
        "-oFILE, --out=FILE",
        "Where to.",
        "-v",
        "Loud.",
    ]


def test_marks_of_notes_stand_apart_from_the_sentence():
    """In brackets, as their notes are."""
    source = (
        "Kept for 14 days [#]_. Costs 14\\ [1]_, by [Ozols]_ [*]_.\n\n"
        ".. [#] Or 15.\n.. [1] Or 16.\n.. [Ozols] Of 1999.\n.. [*] Or not.\n"
    )
    assert read(source) == [
        "Kept for 14 days [2]. Costs 14[1], by [Ozols] [*].",
        "[2] Or 15.",
        "[1] Or 16.",
        "[Ozols] Of 1999.",
        "[*] Or not.",
    ]
