"""Word documents: paragraphs, headings, table rows, text boxes and notes in reading order.

Read are the words that the document says now: insertions are in, deletions are out. Headers,
footers and comments are no part of the running text, and numbers that Word makes for lists
are not in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from index.documents.archive import open_package, xml_of
from index.documents.docx_tables import MergedCells
from index.documents.dublin_core import core_properties
from index.documents.extract import Extract
from index.documents.table_grid import Cell, Repeats, TableGrid
from index.documents.text_blocks import TextBlocks
from index.errors import UnreadableDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"heading (\d)")
_DEEPEST = 9
_LONGEST_CHAIN = 20  # of styles based on each other; a file may say a circle
# Deleted and moved-away text, formatting, and what Word counts or fills in by itself.
_PASSED_OVER = frozenset(
    {_FALLBACK, *(_W + name for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "sectPr"))}
)
_WRITTEN = {
    _W + "tab": " ",
    _W + "ptab": " ",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
}
_NOTES = {
    _W + "footnoteReference": (RELATIONSHIP_TYPE.FOOTNOTES, _W + "footnote"),
    _W + "endnoteReference": (RELATIONSHIP_TYPE.ENDNOTES, _W + "endnote"),
}


def parse(data: bytes) -> Extract:
    """Blocks under their headings; title and metadata as stated. Raises UnreadableDocument."""
    with open_package(data, "a Word document", "word/document.xml") as archive:
        metadata = core_properties(archive)
    try:
        document = docx.Document(BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(f"it is damaged, or no Word document ({error})") from error
    body = _Body(document)
    body.read(document.element.body)
    text = body.into
    stated = metadata.pop("title", None)
    title = stated or body.title or text.first_heading
    return Extract(text.text, title and str(title), tuple(text.blocks), metadata)


class _Body:
    """The text of one document, growing while its body is walked."""

    def __init__(self, document: docx.document.Document) -> None:
        self.into = TextBlocks()
        self.title: str | None = None
        self._part = document.part
        self._repeats = Repeats()
        self._levels = _levels(document)
        self._notes = {kind: self._notes_of(*place) for kind, place in _NOTES.items()}

    def read(self, container: etree._Element) -> None:
        """Append every block in a body, a content control, a note or a text box."""
        for element in container:
            if element.tag == _W + "p":
                self._paragraph(element)
            elif element.tag == _W + "tbl":
                self._table(element)
            elif element.tag not in _PASSED_OVER:
                self.read(element)  # content controls, custom markup, insertions

    def _paragraph(self, paragraph: etree._Element) -> None:
        aside: list[etree._Element] = []
        words = "".join(self._words(paragraph, aside.append))
        lines = "\n".join(" ".join(line.split()) for line in words.split("\n")).strip("\n")
        level = self._level(paragraph)
        if level is not None and level > 0:
            self.into.add_heading(level, " ".join(lines.split()))
        else:
            if level == 0:
                self.title = self.title or " ".join(lines.split()) or None
            self.into.add(lines)
        for element in aside:
            self.read(element)

    def _table(self, table: etree._Element) -> None:
        """A block a row; a table inside a cell is read into the cell."""
        rows: list[tuple[list[Cell], list[etree._Element]]] = []
        merged = MergedCells()
        for row in table.iter(_W + "tr"):
            if next(row.iterancestors(_W + "tbl")) is not table:
                continue
            aside: list[etree._Element] = []
            cells = [
                (cell, self._cell(cell, aside.append))
                for cell in row.iter(_W + "tc")
                if next(cell.iterancestors(_W + "tr")) is row
            ]
            rows.append((merged.row(row, cells), aside))
        grid = TableGrid(self._repeats)
        for cells, aside in rows:
            self.into.add_row(grid.row(cells))
            for element in aside:
                self.read(element)

    def _cell(self, cell: etree._Element, put_aside: Callable[[etree._Element], None]) -> str:
        words = " ".join(
            "".join(self._words(paragraph, put_aside))
            for paragraph in cell.iter(_W + "p")
            if not _is_aside(paragraph, cell)
        )
        return " ".join(words.split())

    def _words(
        self, element: etree._Element, put_aside: Callable[[etree._Element], None]
    ) -> Iterator[str]:
        """The text below ``element``; notes and text boxes stand beside it and are put aside."""
        for child in element:
            tag = child.tag
            if tag in _PASSED_OVER:
                continue
            if tag in (_W + "t", _MATH):
                yield child.text or ""
            elif tag in _WRITTEN:
                yield _WRITTEN[tag]
            elif tag == _W + "txbxContent":
                put_aside(child)
            elif tag in _NOTES:
                note = self._notes[tag].get(child.get(_W + "id"))
                if note is not None:
                    put_aside(note)
            else:
                yield from self._words(child, put_aside)

    def _notes_of(self, relation: str, tag: str) -> dict[str, etree._Element]:
        try:
            root = xml_of(self._part.part_related_by(relation).blob)
        except KeyError:
            return {}
        return {note.get(_W + "id"): note for note in root.iter(tag)}

    def _level(self, paragraph: etree._Element) -> int | None:
        """1 to 9 for a heading, 0 for the title, None for other text."""
        outline = paragraph.find(f"{_W}pPr/{_W}outlineLvl")
        if outline is not None and (outline.get(_W + "val") or "").isdigit():
            level = int(outline.get(_W + "val")) + 1
            return level if level <= _DEEPEST else None
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return self._levels.get(style.get(_W + "val")) if style is not None else None


def _is_aside(paragraph: etree._Element, cell: etree._Element) -> bool:
    """Whether it stands in a text box of the cell, or in a form of it for older programs."""
    for above in paragraph.iterancestors():
        if above is cell:
            return False
        if above.tag in (_W + "txbxContent", _FALLBACK):
            return True
    return False


def _levels(document: docx.document.Document) -> dict[str, int]:
    """The heading level (0: title) of each paragraph style that has one, by its id."""
    styles = {
        style.get(_W + "styleId"): style for style in document.styles.element.iter(_W + "style")
    }
    levels = {}
    for name, style in styles.items():
        for _ in range(_LONGEST_CHAIN):
            level = _own_level(style)
            based_on = style.find(_W + "basedOn")
            if level is not None:
                levels[name] = level
            if level is not None or based_on is None:
                break
            style = styles.get(based_on.get(_W + "val"), style)
    return levels


def _own_level(style: etree._Element) -> int | None:
    name = style.find(_W + "name")
    called = (name.get(_W + "val") or "").lower() if name is not None else ""
    if called == "title":
        return 0
    if match := _HEADING.fullmatch(called):
        return int(match[1]) or None
    outline = style.find(f"{_W}pPr/{_W}outlineLvl")
    value = outline.get(_W + "val") if outline is not None else None
    level = int(value) + 1 if value and value.isdigit() else _DEEPEST + 1
    return level if level <= _DEEPEST else None
