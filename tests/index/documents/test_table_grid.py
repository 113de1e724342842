"""Cells that span, held against a grid that is filled slot by slot."""

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from index.documents import table_grid
from index.documents.html import parse
from index.documents.table_grid import Cell, Repeats, TableGrid


def rows_of(*rows: list[Cell]) -> list[list[str]]:
    grid = TableGrid(Repeats())
    return [grid.row(row) for row in rows]


NAMES = [Cell("Zone"), Cell("Ticket"), Cell("Adult"), Cell("Child")]


def test_a_label_of_several_rows_is_said_in_each():
    """So that every value stands below its name."""
    assert rows_of(
        NAMES,
        [Cell("Inner", rows=2), Cell("Single"), Cell("2.40"), Cell("1.20")],
        [Cell("Day"), Cell("5.10"), Cell("2.55")],
        [Cell("Outer"), Cell("Single"), Cell("3.60", rows=3), Cell("1.80")],
        [Cell("Far"), Cell("Day")],
    ) == [
        ["Zone", "Ticket", "Adult", "Child"],
        ["Inner", "Single", "2.40", "1.20"],
        ["Inner", "Day", "5.10", "2.55"],
        ["Outer", "Single", "3.60", "1.80"],
        ["Far", "Day", "3.60"],
    ]


def test_a_value_of_several_columns_is_said_in_each():
    """But a caption once, and a row's own name too, which keeps its columns; none is wider than
    the table.
    """
    assert rows_of(
        [Cell("Fares of 2025", columns=4)],
        [Cell("Place", columns=2), Cell("Price", columns=2)],
        [Cell("closed"), Cell("yoga", columns=2), Cell("judo")],
        [Cell("Total", columns=3), Cell("90")],
        [Cell("Prices with VAT", columns=4)],
        [Cell("chess"), Cell("go", columns=9)],
        [Cell("bridge"), Cell("ludo", columns=100), Cell("whist")],
    ) == [
        ["Fares of 2025"],
        ["Place", "Place", "Price", "Price"],
        ["closed", "yoga", "yoga", "judo"],
        ["Total", "", "", "90"],
        ["Prices with VAT"],
        ["chess", "go", "go", "go"],
        ["bridge", "ludo", "whist"],
    ]


def test_a_long_cell_keeps_its_place_only():
    """A paragraph that spans is said once; a row that says nothing of its own is none."""
    note = "words " * 50
    rows = [Cell("a"), Cell(note, 2, 2)], [Cell("b"), Cell("d")], [], [Cell("")], [Cell("c")]
    assert rows_of(*rows) == [
        ["a", note, ""],
        ["b", "", "", "d"],
        [],
        [],
        ["c"],
    ]


def test_what_reaches_beyond_a_short_row_keeps_its_column():
    """The columns between are empty; nothing reaches beyond its group."""
    grid = TableGrid(Repeats())
    assert grid.row([Cell("a"), Cell("b"), Cell("c"), Cell("d", rows=9)]) == ["a", "b", "c", "d"]
    assert grid.row([Cell("e")]) == ["e", "", "", "d"]
    grid.end_group()
    assert grid.row([Cell("f"), Cell("g")]) == ["f", "g"]


SPANS = st.sampled_from(["0", "1", "2", "3", "7", "99999", "-1", "x", "", " 2", "2.5"])
TABLES = st.lists(st.lists(st.tuples(SPANS, SPANS), max_size=4), max_size=6)


def meant(said: str, most: int, of_zero: int) -> int:
    """What a span's attribute means to a browser."""
    number = {"0": of_zero, "2": 2, "3": 3, "7": 7, "99999": most, " 2": 2, "2.5": 2}
    return number.get(said, 1)


def slots_of(table) -> list[list[str]]:
    """The straightforward way: a dictionary of every slot that a cell takes."""
    slots: dict[tuple[int, int], str] = {}
    lines, width = [], 0
    for y, row in enumerate(table):
        x = 0
        for number, (columns, rows) in enumerate(row):
            while (x, y) in slots:
                x += 1
            is_last = number == len(row) - 1
            once = x == 0 and (width or is_last)
            wide = meant(columns, 1, 1)
            end = min(x + wide, max(width, x + 1)) if is_last and width else x + wide
            for at in range(x, end):
                if (at, y) in slots:
                    break
                words = "" if once and at > x else f"c{y}.{number}"
                for below in range(y, min(len(table), y + meant(rows, 65534, 65534))):
                    slots[at, below] = words
            x = at
        taken = [at for at, below in slots if below == y]
        line = [slots.get((at, y), "") for at in range(max(taken) + 1)] if row else []
        width = max(width, len(line)) if len(row) > 1 else width
        lines.append(line[:1] if len(row) == 1 and not any(line[1:]) else line)
    return [line for line in lines if line]


@given(TABLES)
def test_a_page_s_table_is_its_grid(table):
    """Whatever spans what, each row is what a slot by slot filling gives."""
    source = "<table><tbody>"
    for y, row in enumerate(table):
        source += "<tr>" + "".join(
            f'<td colspan="{columns}" rowspan="{rows}">c{y}.{number}</td>'
            for number, (columns, rows) in enumerate(row)
        )
    extract = parse(source.encode())
    found = [block.span.of(extract.text) for block in extract.blocks]
    assert found == [" ".join(" | ".join(line).split()) for line in slots_of(table)]


def test_hostile_spans_stay_small_and_quick():
    """What is said again is a share of what is said, however much the spans ask for."""
    wide = b"<tr>" + b"<td colspan=1000 rowspan=65534>words" * 50
    pages = [
        b"<table>" + b"<tr><td rowspan=65535 colspan=1000>words" * 2000,
        b"<table>" + wide + b"<tr><td>x" * 20_000,
        b"<table>" + wide + b"<tr>" * 50_000 + b"<td>x",
        b"<table><tr><td rowspan=0>" + b"words " * 30 + b"<td>x" + b"<tr><td>x" * 20_000,
        (b"<table>" + wide + b"<tr><td>x</table>") * 300,
        b"<table><tr><td colspan=" + b"9" * 5000 + b">words<td>x",
    ]
    for page in pages:
        began = perf_counter()
        text = parse(page).text
        assert perf_counter() - began < 20
        assert len(text) < 5 * (2 * len(page) + table_grid._FREE)
