"""Lines of a PDF → paragraphs and headings, by the space around them and their size.

A PDF knows letters and places only. Lines of one paragraph are kept as lines, so that a table
stays readable; a paragraph may go on over a page's end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from index.documents.hyphens import Hyphens
from index.documents.pdf_lines import BROKEN_WORD, Line
from index.documents.text_blocks import TextBlocks

_LONGEST_HEADING = 200
"""Characters; larger letters than these may be a motto, but open no section."""
_LARGER = 1.1  # than the body's, that a heading is set in
_OTHER_SIZE = 1.08
_WIDER = 1.3  # than lines are usually apart, that paragraphs are
_COLUMN = 30.0  # points that lines of one column may begin apart
# "p. 80" is no item of a list.
_BULLET = re.compile(r"(?:[•◦▪‣·–—*-]|\(?(?:\d{1,3}[.)]|[a-z]\)|[a-z]\.(?!\s\d)))\s")
_ENDS = (".", "!", "?", ":", ";", "。", "…")
_CLOSING = "\"'”’»)]"


@dataclass(frozen=True, slots=True)
class _Style:
    """What is usual in a document: letters' size, lines' distance (in sizes), bold or not."""

    size: float
    pitch: float
    is_bold: bool


Placed = tuple[int, Line]
"""A page's row and a line on it."""


def add_pages(pages: Sequence[Sequence[Line]], labels: Sequence[str], text: TextBlocks) -> None:
    """Append all pages; a page begins where its first line does, inside a block if need be."""
    style = _style(pages)
    hyphens = Hyphens([line.text for lines in pages for line in lines])
    paragraphs = [*_paragraphs(pages, style)]
    levels = _levels(paragraphs, style)
    page = -1
    for paragraph in paragraphs:
        words, begins = _words(paragraph, hyphens)
        if paragraph[0][0] != page:
            page = paragraph[0][0]
            text.turn_to(page=page + 1, label=labels[page])
        level = levels.get(_rank(paragraph, style))
        if level is None:
            text.add(words)
        else:
            text.add_heading(level, words.replace("\n", " "))
        for row, offset in begins:
            page = row
            text.turn_within(offset, page=row + 1, label=labels[row])


def _style(pages: Sequence[Sequence[Line]]) -> _Style:
    letters: Counter[tuple[float, bool]] = Counter()
    pitches = []
    for lines in pages:
        for number, line in enumerate(lines):
            letters[line.size, line.is_bold] += len(line.text)
            before = lines[number - 1] if number else line
            if before.size == line.size and 0.8 < (before.bottom - line.top) / line.size < 3:
                pitches.append((before.bottom - line.top) / line.size)
    (size, is_bold), _ = letters.most_common(1)[0]
    return _Style(size, median(pitches) if pitches else 1.2, is_bold)


def _paragraphs(pages: Sequence[Sequence[Line]], style: _Style) -> Iterator[list[Placed]]:
    """Paragraphs in their order; notes below an unfinished one come after it, not within."""
    current: list[Placed] = []
    notes: list[list[Placed]] = []
    for page, lines in enumerate(pages):
        margins = _margins(lines)
        for number, line in enumerate(lines):
            if current and _is_note(current, (page, line), style):
                if notes and _goes_on(notes[-1][-1][1], line, number == 0, margins, style):
                    notes[-1].append((page, line))
                else:
                    notes.append([(page, line)])
                continue
            is_apart = number == 0 or bool(notes)
            if current and not _goes_on(current[-1][1], line, is_apart, margins, style):
                yield from (current, *notes)
                current, notes = [], []
            current.append((page, line))
    if current:
        yield from (current, *notes)


def _is_note(paragraph: Sequence[Placed], placed: Placed, style: _Style) -> bool:
    """Whether a line in small print, a footnote or a caption, stands in a paragraph's way.

    Beyond the next page it does not: there it is the text.
    """
    (begun, before), (page, line) = paragraph[-1], placed
    if page > begun + 1:
        return False
    is_small = line.size * _OTHER_SIZE < min(style.size, before.size)
    return is_small and before.size < _LARGER * style.size and not _ends_sentence(before.text)


