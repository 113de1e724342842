"""Plain text: blank lines separate paragraphs, and the canonical text is the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.outline import Outline
from index.records import Block, Span, trimmed

LONGEST_WRAPPED_LINE = 120
"""Characters; a paragraph mostly of longer lines was never hard-wrapped."""
LONGEST_HEADING = 100
"""Characters; a longer line is a paragraph."""

_SENTENCE_ENDS = (".", ",", ";", ":", "!", "?", "。", "…")
_CLOSING_QUOTES = "\"'”’»)]"


def parse(data: bytes) -> Extract:
    """One block a paragraph; a hard-wrapped paragraph stays one. Raises UnreadableDocument.

    A paragraph whose lines are mostly too long to have been wrapped is a file that puts
    one paragraph on a line: each line is a block then. A short line that stands alone, ends
    as no sentence does and has a sentence below it is a heading; the first of all, with
    anything below it, is the title.
    """
    decoded = decode(data)
    text = decoded.text
    paragraphs = list(_paragraphs(text))
    spans = [trimmed(text, start, end) for lines in paragraphs for start, end in _unwrapped(lines)]
    blocks = tuple(_with_sections(text, spans))
    return Extract(text, _title(text, paragraphs), blocks, decoded.metadata)


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text, as ``parse`` finds them."""
    for lines in _paragraphs(text):
        yield from (trimmed(text, start, end).of(text) for start, end in _unwrapped(lines))


def _with_sections(text: str, spans: Sequence[Span]) -> Iterator[Block]:
    outline = Outline()
    for place, span in enumerate(spans):
        below = spans[place + 1].of(text) if place + 1 < len(spans) else ""
        # The title is above every section; and lines in a row, as of a poem, head nothing.
        is_heading = bool(place) and _may_head(span.of(text)) and _is_sentence(below)
        if is_heading:
            outline.open(1, span.of(text))
        yield Block(span, outline.path, is_heading)


def _may_head(line: str) -> bool:
    return (
        len(line) <= LONGEST_HEADING
        and "\n" not in line
        and " " in line
        and line.lstrip("\"'“‘«([")[:1].isupper()
        and not _is_sentence(line)
    )


def _is_sentence(paragraph: str) -> bool:
    return paragraph.rstrip(_CLOSING_QUOTES).endswith(_SENTENCE_ENDS)


def _paragraphs(text: str) -> Iterator[list[tuple[int, int]]]:
    """The lines (start, end) of each paragraph; a line of white space only separates."""
    lines: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            lines.append((start, start + len(line)))
        elif lines:
            yield lines
            lines = []
        start += len(line) + 1
    if lines:
        yield lines


def _unwrapped(lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    long_lines = sum(end - start > LONGEST_WRAPPED_LINE for start, end in lines)
    return lines if 2 * long_lines >= len(lines) else [(lines[0][0], lines[-1][1])]


def _title(text: str, paragraphs: list[list[tuple[int, int]]]) -> str | None:
    if len(paragraphs) < 2 or len(paragraphs[0]) > 1:
        return None
    start, end = paragraphs[0][0]
    line = text[start:end].strip()
    # A question may be a title, and heads what answers it.
    is_sentence = _is_sentence(line) and not line.endswith("?")
    if len(line) > LONGEST_HEADING or is_sentence or not any(map(str.isalpha, line)):
        return None
    return line
