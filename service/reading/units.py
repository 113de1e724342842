"""Units of numbers: which one a value has, and whether it is of what is weighed, paid or else."""

from __future__ import annotations

import re

_NUMBER = (
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|dozen|hundred|thousand|"
    r"million))[\s-]*"
)
UNITS = {
    "weight": re.compile(
        _NUMBER + r"(?:m?g|kg|t|lbs?|oz|st|gram(?:me)?s?|kilo(?:gram(?:me)?)?s?|tons?|tonnes?|"
        r"pounds?|ounces?|stones?|carats?)\b"
    ),
    "price": re.compile(
        r"[$€£¥₹]|\b(?:usd|eur|gbp|chf)\b|"
        + _NUMBER
        + r"(?:p|c|dollars?|euros?|pounds?|pence|cents?|francs?|kron(?:er|or|a)|yen|rupees?)\b"
    ),
}
_OTHER = re.compile(
    _NUMBER + r"(?:[kmg]?wh?|watts?|km|cm|mm|met(?:re|er)s?|miles?|feet|ft|inch(?:es)?|seconds?|"
    r"minutes?|hours?|days?|weeks?|months?|years?|degrees?|people|litres?)\b|\d\s*°"
)

_DIGITS = re.compile(r"[-+−]?\d[\d.,]*")


def unit_of(value: str) -> str:
    """What a value with figures is but for these, "" for one that has none.

    >>> unit_of("5.3 kg"), unit_of("-10:00–19:30"), unit_of("closed")
    ('0 kg', '0:0–0:0', '')
    """
    return _DIGITS.sub("0", value) if _DIGITS.search(value) else ""


def has_another_unit(kind: str, folded: str) -> bool:
    """Whether the numbers of an answer, in small letters, have a unit, and none of a ``kind`` of
    UNITS. One without any may have it in its column's name.

    >>> has_another_unit("price", "122 mw"), has_another_unit("price", "£3 for two hours")
    (True, False)
    """
    others = [_OTHER, *(pattern for name, pattern in UNITS.items() if name != kind)]
    return not UNITS[kind].search(folded) and any(other.search(folded) for other in others)
