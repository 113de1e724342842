"""Rows and their columns' names, out of every form that a table has in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reading.rows import LONGEST_TABLE, columns_at, heads_of, rows_of


def cells(text: str, columns=None) -> list[dict[str, str]]:
    return [{c.name: c.span.of(text) for c in row.cells} for row in rows_of(text, columns)]


def columns_of(text: str, start: int):
    return columns_at(text, start, len(text))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Plan | Price\n\nTin | 2\n\nOre |", [{"Plan": "Tin", "Price": "2"}]),
        (
            "Area | 2019 | 2020\nHull | 4 | 5\nTarn | 6",
            [{"Area": "Hull", "2019": "4", "2020": "5"}, {"Area": "Tarn", "2019": "6"}],
        ),
        ("| Plan | Price |\n|:--|--:|\n| Gold | |\n| Tin | 2 |", [{"Plan": "Tin", "Price": "2"}]),
        ("Plan: Gold | Price: $210", [{"Plan": "Gold", "Price": "$210"}]),
        ("Gold | Price: $210", [{"": "Gold", "Price": "$210"}]),
        ("A | B\nc \\| d | 2\n| 3", [{"A": "c \\| d", "B": "2"}]),
        (
            "| Gull I | Gull II\n\nHub | 84 m | 142 m\n\nRotor | 120 m | 236 m",
            [
                {"": "Hub", "Gull I": "84 m", "Gull II": "142 m"},
                {"": "Rotor", "Gull I": "120 m", "Gull II": "236 m"},
            ],
        ),
        (
            "Zone | Ticket | Price\nInner | Single | £2\n| Day | £5\nOuter | Day | £6",
            [
                {"Zone": "Inner", "Ticket": "Single", "Price": "£2"},
                {"Ticket": "Day", "Price": "£5"},
                {"Zone": "Outer", "Ticket": "Day", "Price": "£6"},
            ],
        ),
        ("Game | Cost\n---|---\nPool | £3", [{"Game": "Pool", "Cost": "£3"}]),
        (
            "Game|Cost\n-|-\nPool|£3\nDarts|£1",
            [{"Game": "Pool", "Cost": "£3"}, {"Game": "Darts", "Cost": "£1"}],
        ),
        ("| Game | Cost\n|---|---\n| Pool | £3", [{"Game": "Pool", "Cost": "£3"}]),
        ("| |\n1 | 2\n3 | 4", []),
    ],
)
def test_by_hand(text, rows):
    """Bars, years for names, pipes with a rule, names in the cells, an escaped bar; a head and a
    row whose first cell is empty, rules without spaces, and a frame on one side.
    """
    assert cells(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "No bars here, and a colon: none.",
        "Note: this.\nWarning: that.",
        "a|b",
        "Director: Ada\nTreasurer: Ken\nSecretary: Ida",
        "cat access.log | grep 404 | wc -l",
        "The chance P(A | B) is 0.25 here.",
        "Ann | Oslo | teacher\nBob | Bergen | nurse",
        "2024 | 7\n2025 | 9\n2026 | 8",
    ],
)
def test_what_holds_no_row(text):
    """Prose, two lines of it, a bar within a word, what offices are held, a command, a formula; two
    rows of which neither is a head, and rows whose columns have no names.
    """
    assert cells(text) == []


def test_a_first_cell_that_is_empty_keeps_its_column_where_the_table_began_before():
    """Told from a frame by how many columns there are."""
    head = "Zone | Ticket | Price\nInner | Single | £2\n"
    rows = "| Day | £5\n| Week | £9"
    columns = columns_of(head + rows, len(head))
    assert columns == ("Zone", "Ticket", "Price")
    assert cells(rows, columns)[0] == {"Ticket": "Day", "Price": "£5"}
    assert cells("| Day | £5 |\n| Week | £9 |", ("Ticket", "Price"))[1] == {
        "Ticket": "Week",
        "Price": "£9",
    }


@given(st.text("ab1|- :\n\\", max_size=60))
def test_any_text_has_rows_within_it(text):
    """Bars and dashes of chance: nothing is raised, and every cell lies in its row."""
    for row in rows_of(text):
        assert all(row.span.start <= c.span.start < c.span.end <= row.span.end for c in row.cells)
    for head in heads_of(text, 0, len(text)):
        assert "|" in head.of(text)


def test_heads_are_what_names_columns():
    """The first line of each table that has one, with its rule; no row, nor the first of two."""
    tables = ("| A | B |\n|--|--|\n| 1 | 2 |", "C | D\n\nx | 8\n\ny | 9", "1 | 2\n3 | 4")
    text = "\n\nWords.\n\n".join(tables)
    heads = heads_of(text, 0, len(text))
    assert [head.of(text) for head in heads] == ["| A | B |\n|--|--|", "C | D"]
    within = text.index("x | 8")
    assert heads_of(text, within, len(text)) == []
    names = "Name | Post\n" + "Ann | cook\nBo | maid\nCy | clerk\n" * 2
    assert heads_of(names, names.index("Bo"), len(names)) == []
    ended = names + "\nWords.\n\nA | B\nc | 8\nd | 9"
    (head,) = heads_of(ended, ended.index("Words"), len(ended))
    assert head.of(ended) == "A | B"


def test_a_row_knows_which_columns_it_lacks():
    """Of its own table, not of another in the same passage."""
    text = "Plan | Price | Seats\nGold | $210 |\nTin | 7 | 3\n\nWords.\n\nA | B\nc | 8\nd | 9"
    assert [row.empty for row in rows_of(text)] == [("Seats",), (), (), ()]


def test_a_line_of_more_cells_begins_another_table():
    """Two tables of HTML with only an empty line between them; fewer cells begin none."""
    text = "A | B\n\n1x | 2\n\n3x |\n\nC | D | E\n\nfx | 4 | 5\n\ngx | 6 | 7"
    assert cells(text)[0] == {"A": "1x", "B": "2"}
    assert cells(text)[1:] == [{"C": "fx", "D": "4", "E": "5"}, {"C": "gx", "D": "6", "E": "7"}]
    within = text.index("gx")
    assert columns_of(text, within) == ("C", "D", "E")
    assert columns_of(text, text.index("C | D")) is None
    # The table it begins within, though another one follows in the same passage.
    assert columns_of(text, text.index("3x")) == ("A", "B")
    assert cells(text[text.index("3x |") :], ("A", "B"))[-1] == {"C": "gx", "D": "6", "E": "7"}


def test_a_long_line_of_dashes_is_looked_at_once():
    """Half a million of them, of which the last sign is none: a square of that would take days."""
    assert rows_of("| " + "-" * 500_000 + "x |\n| a | b |") == []


def test_a_rule_says_where_another_table_begins():
    """Only an empty line stands between two of Markdown: the second has its own names."""
    text = "|A|B|\n|-|-|\n| 1 | 2 |\n\n|C|D|\n|-|-|\n| 3 | 4 |"
    assert cells(text) == [{"A": "1", "B": "2"}, {"C": "3", "D": "4"}]
    assert [row.empty for row in rows_of(text)] == [(), ()]


def test_a_table_begun_before_has_its_columns_names():
    """By its first line, far or near; none where that is a row like others, or too far away."""
    head, row = "Plan | Price\n", "Gold | $210\n"
    text = "Words.\n\n" + head + row * 4
    start = text.rindex("Gold")
    assert columns_of(text, start) == ("Plan", "Price")
    assert cells(text[start:], ("Plan", "Price")) == [{"Plan": "Gold", "Price": "$210"}]
    assert columns_of(text, text.index("Plan")) is None
    assert columns_of(text, 0) is None
    plain = "2024 | 7\n" * 3
    assert columns_of(plain, 9) == ()
    assert cells(plain[9:], ()) == []
    two = "|A|B|\n|-|-|\n| 1 | 2 |\n\n|C|D|\n|-|-|\n| 3 | 4 |"
    assert columns_of(two, two.index("| 3")) == ("C", "D")
    assert columns_of(two, two.index("|C")) is None
    long = head + row * LONGEST_TABLE
    assert columns_of(long, len(long) - len(row)) == ()


VALUES = st.text("abcdé 7€%-", min_size=1, max_size=8).map(lambda said: f"v{said}".strip())
NAMES = st.lists(
    st.text("ABCDE ", min_size=1, max_size=6).map(lambda said: f"N{said}".strip()),
    min_size=2,
    max_size=5,
    unique=True,
)


@given(
    names=NAMES, data=st.data(), style=st.sampled_from(["bars", "gaps", "pipes", "tight", "named"])
)
def test_every_form_gives_the_same_cells_wherever_it_is_cut(names, data, style):
    """A table of chance written in four ways, from its start and from any of its rows on."""
    rows = data.draw(
        st.lists(st.tuples(*(VALUES for _ in names)), min_size=2, max_size=5), label="rows"
    )
    if style == "named":
        lines = [" | ".join(f"{n}: {v}" for n, v in zip(names, row, strict=True)) for row in rows]
        lines.insert(0, " | ".join(names))
    elif style == "pipes":
        lines = [f"| {' | '.join(row)} |" for row in (names, ["---"] * len(names), *rows)]
    elif style == "tight":
        lines = [" | ".join(names), "|".join(["---"] * len(names)), *map(" | ".join, rows)]
    else:
        lines = [" | ".join(row) for row in (names, *rows)]
    text = ("\n\n" if style == "gaps" else "\n").join(lines)
    expected = [dict(zip(names, row, strict=True)) for row in rows]
    assert cells(text) == expected
    at = data.draw(st.integers(0, len(rows) - 1), label="cut")
    gap = 2 if style == "gaps" else 1
    start = sum(len(line) + gap for line in lines[: len(lines) - len(rows) + at])
    columns = columns_of(text, start)
    # Cells that have names of their own need no others, and nothing is looked for.
    assert columns is None if style == "named" else list(columns) == names
    assert cells(text[start:], columns)[0] == expected[at]
