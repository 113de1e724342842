"""The table of formats."""

from importlib import import_module

from index.documents.formats import FORMATS, MEDIA_TYPES

OFFICE = "application/vnd.openxmlformats-officedocument"


def test_every_format_has_a_parser():
    """Each line of the table names a module that parses, and a lower-case suffix."""
    for suffix, each in FORMATS.items():
        assert suffix == suffix.lower()
        assert suffix.startswith(".")
        assert callable(import_module(f"index.documents.{each.module}").parse)


def test_media_types():
    """The media types are the registered ones."""
    assert dict(MEDIA_TYPES) == {
        ".txt": "text/plain",
        ".text": "text/plain",
        ".md": "text/markdown",
        ".markdown": "text/markdown",
        ".html": "text/html",
        ".htm": "text/html",
        ".xhtml": "application/xhtml+xml",
        ".rst": "text/x-rst",
        ".pdf": "application/pdf",
        ".docx": f"{OFFICE}.wordprocessingml.document",
        ".pptx": f"{OFFICE}.presentationml.presentation",
        ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
        ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
        ".epub": "application/epub+zip",
        ".json": "application/json",
        ".jsonl": "application/jsonl",
        ".ndjson": "application/jsonl",
        ".eml": "message/rfc822",
    }
