"""PDF: the text layer as paragraphs under headings, with its pages and their labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.documents.extract import Extract
from index.documents.pdf_furniture import without_furniture
from index.documents.pdf_lines import Line, lines_of
from index.documents.pdf_paragraphs import add_pages
from index.documents.signatures import refuse_other
from index.documents.text_blocks import TextBlocks
from index.errors import UnreadableDocument
from index.records import MetadataValue

MAX_PAGES = 20_000
UNREAD_PAGES = "pages_without_text"
"""The metadata name that lists pages which hold pictures or drawings, but no text."""
FURNITURE = "headers_and_footers"
"""The metadata name that lists what was left out because it stands on page after page."""

_HEADER_BYTES = 1024  # before "%PDF-", as other readers allow
_MOST_FURNITURE = 20
_MOST_RUNS = 50
_UNKNOWN = frozenset({"Co", "Cn", "Cc"})  # categories of what fonts without Unicode give
_MOST_UNKNOWN = 0.3
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)(\d\d)?)?")
_OF_PROGRAMS = re.compile(r"^(?:microsoft (?:word|powerpoint|excel) - |untitled)|\.\w{2,4}$", re.I)


def parse(data: bytes) -> Extract:
    """What the text layer says, without what repeats on every page.

    Raises UnreadableDocument for a file with a password, without a text layer (a scan), or
    whose fonts do not say which letters they show.
    """
    refuse_other(data, (b"%PDF-",), "a PDF", _HEADER_BYTES)
    document = _open(data)
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableDocument(f"it has {len(document)} pages, over {MAX_PAGES}; split it")
        pages, holds_pictures, labels = _read(document)
        metadata = _metadata(document)
    finally:
        document.close()
    _refuse_scans(pages)
    unread = [row for row, lines in enumerate(pages) if not lines and holds_pictures[row]]
    pages, furniture = without_furniture(pages, holds_pictures)
    if not any(pages):
        raise UnreadableDocument(_NO_TEXT)
    text = TextBlocks()
    add_pages(pages, labels, text)
    if unread:
        metadata[UNREAD_PAGES] = tuple(_runs(unread))[:_MOST_RUNS]
    if furniture:
        metadata[FURNITURE] = furniture[:_MOST_FURNITURE]
    title = metadata.pop("title", None) or text.first_heading
    return Extract(
        text.text, title and str(title), tuple(text.blocks), metadata, tuple(text.places)
    )


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise UnreadableDocument(
                "it is encrypted with a password; save it without one"
            ) from error
        raise UnreadableDocument(f"it is damaged or cut off ({error})") from error


def _read(document: pdfium.PdfDocument) -> tuple[list[list[Line]], list[bool], list[str]]:
    """Of each page its lines, whether it holds pictures or drawings, and its label."""
    pages, holds_pictures, labels = [], [], []
    for row in range(len(document)):
        try:
            page = document[row]
        except pdfium.PdfiumError as error:
            raise UnreadableDocument(f"its page {row + 1} is damaged ({error})") from error
        lines = lines_of(page)
        pages.append(lines)
        # Only where there is little text can it be a picture that holds it.
        holds_pictures.append(len(lines) < 5 and _holds_pictures(page))
        labels.append(document.get_page_label(row))
        page.close()
    return pages, holds_pictures, labels


def _holds_pictures(page: pdfium.PdfPage) -> bool:
    kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
    return next(iter(page.get_objects(filter=kinds, max_depth=3)), None) is not None


_NO_TEXT = "it has no text layer: it is a scan or drawing; run OCR over it first"


def _refuse_scans(pages: list[list[Line]]) -> None:
    letters = [letter for lines in pages for line in lines for letter in line.text]
    if not any(map(str.isalnum, letters)) and not letters:
        raise UnreadableDocument(_NO_TEXT)
    unknown = sum(
        unicodedata.category(letter) in _UNKNOWN or letter == "\N{REPLACEMENT CHARACTER}"
        for letter in letters
    )
    if unknown > _MOST_UNKNOWN * len(letters):
        raise UnreadableDocument(
            "its fonts do not say which letters they show; run OCR over it, or save it again"
        )


def _runs(rows: list[int]) -> Iterator[str]:
    """Rows from 0 as pages from 1, in runs.

    >>> [*_runs([0, 1, 2, 6])]
    ['1-3', '7']
    """
    ends = [row for row, after in pairwise([*rows, -9]) if after != row + 1]
    starts = [row for before, row in pairwise([-9, *rows]) if row != before + 1]
    for start, end in zip(starts, ends, strict=True):
        yield f"{start + 1}" if start == end else f"{start + 1}-{end + 1}"


def _metadata(document: pdfium.PdfDocument) -> dict[str, MetadataValue]:
    """title (unless a program made it up), author, description, keywords, date and pages."""
    stated = {
        name: " ".join(value.replace("\0", " ").split())
        for name, value in document.get_metadata_dict(skip_empty=True).items()
    }
    found: dict[str, MetadataValue] = {"pages": len(document)}
    if (title := stated.get("Title")) and not _OF_PROGRAMS.search(title):
        found["title"] = title
    for field, name in (("author", "Author"), ("description", "Subject")):
        if stated.get(name):
            found[field] = stated[name]
    keywords = stated.get("Keywords", "").replace(";", ",").split(",")
    if words := tuple(word.strip() for word in keywords if word.strip()):
        found["keywords"] = words
    if moment := _DATE.match(stated.get("ModDate") or stated.get("CreationDate") or ""):
        day, hour = [part for part in moment.groups()[:3] if part], moment.groups()[3:]
        found["date"] = "-".join(day) + (f"T{':'.join(p or '00' for p in hour)}" if hour[0] else "")
    return found
