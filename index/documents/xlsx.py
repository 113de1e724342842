"""Workbooks: each sheet a section, each row a block with its header, cells as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from index.documents.archive import open_package
from index.documents.cell_text import shown
from index.documents.dublin_core import core_properties
from index.documents.extract import Extract
from index.documents.table_text import add_rows
from index.documents.text_blocks import TextBlocks
from index.errors import UnreadableDocument

UNCALCULATED = "formulas_without_value"
"""The metadata name that counts formulas whose result no program has stored."""

# A formula that nothing, or an empty value, follows.
_UNCALCULATED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def parse(data: bytes) -> Extract:
    """The rows of all sheets that are shown, in the workbook's order.

    Of a formula its stored result is read, never computed; where a program left none, the
    metadata says how many (``formulas_without_value``). Raises UnreadableDocument.
    """
    with open_package(data, "an Excel workbook", "xl/workbook.xml") as archive:
        metadata = core_properties(archive)
        uncalculated = _uncalculated(archive)
    try:
        workbook = openpyxl.load_workbook(
            BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
    except (InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableDocument(f"it is damaged, or no workbook ({error})") from error
    text = TextBlocks()
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            continue
        text.outline.close_all()
        text.outline.open(1, sheet.title)
        add_rows(_rows(sheet), sheet.title, text)
    title = metadata.pop("title", None)
    if uncalculated:
        metadata[UNCALCULATED] = uncalculated
    return Extract(
        text.text, title and str(title), tuple(text.blocks), metadata, tuple(text.places)
    )


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and cells' texts; a declared size of the sheet, which may be any, is ignored."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if cells:
            yield number, [shown(cell.value, cell.number_format) for cell in cells]


def _uncalculated(archive: ZipFile) -> int:
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
    return sum(len(_UNCALCULATED.findall(archive.read(name))) for name in sheets)
