"""reStructuredText: what docutils reads, and what it does not know, kept."""

import pytest

from index.documents.rst import parse
from index.errors import UnreadableDocument

SOURCE = """\
=============
Harbour Guide
=============

:Author: A. Ozols
:Date: 2024-02-29

.. a comment nobody reads

Ice
===

It *grows* in ``November`` and `goes <https://example.org>`_ in April [1]_.

- one
- two

.. [1] Mostly.

Numbers
-------

====  ======
Town  People
====  ======
Riga  605270
====  ======

.. note:: Mind the **gap**.

::

    code
      stays

Later
=====

.. toctree::

   unknown directive

A :ref:`role` of others.

| verse one
| verse two
"""


def test_a_guide_whole():
    """Sections, lists, tables, notes, code and verse; comments are out."""
    extract = parse(SOURCE.encode())
    assert [(b.section[1:], b.span.of(extract.text)) for b in extract.blocks] == [
        ((), "Harbour Guide"),
        ((), "Author: A. Ozols"),
        ((), "Date: 2024-02-29"),
        (("Ice",), "Ice"),
        (("Ice",), "It grows in November and goes in April [1]."),
        (("Ice",), "one"),
        (("Ice",), "two"),
        (("Ice",), "[1] Mostly."),
        (("Ice", "Numbers"), "Numbers"),
        (("Ice", "Numbers"), "Town | People"),
        (("Ice", "Numbers"), "Riga | 605270"),
        (("Ice", "Numbers"), "Note: Mind the gap."),
        (("Ice", "Numbers"), "code\n  stays"),
        (("Later",), "Later"),
        (("Later",), ".. toctree::\n\n   unknown directive"),
        (("Later",), "A :ref:`role` of others."),
        (("Later",), "verse one\nverse two"),
    ]
    assert extract.title == "Harbour Guide"
    assert extract.metadata == {"author": "A. Ozols", "date": "2024-02-29"}


@pytest.mark.parametrize(
    "directive",
    [
        ".. include:: {}",
        ".. raw:: html\n   :file: {}",
        ".. csv-table::\n   :file: {}",
        ".. literalinclude:: {}",
    ],
)
def test_no_other_file_is_read(tmp_path, directive):
    """Whatever directive names it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden words")
    source = f"Words.\n\n{directive.format(secret)}\n"
    extract = parse(source.encode())
    assert extract.text.startswith("Words.")
    assert "hidden words" not in extract.text


def test_raw_markup_is_not_text():
    """It was meant for another writer."""
    assert "script" not in parse(b"Words.\n\n.. raw:: html\n\n   <script>x</script>\n").text


def test_broken_markup_is_read_as_it_stands():
    """A title too short, an open emphasis, a table awry: the words stay."""
    text = parse(b"Title\n==\n\nAn *open emphasis.\n\n=== ===\nawry\n\nEnd.\n").text
    for word in ("Title", "open emphasis", "awry", "End."):
        assert word in text


def test_binary_content_is_refused():
    """In a sentence."""
    with pytest.raises(UnreadableDocument):
        parse(b"\x00\x01\x02\x03" * 20)


def test_cells_that_span_are_said_in_every_row_and_column():
    """As the drawn table shows them."""
    table = """
+-------+--------+-------+-------+
| Zone  | Ticket | Adult | Child |
+=======+========+=======+=======+
| Inner | Single | 2.40  | 1.20  |
|       +--------+-------+-------+
|       | Day    | 5.10          |
+-------+--------+-------+-------+
"""
    assert parse(table.encode()).text.split("\n\n") == [
        "Zone | Ticket | Adult | Child",
        "Inner | Single | 2.40 | 1.20",
        "Inner | Day | 5.10 | 5.10",
    ]
