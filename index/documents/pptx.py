"""Presentations: each slide is a page, its title a section; then its text, tables and notes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.exc import PackageNotFoundError

from index.documents.archive import open_package
from index.documents.dublin_core import core_properties
from index.documents.extract import Extract
from index.documents.table_grid import Cell, Repeats, TableGrid
from index.documents.text_blocks import LINE_GAP, PARAGRAPH_GAP, TextBlocks
from index.errors import UnreadableDocument

# What stands on every slide and says nothing of its own.
_FURNITURE = frozenset({PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER})
_VERTICAL_TAB = "\v"  # a line break inside a paragraph, as python-pptx gives it


def parse(data: bytes) -> Extract:
    """Slides in their order; title and metadata as stated. Raises UnreadableDocument."""
    with open_package(data, "a PowerPoint presentation", "ppt/presentation.xml") as archive:
        metadata = core_properties(archive)
    try:
        presentation = pptx.Presentation(BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise UnreadableDocument(f"it is damaged, or no presentation ({error})") from error
    text, repeats = TextBlocks(), Repeats()
    for number, slide in enumerate(presentation.slides, start=1):
        text.turn_to(page=number)
        _read_slide(slide, text, repeats)
    title = metadata.pop("title", None) or text.first_heading
    return Extract(
        text.text, title and str(title), tuple(text.blocks), metadata, tuple(text.places)
    )


def _read_slide(slide: Any, text: TextBlocks, repeats: Repeats) -> None:
    title = slide.shapes.title
    text.outline.close_all()
    if title is not None:
        text.add_heading(1, " ".join(title.text_frame.text.split()))
    for shape in _flat(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.is_placeholder and shape.placeholder_format.type in _FURNITURE:
            continue
        if getattr(shape, "has_table", False):
            grid = TableGrid(repeats)
            for row in shape.table.rows:
                cells = [
                    Cell(" ".join(cell.text.split()), cell.span_width, cell.span_height)
                    for cell in row.cells
                    if not cell.is_spanned
                ]
                text.add_row(grid.row(cells))
        elif shape.has_text_frame:
            _read_paragraphs(shape.text_frame, text)
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        _read_paragraphs(notes, text)


def _read_paragraphs(frame: Any, text: TextBlocks) -> None:
    """A block a paragraph; those of one frame belong together, a line apart."""
    gap = PARAGRAPH_GAP
    for paragraph in frame.paragraphs:
        line = " ".join(paragraph.text.replace(_VERTICAL_TAB, " ").split())
        if line:
            text.add(line, gap)
            gap = LINE_GAP


def _flat(shapes: Any) -> Iterator[Any]:
    """The shapes in the order they are drawn, those of groups in their group's place."""
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _flat(shape.shapes)
        else:
            yield shape
