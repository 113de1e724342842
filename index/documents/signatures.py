"""What bytes are, by how they begin: a name is a promise, the content is the fact."""

from __future__ import annotations

import re

from index.errors import UnreadableDocument

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF-", "a PDF"),
    (ZIP, "a ZIP archive or an office document"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (OLE, "an old office document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"{\\rtf", "an RTF document"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|\?xml)\b", re.IGNORECASE)


def kind_of(data: bytes) -> str | None:
    """What the bytes are in words, where they begin as something that is not plain text."""
    return next((kind for mark, kind in _SIGNATURES if data.startswith(mark)), None)


def refuse_other(data: bytes, marks: tuple[bytes, ...], wanted: str, within: int = 0) -> None:
    """Nothing, where one of the marks stands in the first bytes; so a file is never read as
    what it is not, and its media type is true.

    Raises UnreadableDocument saying what the content is instead.
    """
    if any(data.find(mark, 0, within + len(mark)) >= 0 for mark in marks):
        return
    found = kind_of(data) or ("markup (HTML or XML)" if _MARKUP.match(data) else None)
    if found is None:
        raise UnreadableDocument(f"its content is not {wanted}: it is damaged or of another type")
    raise UnreadableDocument(f"its content is {found}, not {wanted}; give it the suffix it has")
