"""Cells as their sheet shows them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.cell_text import shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, None, ""),
        (True, None, "TRUE"),
        ("a  b", "General", "a  b"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1700, "#,##0", "1,700"),
        (1234.5, "#,##0.00", "1,234.50"),
        (0.256, "0.0%", "25.6%"),
        (-5, "0", "-5"),
        (-1234, "#,##0;(#,##0)", "(1,234)"),
        (-1234, "#,##0;[Red]-#,##0", "-1,234"),
        (12.5, "[$€-407] 0.00", "€ 12.50"),
        (12.5, '0.00 "kg"', "12.50 kg"),
        (12.5, "0.##", "12.5"),
        (12, "0.##", "12"),
        (7, "0\\ \\m", "7 m"),
        (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "12345"),
        (date(2024, 3, 1), "dd.mm.yyyy", "01.03.2024"),
        (datetime(2024, 3, 1), "mm-dd-yy", "2024-03-01"),
        (datetime(2024, 3, 1, 12, 30), None, "2024-03-01 12:30:00"),
        (time(12, 30), "yyyy", "12:30:00"),
        (timedelta(hours=-30), "[h]:mm", "-2 days, 18:00:00"),
    ],
)
def test_shown(value, number_format, text):
    """What a spreadsheet shows, written by hand beside each; ISO 8601 for dates of no format."""
    assert shown(value, number_format) == text


@given(st.integers(-(10**12), 10**12), st.text(max_size=12))
def test_any_format_leaves_whole_numbers_findable(value, number_format):
    """A hostile format raises nothing; what it shows is a text."""
    assert isinstance(shown(value, number_format), str)


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_decimals_and_thousands_are_python_s(value, decimals):
    """``#,##0.00`` is what ``:,.2f`` writes."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    assert shown(value / 1000, pattern) == f"{value / 1000:,.{decimals}f}"
