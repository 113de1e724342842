"""Files read ahead: the same documents in the same order as one by one, within bounds."""

import re
from concurrent.futures import CancelledError
from contextlib import suppress

import pytest

from index.documents import parsing, read_document, reading
from index.documents.folder import Source
from index.documents.reading import FoundFile, Reader
from index.documents.sandbox import ParseLimits
from index.errors import UnreadableDocument

MIB = 1024**2


@pytest.fixture
def files(tmp_path):
    """Two dozen texts, some of which cannot be read."""
    found = []
    for number in range(24):
        path = tmp_path / f"{number:02}.md"
        path.write_text("" if number % 5 == 3 else f"# Part {number}\n\nIt has {number} pages.\n")
        found.append(FoundFile.of(Source(path, path.name)))
    return found


class Parser:
    """In place of a child process: parses here, and counts."""

    parsed = 0

    def __init__(self, limits):
        self.limits = limits

    def parse(self, data, uri):
        Parser.parsed += 1
        return parsing.parse(data, uri)

    def kill(self):
        pass

    close = kill


@pytest.fixture(autouse=True)
def parser(monkeypatch):
    monkeypatch.setattr(reading, "Sandbox", Parser)
    Parser.parsed = 0
    return Parser


def test_files_come_in_order_with_what_became_of_them(files, monkeypatch):
    """Documents and reasons are those of reading one by one."""
    monkeypatch.undo()  # with child processes, once
    with Reader(ParseLimits(), MIB) as reader:
        read = list(reader.read(files))
    assert [one.uri for one in read] == [file.source.uri for file in files]
    assert [one.bytes for one in read] == [file.source.path.stat().st_size for file in files]
    for one, file in zip(read, files, strict=True):
        if file.bytes:
            assert (one.document, one.failure) == (read_document(file.source), "")
        else:
            assert one.document is None
            with pytest.raises(UnreadableDocument, match=re.escape(f"{one.uri}: {one.failure}")):
                read_document(file.source)


def test_no_more_is_read_ahead_than_may_wait(files, parser):
    """Those begun and not yet asked for never have more bytes together than allowed."""
    most = 100
    with Reader(ParseLimits(), most) as reader:
        for taken, one in enumerate(reader.read(files), start=1):
            assert sum(file.bytes for file in files[taken : parser.parsed]) <= most
            assert one.uri == files[taken - 1].source.uri
    assert parser.parsed == len(files)


def test_a_file_larger_than_may_wait_is_read_alone(files):
    """The bound never keeps a file from being read."""
    with Reader(ParseLimits(), 1) as reader:
        assert len(list(reader.read(files))) == len(files)


def test_a_closed_reader_begins_nothing_more(files, parser):
    """What waits is given up, and reading ends."""
    with Reader(ParseLimits(), MIB) as reader:
        read = reader.read(files)
        next(read)
    begun = parser.parsed
    assert begun < len(files)
    with suppress(CancelledError):
        assert len(list(read)) < len(files)
    assert parser.parsed == begun


def test_a_file_that_vanished_has_no_size_and_a_reason(tmp_path):
    """Listed, then gone: reading it says so."""
    file = FoundFile.of(Source(tmp_path / "gone.txt", "gone.txt"))
    with Reader(ParseLimits(), MIB) as reader:
        (read,) = reader.read([file])
    assert (file.bytes, read.document) == (0, None)
    assert "vanished" in read.failure
