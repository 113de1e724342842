"""Lines of a text → its tables, and the places of a line's cells; bars part them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.records import Span, trimmed

LONGEST_NAME = 100
# A cell's own name before its value.
NAMED = re.compile(rf"([^\s:|][^:|\n]{{0,{LONGEST_NAME - 1}}}):\s+(?=\S)")

LINE = re.compile(r"[^\n]+")
_BAR = re.compile(r"(?<!\\)\|")
_PARTED = re.compile(r"\s\|(?:\s|\Z)|^\s*\|")
_RULE = re.compile(r"[\s|:]*+-[\s|:-]*+")


def groups(text: str) -> Iterator[list[Span]]:
    """Lines of tables that only empty lines part, or none."""
    lines: list[Span] = []
    above, ruled = None, False  # the line above, if it has a bar; whether a rule stands above
    for found in LINE.finditer(text):
        line = trimmed(text, *found.span())
        words = line.of(text)
        has_bar = bool(_BAR.search(words))
        if has_bar and is_rule(words):
            # Around a rule bars part cells though no space is about them: "A|B", "-|-", "1|2".
            lines = lines or ([above] if above else [])
            ruled = True
        if is_row(words) or (ruled and has_bar):
            lines.append(line)
        elif line.start < line.end:
            if lines:
                yield lines
            lines, ruled = [], False
        above = line if has_bar else None
    if lines:
        yield lines


def tables_of(text: str, lines: Sequence[Span]) -> list[list[Span]]:
    """Tables that only an empty line parts, of one group of lines: above a rule stands the head of
    another one, and so it may where a line has more cells than the head.
    """
    tables: list[list[Span]] = [[lines[0]]]
    width = _bars(lines[0].of(text))
    for line, following in zip(lines[1:], [*lines[2:], None], strict=False):
        above_a_rule = following is not None and is_rule(following.of(text))
        bars = _bars(line.of(text))
        if above_a_rule or (bars > width and not has_names(text, cells_of(text, line, True))):
            tables.append([])
            width = bars
        tables[-1].append(line)
    return tables


def is_row(line: str) -> bool:
    """Whether a line by itself is of a table: a bar stands free in it, or it is a rule."""
    return bool(_PARTED.search(line)) or ("|" in line and is_rule(line))


def is_rule(line: str) -> bool:
    """Whether a line holds nothing but dashes, and what may part them."""
    return bool(_RULE.fullmatch(line))


def _bars(line: str) -> int:
    """How many part its cells: counted, since a table of hundreds of lines is looked back over."""
    return line.count("|") - line.count("\\|")


def has_names(text: str, cells: Sequence[Span]) -> bool:
    """Whether names stand in the cells, but perhaps in the first."""
    return len(cells) > 1 and all(NAMED.match(text, one.start, one.end) for one in cells[1:])


def is_framed(text: str, lines: Sequence[Span], columns: Sequence[str] | None) -> bool:
    """Whether the bars that lines begin with are a table's frame and not an empty cell's: all have
    one, and with that cell they would not be as many as the ``columns`` known.
    """
    cells = {_bars(line.of(text)) + 1 for line in lines}
    is_begun = all(text[line.start] == "|" for line in lines)
    return is_begun and (columns is None or max(cells) != len(columns))


def cells_of(text: str, line: Span, is_framed: bool) -> list[Span]:
    """What stands between the bars of a line; the one at its end parts nothing, nor in a frame the
    one at its beginning.
    """
    bars = [line.start + bar.start() for bar in _BAR.finditer(line.of(text))]
    starts = [line.start, *(bar + 1 for bar in bars)]
    ends = [*bars, line.end]
    cells = [trimmed(text, start, end) for start, end in zip(starts, ends, strict=True)]
    if len(cells) > 1 and is_framed and text[line.start] == "|":
        cells = cells[1:]
    if len(cells) > 1 and text[line.end - 1] == "|":
        cells = cells[:-1]
    return cells
