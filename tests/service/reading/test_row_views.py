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
