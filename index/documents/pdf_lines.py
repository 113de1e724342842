"""A PDF page → its lines of text, each with where it stands and how large it is set.

PDFium gives text in the order in which it is drawn; a few measures a line, and none a
character, keep ten thousand pages affordable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from math import hypot

import pypdfium2 as pdfium
import pypdfium2.raw as raw

BROKEN_WORD = "\ufffe"
"""PDFium's sign for a hyphen that ends a line; it joins the two lines."""

_CUT = "\ufdd0"  # no character at all, so none of the text's
_PIECE = re.compile(f"[^\n{_CUT}]+{_CUT}?|{_CUT}")
_LONGEST_FONT_NAME = 128
_COMBINING = {
    "´": "\N{COMBINING ACUTE ACCENT}",
    "`": "\N{COMBINING GRAVE ACCENT}",
    "¨": "\N{COMBINING DIAERESIS}",
    "ˆ": "\N{COMBINING CIRCUMFLEX ACCENT}",
    "˜": "\N{COMBINING TILDE}",
    "¯": "\N{COMBINING MACRON}",
    "˘": "\N{COMBINING BREVE}",
    "˙": "\N{COMBINING DOT ABOVE}",
    "˚": "\N{COMBINING RING ABOVE}",
    "ˇ": "\N{COMBINING CARON}",
    "˝": "\N{COMBINING DOUBLE ACUTE ACCENT}",
}
_ACCENT = re.compile(f"([{''.join(_COMBINING)}])([^\\W\\d_])")
_BOLD = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_RAISED = 0.8  # of the digit before: a footnote's mark or an exponent
_OTHER_SIZE = 1.08  # times as large as the letters before
_NEXT_LINE = 1.8  # of the size of letters, that the next line stands lower
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
    text = _cut_at_notes(text_page, _characters(text_page))
    for piece in _PIECE.finditer(text):
        first = piece.start() + len(piece[0]) - len(piece[0].lstrip())
        words = _marked(text_page, piece[0].strip(), first)
        if words:
            last = first + len(piece[0].strip()) - 1
            yield _measured(text_page, words.replace(_CUT, "-"), first, last)


def _cut_at_notes(text_page: pdfium.PdfTextPage, text: str) -> str:
    """The text with ``_CUT`` for the hyphen where the word does not go on: what PDFium joins to
    it is another line then, a footnote or a page number below.
    """
    for hyphen in re.finditer(f"(?<=.){BROKEN_WORD}(?=.)", text):
        before, after = hyphen.start() - 1, hyphen.end()
        if not _is_one_word(text_page, before, after, text[after]):
            text = text[: before + 1] + _CUT + text[after:]
    return text


def _is_one_word(text_page: pdfium.PdfTextPage, before: int, after: int, letter: str) -> bool:
    """Whether a broken word goes on: in its own size, and what is no small letter just below."""
    sizes = [raw.FPDFText_GetFontSize(text_page, index) for index in (before, after)]
    if max(sizes) > _OTHER_SIZE * min(sizes):
        return False
    height = _origin(text_page, before)[1] - _origin(text_page, after)[1]
    return letter.islower() or 0 < height < _NEXT_LINE * _size(text_page, before)


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
    """The words with ``^`` before a raised digit that follows a digit, 10^6 and not 106, and a
    space after raised digits that begin a line, as a footnote's number does.
    """
    marked = []
    for place, letter in enumerate(words):
        if place and words[place - 1].isdigit():
            if letter.isdigit() and _is_smaller(text_page, first + place, first + place - 1):
                marked.append("^")
            elif (
                letter.isalpha()
                and words[:place].isdigit()
                and _is_smaller(text_page, first + place - 1, first + place)
            ):
                marked.append(" ")
        marked.append(letter)
    return _ACCENT.sub(_composed, "".join(marked).replace("\N{SOFT HYPHEN}", ""))


def _composed(found: re.Match[str]) -> str:
    """An accent drawn over a letter, as old fonts of TeX do, and that letter as one.

    >>> _composed(_ACCENT.match("¨o")), _composed(_ACCENT.match("´x"))
    ('ö', '´x')
    """
    letter = {"ı": "i", "ȷ": "j"}.get(found[2], found[2])
    one = unicodedata.normalize("NFC", letter + _COMBINING[found[1]])
    return one if len(one) == 1 else found[0]


def _is_smaller(text_page: pdfium.PdfTextPage, index: int, than: int) -> bool:
    size, other = (raw.FPDFText_GetFontSize(text_page, at) for at in (index, than))
    return size < _RAISED * other


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
