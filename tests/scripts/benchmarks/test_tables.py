"""Tables as Markdown."""

import pytest

from benchmarks.tables import Table, written_cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (1234.5, "1,234"),
        (987.6, "988"),
        (12.345, "12.3"),
        (1.2345, "1.23"),
        (0.98765, "0.988"),
        (20_000, "20,000"),
        (None, "–"),
        ("1.00 (1.00–1.00)", "1.00 (1.00–1.00)"),
    ],
)
def test_a_number_keeps_three_digits_that_say_something(cell, written):
    """Written by hand beside each."""
    assert written_cell(cell) == written


def test_a_table_is_aligned_markdown():
    """Texts stand to the left, numbers to the right, the note below."""
    table = Table("Title", ["name", "ms"], [["a", 1.5], ["long one", None]], "A note.")
    assert str(table) == (
        "### Title\n\n"
        "| name     |   ms |\n"
        "| -------- | ---: |\n"
        "| a        | 1.50 |\n"
        "| long one |    – |\n\n"
        "A note."
    )
