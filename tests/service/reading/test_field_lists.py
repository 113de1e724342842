"""Lists of fields as rows: below a name in bold, and of a record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.field_lists import LONGEST_VALUE, lists_of, record_of
from service.reading.row_views import asked_for, chosen_rows, view_of

ROOMS = """**Sunflower room**
- Room leader: Chantal Dubois
- Assistants: Megan Rhys, Ola Nowak

**Acorn room**
- Room leader: Patrick Oyelaran
- Assistants: Tilly Marsh
"""


def read(text: str) -> list[tuple[str, dict[str, str]]]:
    """Name and fields of each list."""
    return [
        (row.label_at.of(text), {cell.name: cell.span.of(text) for cell in row.cells})
        for row in lists_of(text)
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("**Cook**\n- Name: Bo\n- Phone: 108", [("Cook", {"Name": "Bo", "Phone": "108"})]),
        ("**Cook**\n**Name:** Bo\n**Phone:** 108", [("Cook", {"Name": "Bo", "Phone": "108"})]),
        ("**Cook**\n• Name: Bo\n• Phone: 108\n\nx", [("Cook", {"Name": "Bo", "Phone": "108"})]),
        # One field; a line between; a heading; a name that leads on; speakers, who say more
        # than once; a time; prose.
        ("**Cook**\n- Name: Bo", []),
        ("**Cook**\n\n- Name: Bo\n- Phone: 108", []),
        ("# Board\n- Director: Maria Lopez\n- President: Ken Olsen", []),
        ("**To do:**\n- Anna: order it\n- Bo: pay it", []),
        ("**Talk**\nAnna: So?\nBo: Yes.\nAnna: Well.", []),
        ("**Day**\n10:30: tea\n11:00: cake", []),
        (f"**Cook**\n- Name: {'x' * (LONGEST_VALUE + 1)}\n- Phone: 108", []),
    ],
)
def test_by_hand(text, rows):
    """What is a list that a name in bold names, and what is none."""
    assert read(text) == rows


def test_each_group_is_asked_for_by_its_name():
    """By what names it, not by what its fields are called; said with that name."""
    rows = lists_of(ROOMS)
    asked = asked_for("Who is the room leader of the acorns?")
    (row,) = chosen_rows(asked, ROOMS, rows)
    pieces = view_of(row, ROOMS, asked)
    assert "".join(piece.text for piece in pieces) == (
        "Acorn room. Room leader of Acorn room is Patrick Oyelaran. Assistants of Acorn room is "
        "Tilly Marsh."
    )
    assert all(ROOMS[p.at : p.at + len(p.text)] == p.text for p in pieces if p.at is not None)
    assert chosen_rows(asked_for("Who is the leader?"), ROOMS, rows) == []


NAMES = st.lists(st.text("abc", min_size=1, max_size=5), min_size=2, max_size=5, unique=True)
VALUES = st.text("xyz", min_size=1, max_size=9)


@given(NAMES, st.data())
def test_a_record_has_all_its_fields_in_their_places(names, data):
    """Whatever stands between them."""
    fields = {name: data.draw(VALUES) for name in names}
    text = "\n".join(f"{name}: {value}" for name, value in fields.items())
    (row,) = record_of(text)
    assert {cell.name: cell.span.of(text) for cell in row.cells} == fields
    assert (row.span.of(text), row.label_at) == (text, None)
    assert record_of(text.split("\n")[0]) == []


def test_a_field_has_all_its_lines():
    """An array has a line for each value; what stands before the first field is of none."""
    text = "Ticket 7\nnotes: It stopped.\n\nIt hums.\nphone: 108\n"
    (row,) = record_of(text)
    told = {cell.name: cell.span.of(text) for cell in row.cells}
    assert told == {"notes": "It stopped.\n\nIt hums.", "phone": "108"}
