"""A date, a time or a duration as its sheet shows it, by the cell's number format (ECMA-376, part
1, 18.8.31).

Names of days and months are English. What a format leaves to the reader's region, other calendars
and names in other languages are not made up: then there is no text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<padding>[_*].)'
    r"|\[(?P<elapsed>h+|m+|s+)\]|\[\$(?P<locale>[^\]]*)\]|(?P<colour>\[[a-z]+ ?\d*\])"
    r"|(?P<half>am/pm|a/p)|(?P<field>y+|m+|d+|h+|s+)|(?P<decimals>(?<=s)\.0+)"
    r"|(?P<plain>[^a-z0#?@\[\]\"\\])",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])*', re.DOTALL)
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
# Built into the file format, and shown as the reader's region writes dates; and the locales
# that say so.
_OF_THE_REGION = frozenset({"mm-dd-yy", "m/d/yy h:mm"})
_SYSTEM_LOCALES = frozenset({"f800", "f400", "x-sysdate", "x-systime"})
# English of any country: as a name, or a number whose low ten bits are 9; or no language.
_ENGLISH = re.compile(r"(?:[0-9a-f]?[048c]?09|en(?:-.*)?)?")
_MINUTE = "n"  # the letter for what the format calls m, as it does months
_SECONDS = {"h": 3600, _MINUTE: 60, "s": 1}


@dataclass(frozen=True, slots=True)
class _Part:
    """Text as it stands, or a field's letters; ``kind`` is the token's."""

    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class _Moment:
    day: date | None
    seconds: int
    microseconds: int


def date_text(value: date | time | timedelta, number_format: str) -> str | None:
    """What the sheet shows; None where the format does not say it.

    >>> date_text(date(2025, 6, 30), "d mmm yyyy"), date_text(time(7, 5), "h:mm AM/PM")
    ('30 Jun 2025', '7:05 AM')
    """
    pattern = _SECTION.match(number_format)[0]
    parts = None if pattern.lower() in _OF_THE_REGION else _parts(pattern)
    moment = _moment(value)
    if not parts or moment is None:
        return None
    halves = any(part.kind == "half" for part in parts)
    shown = [_shown(part, moment, halves) for part in parts]
    is_date = any(part.kind in ("field", "elapsed") for part in parts)
    return None if None in shown or not is_date else "".join(filter(None, shown)).strip()


def _parts(pattern: str) -> list[_Part] | None:
    """The format's fields and the text between them; None for what is no format of dates that is
    known here.
    """
    parts: list[_Part] = []
    at, is_english = 0, True
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return None
        at, kind = token.end(), token.lastgroup or ""
        if kind == "locale":
            language = token[kind].rpartition("$")[2].partition("-")[2].lower()
            if language in _SYSTEM_LOCALES:
                return None
            is_english = is_english and _ENGLISH.fullmatch(language) is not None
        elif kind not in ("padding", "colour"):
            is_text = kind in ("quoted", "escaped", "plain")
            parts.append(
                _Part("text", token[kind]) if is_text else _Part(kind, token[kind].lower())
            )
    parts = _with_minutes(parts)
    return parts if is_english or not any(map(_is_name, parts)) else None


def _with_minutes(parts: list[_Part]) -> list[_Part]:
    """An m is minutes right after hours or before seconds, else it is a month."""
    fields = [at for at, part in enumerate(parts) if part.kind in ("field", "elapsed")]
    for before, at, after in zip([None, *fields], fields, [*fields[1:], None], strict=False):
        part = parts[at]
        after_hours = before is not None and parts[before].said[0] == "h"
        before_seconds = after is not None and parts[after].said[0] == "s"
        is_minute = part.kind == "elapsed" or after_hours or before_seconds
        if part.said[0] == "m" and is_minute:
            parts[at] = _Part(part.kind, part.said.replace("m", _MINUTE))
    return parts


def _is_name(part: _Part) -> bool:
    """Whether it is a word of some language."""
    return part.kind == "half" or (
        part.kind == "field" and part.said[0] in "md" and len(part.said) > 2
    )


def _moment(value: date | time | timedelta) -> _Moment | None:
    if isinstance(value, timedelta):
        seconds = value.days * 86_400 + value.seconds
        return _Moment(None, seconds, value.microseconds) if seconds >= 0 else None
    day = value if isinstance(value, date) else None
    if not isinstance(value, datetime | time):
        return _Moment(day, 0, 0)
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return _Moment(day, seconds, value.microsecond)


def _shown(part: _Part, moment: _Moment, halves: bool) -> str | None:
    """One part as it is shown; None for a part of a date where there is none."""
    letter, width = part.said[:1], len(part.said)
    if part.kind == "text":
        return part.said
    if part.kind == "decimals":
        return f".{moment.microseconds:06}"[:width].ljust(width, "0")
    hour = moment.seconds // 3600 % 24
    if part.kind == "half":
        return ("AM" if hour < 12 else "PM")[: 2 if width > 3 else 1]
    if part.kind == "elapsed":
        return f"{moment.seconds // _SECONDS[letter]:0{width}}"
    if letter == "h":
        hour = (hour - 1) % 12 + 1 if halves else hour
        return f"{hour:0{min(width, 2)}}"
    if letter in _SECONDS:
        return f"{moment.seconds // _SECONDS[letter] % 60:0{min(width, 2)}}"
    return None if moment.day is None else _part_of_date(letter, width, moment.day)


def _part_of_date(letter: str, width: int, day: date) -> str:
    if letter == "y":
        return f"{day.year % 100:02}" if width <= 2 else f"{day.year:04}"
    number = day.month if letter == "m" else day.day
    if width <= 2:
        return f"{number:0{width}}"
    name = _MONTHS[day.month - 1] if letter == "m" else _DAYS[day.weekday()]
    if letter == "m" and width == 5:
        return name[0]
    return name[:3] if width == 3 else name
