"""The text of a file as another program gives it, to hold ours against."""

from __future__ import annotations

import csv
import email
import email.policy
import json
import re
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

from extraction.programs import convert, run

_ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")
_CALC_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Every sheet to a file of its own, in UTF-8, cells as they are shown."""
# What pandoc counts by itself, lists and notes, is in no file.
_NUMBERING = re.compile(r"^\s*\d+\.\s|\[\d+\]", re.MULTILINE)
_TAGS = re.compile(r"<[^>]+>")

NAMES = {
    ".pdf": "pdftotext",
    ".docx": "pandoc",
    ".epub": "pandoc",
    ".rst": "pandoc",
    ".html": "pandoc",
    ".md": "pandoc",
    ".pptx": "LibreOffice and pdftotext",
    ".xlsx": "LibreOffice",
    ".csv": "Python's csv",
    ".tsv": "Python's csv",
    ".json": "Python's json",
    ".jsonl": "Python's json",
    ".ndjson": "Python's json",
    ".eml": "Python's email",
    ".txt": "the file itself",
}
"""Who reads each suffix for the second time."""


def read_again(path: Path, scratch: Path) -> str:
    """The text of a file whose suffix is in ``NAMES``. Raises ProgramFailed."""
    suffix = path.suffix.lower()
    if NAMES[suffix] == "pandoc":
        return _pandoc(path, suffix)
    if suffix == ".pdf":
        return pdf_text(path)
    if suffix in (".pptx", ".xlsx"):
        return _office(path, suffix, scratch)
    text = _decoded(path.read_bytes())
    if suffix in (".csv", ".tsv"):
        return _cells(text)
    if suffix in (".json", ".jsonl", ".ndjson"):
        return "\n".join(map(_values, [text] if suffix == ".json" else text.splitlines()))
    return (
        _mail(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
        if (suffix == ".eml")
        else text
    )


def pdf_text(path: Path, page: int | None = None) -> str:
    """Poppler's reading of a PDF, or of one of its pages, counted from 1."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    return run("pdftotext", "-enc", "UTF-8", *pages, path, "-")


def _pandoc(path: Path, suffix: str) -> str:
    kinds = {".md": "markdown", ".rst": "rst", ".html": "html", ".docx": "docx", ".epub": "epub"}
    text = run("pandoc", "-f", kinds[suffix], "-t", "plain", "--wrap=none", path)
    return _NUMBERING.sub(" ", text)


def _office(path: Path, suffix: str, scratch: Path) -> str:
    """LibreOffice's own reading, made anew in an empty folder."""
    into = scratch / f"again-{path.parent.name}-{path.stem}{suffix}"
    convert([path], "pdf" if suffix == ".pptx" else _CALC_CSV, into, scratch / "profile")
    if suffix == ".pptx":
        return pdf_text(next(into.glob("*.pdf")))
    # In the order in which LibreOffice wrote them, which is that of the workbook.
    sheets = sorted(into.glob("*.csv"), key=lambda sheet: sheet.stat().st_mtime_ns)
    return "\n".join(_cells(sheet.read_text(encoding="utf-8")) for sheet in sheets)


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("in none of the encodings that the corpus is written in")


def _cells(text: str) -> str:
    header = text.partition("\n")[0]
    delimiter = max(",;\t|", key=header.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    return "\n".join(" ".join(row) for row in rows)


def _values(source: str) -> str:
    """All values below, simple ones before those they stand beside that hold more."""
    words: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict | list):
            inner = [*value.values()] if isinstance(value, dict) else value
            for holds_more in (False, True):
                for each in inner:
                    if isinstance(each, dict | list) == holds_more:
                        walk(each)
        elif value is not None:
            words.append(value if isinstance(value, str) else json.dumps(value))

    walk(json.loads(source))
    return " ".join(words)


def _mail(message: EmailMessage) -> str:
    """Subject and texts of a message and those attached to it, in the order of its parts."""
    texts = [str(message["Subject"])]
    body = message.get_body(("plain", "html"))
    for part in [body, *message.iter_attachments()]:
        if part is None or (part is not body and part.get_content_type() != "message/rfc822"):
            continue
        if part.get_content_type() == "message/rfc822":
            texts.append(_mail(part.get_content()))
        else:
            texts.append(_TAGS.sub(" ", part.get_content()))
    return "\n".join(texts)
