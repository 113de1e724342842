"""A cell's value as its sheet shows it: 0.25 as ``25%``, 1700 as ``1,700``, ``30 Jun 2025``.

Of Excel's number formats (ECMA-376, part 1, 18.8.31) the ones that say how a number reads are
followed: decimals, thousands, shares and the signs around; others show the plain number, and
those that do not say how a date reads (``date_text.py``) show it as ISO 8601.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from index.documents.date_text import date_text

_GENERAL = "general"
# A currency sign with its country, [$€-407], leaves the sign; [Red] and [>100] leave nothing.
_CURRENCY = re.compile(r"\[\$([^\]-]*)[^\]]*\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|[_*].')
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.([0#?]+))?(%?)")


def shown(value: Any, number_format: str | None) -> str:
    """The text of a cell; "" for an empty one.

    >>> shown(0.25, "0%"), shown(1700, "#,##0"), shown(12.5, '[$€-407] 0.00'), shown(3.0, None)
    ('25%', '1,700', '€ 12.50', '3')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date | time | timedelta):
        return date_text(value, number_format or "") or _iso(value)
    if isinstance(value, int | float):
        return _number(value, number_format or _GENERAL)
    return str(value)


def _iso(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat()


def _number(value: int | float, number_format: str) -> str:
    sections = number_format.split(";")
    has_negative = value < 0 and len(sections) > 1 and bool(sections[1])
    pattern = _BRACKETS.sub("", _CURRENCY.sub(r'"\1"', sections[1 if has_negative else 0]))
    literal_free = _QUOTED.sub(lambda found: "\0" * len(found[0]), pattern)
    digits = _DIGITS.search(literal_free)
    if digits is None or "/" in literal_free or "E" in literal_free.upper():
        return _plain(value)
    amount = abs(value) if has_negative else value
    decimals = digits[1] or ""
    if digits[2]:
        amount *= 100
    grouping = "," if "," in digits[0] else ""
    figure = f"{amount:{grouping}.{len(decimals)}f}"
    for _ in range(len(decimals) - decimals.count("0")):  # optional decimals
        if figure.endswith("0"):
            figure = figure[:-1]
    figure = figure.rstrip(".") if decimals else figure
    before, after = _literal(pattern[: digits.start()]), _literal(pattern[digits.end() :])
    return f"{before}{figure}{digits[2]}{after}".strip()


def _literal(part: str) -> str:
    return _QUOTED.sub(lambda found: found[1] or found[2] or "", part)


def _plain(value: int | float) -> str:
    """As a sheet shows a number of no format: fifteen digits at most.

    >>> _plain(0.1 + 0.2), _plain(3.0), _plain(10**20)
    ('0.3', '3', '100000000000000000000')
    """
    return str(value) if isinstance(value, int) else f"{value:.15g}"
