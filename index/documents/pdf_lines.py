"""A PDF page → its lines of text, each with where it stands and how large it is set.

PDFium gives text in the order in which it is drawn; a few measures a line, and none a
character, keep ten thousand pages affordable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from math import hypot

import pypdfium2 as pdfium
import pypdfium2.raw as raw

BROKEN_WORD = "\ufffe"
"""PDFium's sign for a hyphen that ends a line; it joins the two lines."""

_LONGEST_FONT_NAME = 128
_BOLD = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_RAISED = 0.8  # of the digit before: a footnote's mark or an exponent
_SAME_LINE = 0.45  # of the size of its letters, that a line may stand higher or lower


@dataclass(frozen=True, slots=True)
class Line:
    """One line; lengths in points, ``top`` and ``bottom`` the baselines from the page's foot.

    A line ended by a hyphen holds the next one too: then ``bottom`` is that one's.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    is_bold: bool


def lines_of(page: pdfium.PdfPage) -> list[Line]:
    """The lines of a page in the order they are drawn; pieces of one line are put together."""
    text_page = page.get_textpage()
    try:
        lines: list[Line] = []
        for line in _pieces(text_page):
            if lines and (joined := _joined(lines[-1], line)):
                lines[-1] = joined
            else:
                lines.append(line)
        return lines
    finally:
        text_page.close()


def _pieces(text_page: pdfium.PdfTextPage) -> Iterator[Line]:
    text = _characters(text_page)
    start = 0
    for piece in text.split("\n"):
        end = start + len(piece)
        first = start + len(piece) - len(piece.lstrip())
        words = _marked(text_page, piece.strip(), first)
        if words:
            yield _measured(text_page, words, first, first + len(piece.strip()) - 1)
        start = end + 1


def _characters(text_page: pdfium.PdfTextPage) -> str:
    """One character for each that PDFium counts, so that a place in it is PDFium's index."""
    count = text_page.count_chars()
    text = text_page.get_text_range() if count else ""
    if len(text) != count:
        codes = (raw.FPDFText_GetUnicode(text_page, index) for index in range(count))
        text = "".join(map(chr, codes))
    return text.translate(_CLEANED)


# Line ends are "\r\n" and must stay two characters. Controls come of fonts that say nothing of
# Unicode; a soft hyphen is a place to break a word, not a letter.
_CLEANED = dict.fromkeys(range(32), " ") | {
    0x0A: "\n",
    0x02: BROKEN_WORD,
    0x7F: " ",
    0xA0: "\xa0",
    0xFFFF: " ",
    0xF0B7: "•",
}
_CLEANED |= dict.fromkeys(range(55296, 57344), "�")


def _marked(text_page: pdfium.PdfTextPage, words: str, first: int) -> str:
    """The words with ``^`` before a raised digit that follows a digit: 10^6, not 106."""
    marked = []
    for place, letter in enumerate(words):
        if letter.isdigit() and place and words[place - 1].isdigit():
            size, before = (
                raw.FPDFText_GetFontSize(text_page, first + at) for at in (place, place - 1)
            )
            if size < _RAISED * before:
                marked.append("^")
        marked.append(letter)
    return "".join(marked).replace("\N{SOFT HYPHEN}", "")


def _measured(text_page: pdfium.PdfTextPage, words: str, first: int, last: int) -> Line:
    left, top = _origin(text_page, first)
    _, bottom = _origin(text_page, last)
    size = _size(text_page, first)
    edges = [c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text_page, last, *map(byref, edges))
    return Line(
        words,
        left,
        max(edges[1].value, left),
        top,
        bottom if top - bottom > _SAME_LINE * size else top,
        size,
        _is_bold(text_page, first),
    )


def _size(text_page: pdfium.PdfTextPage, index: int) -> float:
    """The height letters are set in: the font's size, scaled as the page scales it."""
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(text_page, index) or 1.0
    if raw.FPDFText_GetMatrix(text_page, index, byref(matrix)):
        size *= hypot(matrix.c, matrix.d) or 1.0
    return round(size, 1)


def _is_bold(text_page: pdfium.PdfTextPage, index: int) -> bool:
    """By the font's name, since few embedded fonts state their weight."""
    name, flags = create_string_buffer(_LONGEST_FONT_NAME), c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, _LONGEST_FONT_NAME, byref(flags))
    return bool(_BOLD.search(name.value))


def _origin(text_page: pdfium.PdfTextPage, index: int) -> tuple[float, float]:
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(text_page, index, byref(x), byref(y))
    return x.value, y.value


def _joined(line: Line, piece: Line) -> Line | None:
    """The two as one line, where the second goes on beside the first; else None."""
    size = max(line.size, piece.size)
    apart = piece.left - line.right
    if abs(line.bottom - piece.top) > _SAME_LINE * size or apart < -0.2 * size:
        return None
    space = " " if apart > 0.12 * size else ""
    return Line(
        line.text + space + piece.text,
        line.left,
        piece.right,
        line.top,
        line.bottom,
        max(line.size, piece.size) if len(line.text) < 3 else line.size,
        line.is_bold,
    )
