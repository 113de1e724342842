"""Dates, times and durations as their sheet shows them."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.date_text import date_text

DAY = datetime(2025, 6, 3, 15, 4, 9, 250_000)  # a Tuesday


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (DAY, "d mmm yyyy", "3 Jun 2025"),
        (DAY, "DD/MM/YY", "03/06/25"),
        (DAY, "[$-409]mmmm d, yyyy;@", "June 3, 2025"),
        (DAY, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", None),  # the reader's own
        (DAY, "mm-dd-yy", None),
        (DAY, "m/d/yy h:mm", None),
        (DAY, "[$-en-GB]dddd d mmmm", "Tuesday 3 June"),
        (DAY, "[$-407]dd.mm.yyyy", "03.06.2025"),
        (DAY, "[$-407]d. mmmm yyyy", None),  # Juni, which is not known here
        (DAY, "[$-809]d mmm", "3 Jun"),
        (DAY, "[$-2010409]d mmm", None),  # another calendar
        (DAY, 'd"th of "mmmm', "3th of June"),
        (DAY, "ddd\\ d\\.m\\.", "Tue 3.6."),
        (DAY, "mmmmm-yy", "J-25"),
        (DAY, "[Red]yyyy\\-mm\\-dd", "2025-06-03"),
        (DAY, "yyyy年m月d日", "2025年6月3日"),
        (DAY, "h:mm", "15:04"),
        (DAY, "hh:mm:ss.00 AM/PM", "03:04:09.25 PM"),
        (DAY, "mm:ss", "04:09"),
        (DAY, "mmss.0", "0409.2"),
        (DAY, "d/m/yyyy h:m a/p", "3/6/2025 3:4 P"),
        (DAY, "yyyy-mm-dd hh:mm:ss", "2025-06-03 15:04:09"),
        (DAY, '"d; m" d;@', "d; m 3"),
        (DAY, "_(d_)", "3"),
        (DAY, "General", None),
        (DAY, "ggge", None),
        (DAY, "0.00", None),
        (DAY, '"no field"', None),
        (DAY, "d [", None),
        (DAY, "", None),
        (datetime(1899, 12, 31), "yy", "99"),
        (date(2025, 12, 31), "m/d/yyyy h:mm", "12/31/2025 0:00"),
        (time(0, 5), "h:mm AM/PM", "12:05 AM"),
        (time(12, 5), "h:mm AM/PM", "12:05 PM"),
        (time(7, 5), "d mmm h:mm", None),  # of no day
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (timedelta(minutes=75, seconds=8), "[mm]:ss", "75:08"),
        (timedelta(seconds=90), "[s]", "90"),
        (timedelta(hours=-1), "[h]:mm", None),
    ],
)
def test_by_hand(value, number_format, text):
    """What Excel shows, where it does not ask who looks."""
    assert date_text(value, number_format) == text


FIELDS = {
    **{"yyyy": "%Y", "yy": "%y", "dddd": "%A", "ddd": "%a", "dd": "%d"},
    **{"mmmm": "%B", "mmm": "%b", "mm": "%m"},
    **{"hh:mm:ss": "%H:%M:%S", "hh:mm AM/PM": "%I:%M %p", "mm:ss": "%M:%S"},
}


@given(
    st.datetimes(datetime(1000, 1, 1)),
    st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=5),
    st.sampled_from([", ", " / ", "-", "日"]),
)
def test_fields_are_those_of_strftime(value, fields, gap):
    """Each by itself and beside any other; only what follows hours alone could be another."""
    if any(field in ("hh:mm AM/PM", "hh:mm:ss", "mm:ss") for field in fields):
        # AM and PM tell of all hours of a format.
        fields = [field for field in fields if field != "hh:mm:ss"] or ["hh:mm:ss"]
    python = gap.join(FIELDS[field] for field in fields)
    assert date_text(value, gap.join(fields)) == value.strftime(python)


@given(
    st.datetimes() | st.times() | st.timedeltas(),
    st.text('ymdhs[]$-"\\;.0:/aAMP@_*e ', max_size=12),
)
def test_any_format_is_a_text_or_none(value, number_format):
    """However odd; a reader of files raises nothing for it."""
    text = date_text(value, number_format)
    assert text is None or isinstance(text, str)
