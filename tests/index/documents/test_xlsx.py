"""Workbooks written by XlsxWriter, which shares nothing with the reader, and openpyxl."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from index.documents.xlsx import UNCALCULATED, parse
from index.errors import UnreadableDocument
from index.places import cells
from index.records import Place


@pytest.fixture
def workbook() -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    money, share, day = (
        book.add_format({"num_format": f}) for f in ("#,##0", "0.0%", "dd.mm.yyyy")
    )
    costs = book.add_worksheet("Q1 Costs")
    costs.write_row("A1", ["Region", "Spent", "Share", "Paid"])
    for row, (name, spent, part) in enumerate([("North", 1700, 0.256), ("South", 900, 0.5)], 2):
        costs.write(f"A{row}", name)
        costs.write(f"B{row}", spent, money)
        costs.write(f"C{row}", part, share)
        costs.write_datetime(f"D{row}", date(2024, 3, row), day)
    costs.write_formula("B4", "=SUM(B2:B3)", money, 2600)
    hidden = book.add_worksheet("Hidden")
    hidden.write("A1", "secret")
    hidden.hide()
    notes = book.add_worksheet("Notes")
    notes.merge_range("B3:D3", "Merged words")
    notes.write("B5", True)
    notes.write_rich_string("B6", "rich ", book.add_format({"bold": True}), "words")
    book.set_properties({"title": "Costs of 2024", "author": "A. Ozols"})
    book.close()
    return file.getvalue()


def test_rows_say_what_their_sheet_shows(workbook):
    """Formats, dates, a stored result; sheets as sections; hidden ones left out."""
    extract = parse(workbook)
    assert extract.text == (
        "Region | Spent | Share | Paid\n"
        "Region: North | Spent: 1,700 | Share: 25.6% | Paid: 02.03.2024\n"
        "Region: South | Spent: 900 | Share: 50.0% | Paid: 03.03.2024\n"
        "Spent: 2,600\n\n"
        "Merged words\n\n"
        "TRUE\n\n"
        "rich words"
    )
    assert [block.section for block in extract.blocks] == [("Q1 Costs",)] * 4 + [("Notes",)] * 3
    assert extract.title == "Costs of 2024"
    assert extract.metadata["author"] == "A. Ozols"
    assert UNCALCULATED not in extract.metadata


def test_dates_are_those_the_sheet_shows():
    """In their own formats, one a cell; a row of them is no row of names."""
    formats = ("d mmm yyyy", "[$-409]dddd, mmmm d;@", "h:mm AM/PM", "[h]:mm", "m/d/yyyy hh:mm:ss")
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Due")
    for column, number_format in enumerate(formats):
        cell_format = book.add_format({"num_format": number_format})
        sheet.write_number(0, column, 45838.630393519, cell_format)  # 2025-06-30 15:07:46
        sheet.write_number(1, column, 45839.25, cell_format)
    book.close()
    assert parse(file.getvalue()).text.splitlines() == [
        "30 Jun 2025 | Monday, June 30 | 3:07 PM | 1100127:07 | 6/30/2025 15:07:46",
        "1 Jul 2025 | Tuesday, July 1 | 6:00 AM | 1100142:00 | 7/1/2025 06:00:00",
    ]


def test_every_row_is_found_again_in_the_sheet(workbook):
    """The cells a place names hold, in the workbook, what the text says there."""
    extract = parse(workbook)
    book = openpyxl.load_workbook(BytesIO(workbook), data_only=True)
    assert [cells(at, at) for at in extract.places] == [
        "'Q1 Costs'!A1:D1",
        "'Q1 Costs'!A2:D2",
        "'Q1 Costs'!A3:D3",
        "'Q1 Costs'!B4:B4",
        "Notes!B3:B3",
        "Notes!B5:B5",
        "Notes!B6:B6",
    ]
    starts = [at.start for at in extract.places] + [len(extract.text)]
    for at, end in zip(extract.places, starts[1:], strict=True):
        sheet, _, place = cells(at, at).rpartition("!")
        row = book[sheet.strip("'")][place][0]
        said = extract.text[at.start : end]
        for cell in row:
            if isinstance(cell.value, str):
                assert cell.value in said


def test_formulas_nobody_has_calculated_are_counted():
    """openpyxl writes formulas without results."""
    book = openpyxl.Workbook()
    book.active.append(["Sum", "=1+1"])
    book.active.append(["Other", "=2+2"])
    file = BytesIO()
    book.save(file)
    extract = parse(file.getvalue())
    assert extract.text == "Sum\n\nOther"
    assert extract.metadata[UNCALCULATED] == 2


def test_a_false_size_of_the_sheet_costs_nothing():
    """A sheet may say that it has a million rows and columns; only cells there are count."""
    book = openpyxl.Workbook()
    book.active["A1"] = "one"
    book.active["XFD1048576"] = "last"
    file = BytesIO()
    book.save(file)
    extract = parse(file.getvalue())
    assert extract.text == "one\n\nlast"
    assert extract.places == (
        Place(0, row=1, label="Sheet!A:A"),
        Place(3, row=1048576, label="Sheet!XFD:XFD"),
    )


def test_a_damaged_workbook_is_a_sentence(workbook):
    """Cut anywhere, or with a sheet missing."""
    for end in range(4, len(workbook), 997):
        with pytest.raises(UnreadableDocument):
            parse(workbook[:end])
