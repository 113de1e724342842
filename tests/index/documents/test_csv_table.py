"""CSV and TSV: records as spreadsheets number them, whatever separates them."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.csv_table import parse
from index.errors import UnreadableDocument
from index.records import Place


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_whatever_separates_it(delimiter):
    """The header's names stand before each cell; the place is the record's row."""
    source = "Town,People\nRiga,605270\nCēsis,15000\n".replace(",", delimiter)
    extract = parse(source.encode())
    assert extract.text == (
        "Town | People\nTown: Riga | People: 605270\nTown: Cēsis | People: 15000"
    )
    assert extract.places == (
        Place(0, row=1, label="A:B"),
        Place(13, row=2, label="A:B"),
        Place(41, row=3, label="A:B"),
    )
    assert extract.title is None


def test_a_decimal_comma_does_not_separate():
    """Semicolons part the cells, though each row has as many commas."""
    extract = parse(b"Town;Area;Share\nRiga;304,0;1,5\nJelgava;60,5;2,5\n")
    assert extract.text.split("\n")[1] == "Town: Riga | Area: 304,0 | Share: 1,5"


def test_quoted_line_ends_and_delimiters_are_in_their_cell():
    """A record over three lines is one row, and the next has the next number."""
    extract = parse(b'Note,Who\n"one,\ntwo\n""three""",Anna\nx,Eva\n')
    assert extract.text.split("\n")[1:] == [
        'Note: one, two "three" | Who: Anna',
        "Note: x | Who: Eva",
    ]
    assert [at.row for at in extract.places] == [1, 2, 3]


def test_empty_rows_and_cells_count():
    """A row is where the file has it; the columns are those that hold something."""
    extract = parse(b"a,b,c\n\n,,5\n")
    assert [(at.row, at.label) for at in extract.places] == [(1, "A:C"), (3, "C:C")]


def test_a_byte_order_mark_and_latin_letters():
    """Neither the mark nor the encoding becomes part of a name."""
    assert parse("\ufeffNäme,Ort\nx,5\n".encode()).text.startswith("Näme | Ort\nNäme: x")
    latin = parse("Straße,Größe\nBäckerstraße,fünf\n".encode("cp1252"))
    assert "Straße: Bäckerstraße" in latin.text
    assert latin.metadata == {"encoding": "cp1252"}


def test_a_cell_longer_than_csv_allows_by_itself():
    """The module's own limit is 131,072 characters."""
    assert len(parse(b"a,b\n" + b"x" * 300_000 + b",1\n").text) > 300_000


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03", b"%PDF-1.4 \x00\xff"])
def test_what_is_no_text(data):
    """Binary content of the wrong name is refused in a sentence."""
    with pytest.raises(UnreadableDocument):
        parse(data)


CELLS = st.text(st.sampled_from('abXY12 ,"\nöж'), max_size=6)


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n))))
def test_what_csv_writes_is_read_back(rows):
    """Every record of Python's own writer, with its number, its cells in order."""
    file = StringIO()
    csv.writer(file).writerows(rows)
    extract = parse(file.getvalue().encode())
    folded = [(n, [" ".join(c.split()) for c in row]) for n, row in enumerate(rows, start=1)]
    filled = [(n, [c for c in row if c]) for n, row in folded if any(row)]
    assert [at.row for at in extract.places] == [n for n, _ in filled]
    for block, (_, cells) in zip(extract.blocks, filled, strict=True):
        said = block.span.of(extract.text)
        assert [c.rpartition(": ")[2] for c in said.split(" | ")] == cells
