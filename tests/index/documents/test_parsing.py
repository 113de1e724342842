"""A suffix's parser, and a sentence for whatever it makes of a file."""

import builtins
import sys

import pytest

from index.documents import parsing as module
from index.documents import plain
from index.documents.extract import Extract
from index.documents.parsing import parse
from index.errors import UnreadableDocument
from index.records import Block, Span


def test_only_the_suffix_counts():
    """Of whatever folder and case."""
    assert parse(b"a,b\n1,2\n", "x/y.z/A.CSV").text == "a | b\n1 | 2".replace(
        "1 | 2", "a: 1 | b: 2"
    )
    with pytest.raises(UnreadableDocument, match=r"not supported; supported are .txt, "):
        parse(b"x", "csv")


@pytest.mark.parametrize("uri", ["a.pdf", "a.docx", "a.json", "a.eml", "a.csv", "a.txt"])
def test_an_empty_file_is_empty_whatever_it_is_called(uri):
    """Said before any parser is asked."""
    with pytest.raises(UnreadableDocument, match="it is empty"):
        parse(b" \n\t", uri)


@pytest.mark.parametrize("uri", ["a.pdf", "a.docx", "a.pptx", "a.xlsx", "a.epub"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n", "PNG"),
        (b"{\\rtf1 x}", "RTF"),
        (b"<html>x</html>", "markup"),
        (b"x", "damaged"),
    ],
)
def test_a_wrong_suffix_is_told(uri, data, kind):
    """By what the content is."""
    with pytest.raises(UnreadableDocument, match=kind):
        parse(data, uri)


def test_a_package_that_is_missing_is_named(monkeypatch):
    """With the command that installs it."""
    monkeypatch.delitem(sys.modules, "index.documents.rst", raising=False)
    for name in [name for name in sys.modules if name.split(".")[0] == "docutils"]:
        monkeypatch.delitem(sys.modules, name)
    really = builtins.__import__

    def refusing(name, *rest):
        if name.split(".")[0] == "docutils":
            raise ModuleNotFoundError("No module named 'docutils'", name="docutils")
        return really(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refusing)
    with pytest.raises(
        UnreadableDocument, match=r"package docutils.*pip install 'quoth\[formats\]'"
    ):
        parse(b"x", "a.rst")


def test_too_much_text_is_refused(monkeypatch):
    """Characters and blocks alike, with both numbers."""
    monkeypatch.setattr(module, "MAX_CHARACTERS", 10)
    with pytest.raises(UnreadableDocument, match="11 characters of text, more than the 10"):
        parse(b"x" * 11, "a.txt")
    monkeypatch.setattr(module, "MAX_BLOCKS", 2)
    assert parse(b"a\n\nb", "a.txt").text == "a\n\nb"
    with pytest.raises(UnreadableDocument, match="3 paragraphs or rows, more than the 2"):
        parse(b"a\n\nb\n\nc", "a.txt")


def test_text_without_a_block_is_no_document(monkeypatch):
    """Something must be there to be cited."""
    monkeypatch.setattr(plain, "parse", lambda _data: Extract("x", None, ()))
    with pytest.raises(UnreadableDocument, match="no readable text"):
        parse(b"x", "a.txt")
    whole = Extract("x", None, (Block(Span(0, 1)),))
    monkeypatch.setattr(plain, "parse", lambda _data: whole)
    assert parse(b"x", "a.txt") is whole
