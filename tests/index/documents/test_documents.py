"""A file becomes a document, or one sentence that says why not."""

import os
from hashlib import sha256

import pytest

import index.documents
from index.documents import MAX_DOCUMENT_BYTES, read_document
from index.documents.extract import Extract
from index.documents.folder import Source
from index.errors import UnreadableDocument
from index.records import Block, Span


@pytest.fixture
def write(tmp_path):
    def write(uri, data):
        path = tmp_path / uri.replace("/", "-")
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return Source(path, uri)

    return write


def test_a_document_whole(write):
    """Every field is what the file and its place say."""
    data = b"---\nyear: 2022\nuri: liar\nfolder: liar\n---\r\n# Head\r\n\r\nText.\r\n"
    document = read_document(write("reports/2022/a.md", data))
    assert document.uri == "reports/2022/a.md"
    assert document.title == "Head"
    assert document.media_type == "text/markdown"
    assert document.text == data.decode().replace("\r\n", "\n")
    assert document.source_sha256 == sha256(data).hexdigest()
    assert document.metadata == {"year": 2022, "folder": "reports/2022"}
    start = document.text.index("# Head")
    assert document.blocks == (
        Block(Span(start, start + 6), ("Head",), is_heading=True),
        Block(Span(start + 8, start + 13), ("Head",)),
    )


@pytest.mark.parametrize(
    ("uri", "data", "title"),
    [
        ("a/troop_movements-2022.txt", "One paragraph only.", "troop movements 2022"),
        ("notes.v2.TXT", "One.", "notes.v2"),
        ("a.md", "# A  *title*\n", "A title"),
        ("a.html", "<title>A\n title</title>x", "A title"),
        ("___.txt", "x", ""),
    ],
)
def test_titles(write, uri, data, title):
    """What the format states, else the file's name in words."""
    assert read_document(write(uri, data)).title == title


def test_a_long_title_is_cut(write):
    """A title is for showing: 300 characters at most."""
    title = read_document(write("a.md", "# " + "word " * 200)).title
    assert len(title) <= 300
    assert title.endswith("…")


def test_a_latin_file_says_so(write):
    """The encoding is metadata where it is not UTF-8, and the hash is of the raw bytes."""
    document = read_document(write("a.txt", "naïve".encode("latin-1")))
    assert document.text == "naïve"
    assert document.metadata == {"encoding": "cp1252"}
    assert document.source_sha256 == sha256(b"na\xefve").hexdigest()


@pytest.mark.parametrize(
    ("uri", "data", "reason"),
    [
        ("a/empty.txt", b"", "is empty"),
        ("a.txt", b" \r\n\t ", "is empty"),
        ("a.txt", b"\xef\xbb\xbf\n", "is empty"),
        ("a.txt", "\u3000\u00a0".encode(), "is empty"),
        ("a.md", b"---\ntitle: x\n---\n", "no readable text"),
        ("a.md", b"<!-- only a note -->", "no readable text"),
        ("a.html", b"<script>x</script>", "is empty"),
        ("a.txt", b"\x7fELF\x02\x01\x01", "program"),
        ("a.md", b"a\x00b", "NUL"),
        ("a.mp3", b"ID3", "not supported"),
    ],
)
def test_what_cannot_be_read_says_why(write, uri, data, reason):
    """The message begins with the file and names the cause."""
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        read_document(write(uri, data))
    assert str(caught.value).startswith(f"{uri}: ")


def test_a_file_over_the_limit(write):
    """One byte more than the limit is too much; the limit itself is not."""
    source = write("big.txt", b"x")
    os.truncate(source.path, MAX_DOCUMENT_BYTES + 1)
    with pytest.raises(UnreadableDocument, match="over 64 MiB"):
        read_document(source)


def test_a_file_that_grows_while_it_is_read_is_no_document(write, monkeypatch):
    """Half of what somebody is writing is never taken for the whole."""
    source, fdopen = write("growing.txt", b"The first half"), os.fdopen

    class Growing:
        def __init__(self, *how):
            self._file = fdopen(*how)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def fileno(self):
            return self._file.fileno()

        def read(self, most):
            data = self._file.read(most)
            with source.path.open("ab") as other:
                other.write(b" and the second.")
            return data

    monkeypatch.setattr(os, "fdopen", Growing)
    with pytest.raises(UnreadableDocument, match=r"growing\.txt: it changed while it was read"):
        read_document(source)
    monkeypatch.undo()
    assert read_document(source).text == "The first half and the second."


def test_what_changed_since_the_folder_was_listed(tmp_path, write):
    """A file gone, or turned into a link, pipe or folder, is neither followed nor waited for."""
    (tmp_path / "link.md").symlink_to(write("secret.md", "x").path)
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    for name, reason in [
        ("gone.md", "vanished"),
        ("link.md", "become a link"),
        ("pipe.md", "not a regular file"),
        ("folder.md", "not a regular file|directory"),
    ]:
        with pytest.raises(UnreadableDocument, match=reason):
            read_document(Source(tmp_path / name, name))


def test_a_file_that_may_not_be_read(write, monkeypatch):
    """Permission denied names the remedy, and any other failure its cause."""
    source = write("a.txt", "x")
    for error, reason in [(PermissionError(13, "no"), "permission"), (OSError(5, "I/O"), "I/O")]:
        monkeypatch.setattr(os, "open", lambda *_, error=error: (_ for _ in ()).throw(error))
        with pytest.raises(UnreadableDocument, match=f"a.txt: .*{reason}"):
            read_document(source)


@pytest.mark.parametrize(
    "error", [RecursionError("deep"), MemoryError(), ValueError("odd"), KeyError(1)]
)
def test_a_parser_that_fails_fails_one_file(write, monkeypatch, error):
    """Whatever a parser raises becomes a sentence with the file and the cause."""
    from index.documents import plain

    monkeypatch.setattr(plain, "parse", lambda _data: (_ for _ in ()).throw(error))
    with pytest.raises(
        UnreadableDocument, match=f"a.txt: the plain parser .*{type(error).__name__}"
    ):
        read_document(write("a.txt", "x"))


def test_text_that_no_file_could_hold(write, monkeypatch):
    """Half a surrogate pair in a parser's text is refused before it reaches a hash."""
    from index.documents import plain
    from index.documents.extract import Extract

    extract = Extract("a\ud800", None, (Block(Span(0, 2)),))
    monkeypatch.setattr(plain, "parse", lambda _data: extract)
    with pytest.raises(UnreadableDocument, match="surrogate"):
        read_document(write("a.txt", "x"))


def test_parsers_are_imported_when_needed():
    """Importing the package imports no parser and no engine."""
    import subprocess
    import sys

    heavy = ["markdown_it", "yaml", "selectolax", "charset_normalizer"]
    code = f"import sys, index.documents; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
    assert index.documents.MEDIA_TYPES[".md"] == "text/markdown"


def test_a_parser_that_misplaces_a_block_fails_one_file_only(write, monkeypatch):
    """Blocks beyond the text are a reason in the report, not the end of the build."""
    broken = Extract("Text.", None, (Block(Span(0, 50)),))
    monkeypatch.setattr("index.documents.plain.parse", lambda _data: broken)
    with pytest.raises(UnreadableDocument, match=r"a\.txt: the parser failed on it .*block 0"):
        read_document(write("a.txt", "Text."))
