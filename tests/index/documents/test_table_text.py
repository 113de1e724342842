"""Rows of a sheet as text: headers found, names repeated, rows and columns kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, quote_sheetname

from index.documents.table_text import add_rows, column_name, is_number, quoted
from index.documents.text_blocks import TextBlocks
from index.records import Place


def text_of(*rows, sheet="", first=1) -> TextBlocks:
    text = TextBlocks()
    add_rows(enumerate(rows, start=first), sheet, text)
    return text


def test_a_row_says_the_names_of_its_columns():
    """As the module's example, with the place of every row."""
    text = text_of(
        ["Region", "Year", "Revenue"], ["North", "2024", "1,700"], ["South", "", "9"], sheet="Costs"
    )
    assert text.text == (
        "Region | Year | Revenue\n"
        "Region: North | Year: 2024 | Revenue: 1,700\n"
        "Region: South | Revenue: 9"
    )
    assert text.places == [
        Place(0, row=1, label="Costs!A:C"),
        Place(23, row=2, label="Costs!A:C"),
        Place(67, row=3, label="Costs!A:C"),
    ]


def test_years_in_a_row_are_names():
    """Columns are often called by them; single or scattered years are values."""
    text = text_of(["Region", "2023", "2024"], ["North", "1,700", "1,900"])
    assert text.text.split("\n")[-1] == "Region: North | 2023: 1,700 | 2024: 1,900"
    for values in (["Riga", "2023"], ["Riga", "1984", "2024"], ["2023", "2024"]):
        text = text_of(values, ["Cēsis", *["5"] * (len(values) - 1)])
        assert text.text.split("\n")[-1] == " | ".join(["Cēsis", *["5"] * (len(values) - 1)])


def test_a_place_spans_the_cells_that_hold_something():
    """From the first to the last, whatever is empty around them."""
    text = text_of(["", "", "a", "", "b", ""], ["x"])
    assert [at.label for at in text.places] == ["C:E", "A:A"]


def test_titles_above_and_tables_below_each_other():
    """A line above a table is no header; after an empty row another table may begin."""
    text = text_of(
        ["Report of 2024"],
        ["Town", "People"],
        ["Riga", "605,270"],
        [],
        ["River", "Length"],
        ["Gauja", "452 km"],
    )
    assert text.text == (
        "Report of 2024\n\n"
        "Town | People\n"
        "Town: Riga | People: 605,270\n\n"
        "River | Length\n"
        "River: Gauja | Length: 452 km"
    )


def test_the_same_table_may_go_on_after_an_empty_row():
    """What follows the gap holds numbers, so it is no header, and the old one still holds."""
    text = text_of(["Town", "People"], ["Riga", "605,270"], [], ["Liepāja", "67,000"])
    assert text.text.split("\n")[-1] == "Town: Liepāja | People: 67,000"


def test_names_below_names_are_not_named_wrongly():
    """Where a second table of names might be either, no name is better than a wrong one."""
    text = text_of(["Name", "Town"], ["Anna", "Riga"], [], ["Karl", "Ventspils"], ["Eva", "Cēsis"])
    assert text.text.split("\n\n")[1] == "Karl | Ventspils\nEva | Cēsis"


@pytest.mark.parametrize(
    "cells", [["Name"], ["Name", "name"], ["Name", "2024"], ["Name", "x" * 101]]
)
def test_what_is_no_header(cells):
    """One cell, the same name twice, a number, a long text: rows below stand as they are."""
    text = text_of(cells, ["a", "4"], ["c", "5"])
    assert text.text.split("\n")[-1] == "c | 5"


def test_a_row_below_what_is_no_header_is_none_either():
    """Years over texts: the first row of data must not name the others."""
    text = text_of(["Town", "2024"], ["Riga", "good"], ["Cēsis", "fair"])
    assert text.text == "Town | 2024\nRiga | good\nCēsis | fair"


@given(st.lists(st.lists(st.text(st.sampled_from("aB1 .\n"), max_size=4), max_size=4)))
def test_no_cell_is_lost_or_moved(rows):
    """Each row that holds anything is a block at its own place, its cells in order at the ends."""
    text = text_of(*rows)
    folded = [(n, [" ".join(c.split()) for c in row]) for n, row in enumerate(rows, start=1)]
    filled = [(n, row) for n, row in folded if any(row)]
    assert [at.row for at in text.places] == [n for n, _ in filled]
    assert len(text.blocks) == len(filled)
    for block, (_, row) in zip(text.blocks, filled, strict=True):
        cells = block.span.of(text.text).split(" | ")
        for cell, said in zip([c for c in row if c], cells, strict=True):
            assert said == cell or said.endswith(f": {cell}")


@given(st.integers(1, 18_000))
def test_columns_are_named_as_openpyxl_names_them(number):
    """To the last column of a sheet and beyond."""
    assert column_name(number - 1) == get_column_letter(number)


@pytest.mark.parametrize("name", ["Q1 '24", "a-b", "2024", "a b", "a!b"])
def test_odd_sheet_names_are_quoted(name):
    """As openpyxl quotes them."""
    assert quoted(name) == quote_sheetname(name)


def test_plain_sheet_names_are_not_quoted():
    """Nor are letters of other alphabets odd."""
    assert [quoted("Costs"), quoted("Ausgaben_2"), quoted("Übersicht")] == [
        "Costs",
        "Ausgaben_2",
        "Übersicht",
    ]


@pytest.mark.parametrize(
    ("cell", "holds"),
    [
        ("1,700", True),
        ("-3.5", True),
        ("(12)", True),
        ("25 %", True),
        ("2024-03-01", True),
        ("€ 12.50", True),
        ("12:30", True),
        ("452 km", True),
        ("Q1", False),
        ("Revenue", False),
        ("", False),
        ("30 Jun 2025", True),
        ("Mon, 3-Sep-25", True),
        ("June 3rd, 2025 9:15 AM", True),
        ("Jun 2025", False),
        ("May", False),
        ("3 Marchers 2025", False),
        ("Market 12, 2025", False),
    ],
)
def test_numbers_are_told_from_names(cell, holds):
    """By hand."""
    assert is_number(cell) is holds
