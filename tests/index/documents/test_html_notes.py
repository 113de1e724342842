"""Marks of notes are no digits of the word before them."""

import pytest

from index.documents.html import parse

REST = "<p>Long</p>" + "<i>text </i>" * 500  # a mark ends with its link


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('medal.<sup><a href="#n1">1</a></sup> The', "medal.[1] The"),
        ('medal.<a href="#n1"><sup>1</sup></a> The', "medal.[1] The"),
        ('medal.<a epub:type="noteref" href="notes.xhtml#n1">1</a> The', "medal.[1] The"),
        ('9<a class="footnote-ref" href="#fn1" role="doc-noteref"><sup>1</sup></a>', "9[1]"),
        ('<sup role="doc-noteref"><a href="#n">3</a></sup>', "[3]"),
        ('£9,640<sup><a href="#a">2</a>, <a href="#b">3</a></sup>', "£9,640[2], [3]"),
        ('10<sup>6<a href="#n">†</a></sup>', "10^6[†]"),
        # In brackets already, within the link or around it.
        ('x<sup><a href="#n"><span>[</span>4<span>]</span></a></sup>', "x[4]"),
        ('x<sup>[<a href="#n">4</a>]</sup>', "x[4]"),
        # Not a mark: a power, a link in the text, a raised word, a link to another page.
        ('10<sup>6</sup>, <a href="#n">table 2</a>', "10^6, table 2"),
        ('<a href="#n">10<sup>6</sup></a>', "10^6"),
        ('H<sup><a href="#n">the long words</a></sup>', "Hthe long words"),
        ('5<sup><a href="th.html">th</a></sup>', "5th"),
        ('<a role="doc-noteref" href="#n">the note on boats</a>', "the note on boats"),
        ('<sup><a href="#n"></a></sup>x', "x"),
    ],
)
def test_marks_of_notes_stand_in_brackets(source, text):
    """As a reader sees that they are no part of the sentence; nothing else does."""
    assert parse(f"<p>{source}</p>{REST}".encode()).text.split("\n\n")[0] == text