def _margins(lines: Sequence[Line]) -> dict[int, float]:
    """How far to the right lines reach, by the column they begin in."""
    reach: dict[int, float] = {}
    for line in lines:
        column = int(line.left // _COLUMN)
        for near in (column - 1, column, column + 1):
            reach[near] = max(reach.get(near, 0.0), line.right)
    return reach


def _goes_on(
    before: Line, line: Line, is_on_next_page: bool, margins: dict[int, float], style: _Style
) -> bool:
    """Whether a line is of the same paragraph as the one before it."""
    is_other = max(before.size, line.size) > _OTHER_SIZE * min(before.size, line.size)
    if is_other or (before.is_bold != line.is_bold and _is_short(before, margins)):
        return False
    if _BULLET.match(line.text):
        return False
    distance = before.bottom - line.top
    if is_on_next_page or distance < -line.size:  # or in the next column
        is_figure = not line.text[0].isalpha() and not _is_short(before, margins)
        return not _ends_sentence(before.text) and (line.text[0].islower() or is_figure)
    if distance > _WIDER * style.pitch * line.size:
        return False
    # A line that had room for the next line's first word was meant to end there.
    room = margins.get(int(before.left // _COLUMN), before.right) - before.right
    return not (_first_word_width(line) < room and _ends_or_lists(before, line))


def _ends_or_lists(before: Line, line: Line) -> bool:
    """Whether a short line ends something: a sentence, or an item without a full stop."""
    return _ends_sentence(before.text) or not line.text[0].islower()


def _is_short(line: Line, margins: dict[int, float]) -> bool:
    return line.right < 0.9 * margins.get(int(line.left // _COLUMN), line.right)


def _first_word_width(line: Line) -> float:
    letters = len(line.text.split()[0]) + 1
    if line.top != line.bottom:  # it holds two lines, and its right is the second's
        return letters * line.size / 2
    return letters * (line.right - line.left) / len(line.text)


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING).endswith(_ENDS)


def _words(paragraph: Sequence[Placed], hyphens: Hyphens) -> tuple[str, list[tuple[int, int]]]:
    """The paragraph's text, and where in it a page begins: (page, offset)."""
    pieces: list[str] = []
    pages: list[int] = []
    for page, line in paragraph:
        words = line.text
        if (
            pieces
            and pieces[-1][-1:] in "-‐"
            and words[:1].islower()
            and pieces[-1][-2:-1].isalpha()
        ):
            # The word that is broken belongs to the line, and page, it begins on.
            rest, _, words = words.partition(" ")
            pieces[-1] = hyphens.mended(f"{pieces[-1][:-1]}{BROKEN_WORD}{rest}")
        if words:
            pieces.append(hyphens.mended(words))
            pages.append(page)
    begins, offset = [], 0
    for number, piece in enumerate(pieces):
        if number and pages[number] != pages[number - 1]:
            begins.append((pages[number], offset))
        offset += len(piece) + 1
    return "\n".join(pieces), begins


Rank = tuple[float, bool]
"""A heading's size and whether it is bold: equal headings have equal ranks."""


def _rank(paragraph: Sequence[Placed], style: _Style) -> Rank | None:
    """A paragraph's rank as a heading; None where it is none."""
    lines = [line for _, line in paragraph]
    words = " ".join(line.text for line in lines)
    if len(words) > _LONGEST_HEADING or not any(map(str.isalpha, words)):
        return None
    size = max(line.size for line in lines)
    if size > _LARGER * style.size:
        return round(size), lines[0].is_bold
    is_bold = all(line.is_bold for line in lines) and not style.is_bold
    is_named = len(lines) == 1 and size > 0.95 * style.size and not _ends_sentence(words)
    return (round(size), True) if is_bold and is_named else None


def _levels(paragraphs: Sequence[Sequence[Placed]], style: _Style) -> dict[Rank | None, int]:
    """The level of each rank: the largest letters are of level 1."""
    ranks = {rank for paragraph in paragraphs if (rank := _rank(paragraph, style))}
    return {rank: level for level, rank in enumerate(sorted(ranks, reverse=True), start=1)}
