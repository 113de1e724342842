"""A small whole file of every format, made without other programs: what is broken further on."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

import docx
import openpyxl
import pptx

from extraction import records
from extraction.pdf_writer import Words, column, pdf
from extraction.prose import Prose

MIMETYPE = "application/epub+zip"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
    '<item id="a" href="{}" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="a"/></spine></package>'
)


def whole_files() -> dict[str, bytes]:
    """Contents by file name, one a format."""
    prose = Prose("whole")
    made = records.files()
    text = f"# {prose.heading()}\n\n{prose.paragraphs(4)}\n"
    title = prose.heading()
    return {
        "whole.txt": prose.paragraphs(4).encode(),
        "whole.md": text.encode(),
        "whole.html": _page(prose).encode(),
        "whole.rst": f"{title}\n{'=' * len(title)}\n\n{prose.paragraphs(3)}\n".encode(),
        "whole.csv": made["ships.csv"],
        "whole.json": made["people.json"],
        "whole.jsonl": made["lines.jsonl"],
        "whole.eml": made["nested.eml"],
        "whole.pdf": _pdf(prose),
        "whole.docx": _docx(prose),
        "whole.pptx": _pptx(prose),
        "whole.xlsx": _xlsx(),
        "whole.epub": epub(_page(prose)),
    }


def package(members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive; names are written as they are, wherever they point."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def epub(chapter: str, href: str = "a.xhtml", **others: str) -> bytes:
    """A book of one chapter, which lies at ``href`` where that is within the book."""
    members = {
        "mimetype": MIMETYPE,
        "META-INF/container.xml": CONTAINER,
        "book.opf": PACKAGE.format(href),
        href: chapter,
    }
    return package({**members, **others})


def altered(data: bytes, changes: Mapping[str, bytes | str]) -> bytes:
    """A package with members replaced or added."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    return package({**members, **changes})


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def _page(prose: Prose) -> str:
    return f"<html><body><h1>{prose.heading()}</h1><p>{prose.paragraph()}</p></body></html>"


def _pdf(prose: Prose) -> bytes:
    pages = []
    for _ in range(4):
        lines = prose.paragraph(6)
        cut = [lines[at : at + 80] for at in range(0, len(lines), 80)]
        pages.append([Words(prose.heading(), baseline=740, size=18, is_bold=True), *column(*cut)])
    return pdf(pages, labels="0 << /S /r >>", info="/Title (Whole)")


def _docx(prose: Prose) -> bytes:
    document, file = docx.Document(), BytesIO()
    document.add_heading(prose.heading(), 1)
    document.add_paragraph(prose.paragraph())
    document.add_table(2, 2).cell(0, 0).text = prose.sentence()
    document.save(file)
    return file.getvalue()


def _pptx(prose: Prose) -> bytes:
    deck, file = pptx.Presentation(), BytesIO()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text_frame.text = (
        prose.heading(),
        prose.sentence(),
    )
    deck.save(file)
    return file.getvalue()


def _xlsx() -> bytes:
    book, file = openpyxl.Workbook(), BytesIO()
    for row in records.rows(Prose("cells"), 20):
        book.active.append(row)
    book.save(file)
    return file.getvalue()
