"""Which rows a question asks about, and how one is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.reading.records import ShownPassage
from service.reading.row_views import LONGEST_LABEL, asked_for, chosen_rows, view_of
from service.reading.rows import rows_of
from service.reading.shown_rows import rows_shown

STAFF = """Code | Name | Role | Since
A1 | Ada Winterbourne | director | 2014
B7 | Jonas Pell | curator of boats | 2019
B9 | Mirela Costa | conservator | 2019
C2 | Tom Achterberg | |"""


def chosen(question: str, text: str = STAFF) -> list[str]:
    return [
        row.cells[0].span.of(text) for row in chosen_rows(asked_for(question), text, rows_of(text))
    ]


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("Who is the conservator?", ["B9"]),
        ("Since when has Tom Achterberg worked there?", ["C2"]),
        ("Who of the curators came in 2019?", ["B7"]),
        ("Who came in 2019?", ["B7", "B9"]),
        ("What are the roles?", []),
    ],
)
def test_rows_asked_about(question, codes):
    """By a stem, by a name, by two words (2019 weighs log 2 of log 8), by one; and by none."""
    assert chosen(question) == codes


def test_where_most_rows_hold_as_much_none_is_told_from_the_others():
    """Four of six trains stop there; a single row is asked about or it is not."""
    rows = "\n".join(f"{n}:00 | Skerry" for n in range(4)) + "\n5:00 | Hull\n6:00 | Hull"
    text = "Train | Stop\n" + rows
    assert chosen("When is there a train to Skerry?", text) == []
    assert chosen("When is there a train to Hull?", text) == ["5:00", "6:00"]
    one = "|Plan|Price|\n|-|-|\n|Gold|$210|"
    assert (chosen("What is Gold?", one), chosen("What is Tin?", one)) == (["Gold"], [])


def said(question: str, code: str, text: str = STAFF) -> str:
    (row,) = (row for row in rows_of(text) if row.cells[0].span.of(text) == code)
    pieces = view_of(row, text, asked_for(question))
    for piece in pieces:
        assert piece.at is None or text[piece.at :].startswith(piece.text)
    return "".join(piece.text for piece in pieces)


def test_a_row_in_words():
    """Named by the cell that the question holds most of, else by its first; with what it lacks."""
    assert said("Who is the conservator?", "B9") == (
        "Role: conservator. Code of conservator is B9. Name of conservator is Mirela Costa. "
        "Since of conservator is 2019."
    )
    assert said("Who?", "C2") == (
        "Code: C2. Name of C2 is Tom Achterberg. Role of C2 is not given. Since of C2 is not given."
    )


def test_cells_without_names_and_long_labels():
    """The label stands for a name that is missing, and is said once where it is long."""
    text = "|Note|Price| |\n|-|-|-|\n|clip|7|9|"
    assert said("?", "clip", text) == "Note: clip. Price of clip is 7. clip: 9."
    long = "x" * (LONGEST_LABEL + 1)
    assert said("?", long, text.replace("clip", long)) == f"Note: {long}. Price: 7. 9."


def test_a_record_is_one_row_of_its_fields():
    """Their names as people say them, each value in its place; a line alone is no row."""
    text = "name: Heron\nlength_m: 4.2\ngood for: lakes"
    shown = ShownPassage("Boats", text, is_record=True)
    (row,) = rows_shown(shown)
    pieces = view_of(row, text, asked_for("how long is the Heron?"))
    said = "".join(piece.text for piece in pieces)
    assert said == "name: Heron. length m of Heron is 4.2. good for of Heron is lakes."
    assert all(text[p.at : p.at + len(p.text)] == p.text for p in pieces if p.at is not None)
    assert rows_shown(replace(shown, is_record=False)) == []
    assert rows_shown(replace(shown, text="name: Heron")) == []


SHEET = """Property | K2 | K3
Capacity | 220 g | 520 g
Weight | 5.3 kg | 4.9 kg
Case | steel | zinc
Power | 12 V DC |"""


def test_a_property_is_said_of_what_the_columns_are():
    """Rows of one unit each, columns of several; the other way round they are things."""
    assert said("?", "Weight", SHEET) == (
        "Property: Weight. Weight of K2 is 5.3 kg. Weight of K3 is 4.9 kg."
    )
    assert all(row.is_property for row in rows_of(SHEET))
    things = "Ticket | Length | Price\nDay | 24 h | £5\nWeek | 168 h | £9\nYear | 9 h | £1"
    assert not any(row.is_property for row in rows_of(things))
    assert said("?", "Day", things) == "Ticket: Day. Length of Day is 24 h. Price of Day is £5."


def test_of_values_alike_those_of_columns_asked_about_are_said():
    """What is no figure stays, as does all where no column is told from the others."""
    assert said("What is the weight of the K3?", "Weight", SHEET) == (
        "Property: Weight. Weight of K3 is 4.9 kg."
    )
    assert said("weight of the k2 or the k3", "Weight", SHEET).count(" is ") == 2
    assert said("Which case has the K3?", "Case", SHEET).count(" is ") == 2
    assert said("Power of the K3?", "Power", SHEET) == (
        "Property: Power. Power of K2 is 12 V DC. Power of K3 is not given."
    )
    fares = "Ticket | Adult fare | Child fare | Valid\nDay | £5 | £2 | 24 h\nWeek | £9 | £4 | 168 h"
    assert said("What is the child fare for a day?", "Day", fares) == (
        "Ticket: Day. Child fare of Day is £2. Valid of Day is 24 h."
    )
