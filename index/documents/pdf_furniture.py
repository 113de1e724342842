"""What stands on page after page: running headers and footers, page numbers.

They are left out of the canonical text, so that a sentence that goes on over the page is one
sentence; the document's metadata names them, so that nothing is lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.documents.pdf_lines import Line

_EDGE_LINES = 3  # from the top and from the bottom of a page
_NEIGHBOURS = (1, 2)  # left and right pages may have headers of their own
_SAME_HEIGHT = 4.0  # points
_GAP = 1.6  # between furniture and body, in sizes of letters; lines of a text are 1.2 apart
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def without_furniture(
    pages: Sequence[Sequence[Line]], holds_pictures: Sequence[bool]
) -> tuple[list[list[Line]], tuple[str, ...]]:
    """The pages without what only repeats, and what that is, each wording once.

    A line at a page's edge is furniture where the page next to it, or the one after, has the
    same at the same height: the same words, or the same but for one number that counts the
    pages. A page that is nothing else keeps it, unless pictures are what it is about.
    """
    edges = [_edges(lines) for lines in pages]
    kept, dropped = [], {}
    for page, lines in enumerate(pages):
        furniture = {
            id(line) for edge in edges[page] for line in _repeated(edge, _near(edges, page))
        }
        if len(furniture) == len(lines) and not holds_pictures[page]:
            furniture = set()
        kept.append([line for line in lines if id(line) not in furniture])
        for line in lines:
            if id(line) in furniture:
                wording = _NUMBER.sub("#", line.text)
                dropped.setdefault(wording, line.text)
    return kept, tuple(text for text in dropped.values() if any(map(str.isalpha, text)))


Edges = tuple[list[Line], list[Line]]


def _edges(lines: Sequence[Line]) -> Edges:
    """The lines next to the top and next to the bottom, outermost first, and one more."""
    down = sorted(lines, key=lambda line: -line.top)
    return down[: _EDGE_LINES + 1], down[::-1][: _EDGE_LINES + 1]


def _near(edges: Sequence[Edges], page: int) -> list[tuple[int, list[Line]]]:
    """Edge lines of the pages around, and how many pages away each is."""
    return [
        (distance, [line for edge in edges[page + distance] for line in edge])
        for step in _NEIGHBOURS
        for distance in (step, -step)
        if 0 <= page + distance < len(edges)
    ]


def _repeated(edge: list[Line], near: list[tuple[int, list[Line]]]) -> list[Line]:
    """Of an edge the outermost lines, as long as they repeat and down to a gap before the body.

    Without a gap they are lines of the body, which some pages have in common.
    """
    found: list[Line] = []
    for line in edge[:_EDGE_LINES]:
        if not any(
            abs(line.top - other.top) < _SAME_HEIGHT and _repeats(line.text, other.text, distance)
            for distance, others in near
            for other in others
        ):
            break
        found.append(line)
    while found and len(found) < len(edge) and not _is_apart(found[-1], edge[len(found)]):
        found.pop()
    return found


def _is_apart(line: Line, body: Line) -> bool:
    gap = max(line.bottom - body.top, body.bottom - line.top)
    return gap > _GAP * max(line.size, body.size)


def _repeats(text: str, other: str, distance: int) -> bool:
    """Whether ``other``, so many pages on, is the text but for the page's number.

    >>> _repeats("Report, page 7", "Report, page 8", 1), _repeats("Row 7: 12", "Row 8: 15", 1)
    (True, False)
    """
    if text == other:
        return True
    if _NUMBER.sub("#", text) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(text), _NUMBER.findall(other), strict=True)
    changed = [(_value(one), _value(two)) for one, two in pairs if one != two]
    return len(changed) == 1 and changed[0][1] - changed[0][0] == distance


def _value(number: str) -> int:
    """An Arabic or Roman number's value.

    >>> _value("12"), _value("xiv")
    (12, 14)
    """
    if number.isdigit():
        return int(number[:9])
    values = [_ROMAN[letter] for letter in number.lower()]
    return sum(
        -value if value < max(values[place:], default=0) else value
        for place, value in enumerate(values, start=1)
    )
