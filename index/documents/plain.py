"""Plain text: blank lines separate paragraphs, and the canonical text is the file."""

from __future__ import annotations

from collections.abc import Iterator

from index.documents.encoding import decode
from index.documents.extract import Extract, trimmed
from index.records import Block

LONGEST_WRAPPED_LINE = 120
"""Characters; a paragraph mostly of longer lines was never hard-wrapped."""
LONGEST_TITLE = 100
"""Characters; a longer first line is a paragraph."""


def parse(data: bytes) -> Extract:
    """One block a paragraph; a hard-wrapped paragraph stays one. Raises UnreadableDocument.

    A paragraph whose lines are mostly too long to have been wrapped is a file that puts
    one paragraph on a line: each line is a block then. The title is a short first line
    that stands alone before more text and does not end as a sentence does, if there is one.
    """
    decoded = decode(data)
    text = decoded.text
    paragraphs = list(_paragraphs(text))
    blocks = tuple(
        Block(trimmed(text, start, end))
        for paragraph in paragraphs
        for start, end in _unwrapped(paragraph)
    )
    return Extract(text, _title(text, paragraphs), blocks, decoded.metadata)


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
    ends_as_sentence = line.endswith((".", ",", ";", ":", "!", "。", "…"))
    if len(line) > LONGEST_TITLE or ends_as_sentence or not any(map(str.isalpha, line)):
        return None
    return line
