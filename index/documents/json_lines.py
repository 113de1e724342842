"""JSON Lines: a record a line, each a section named for its line and its name."""

from __future__ import annotations

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.json_records import load
from index.documents.records_text import add_value, named
from index.documents.text_blocks import TextBlocks


def parse(data: bytes) -> Extract:
    """All records in their order. Raises UnreadableDocument for a line that is no JSON."""
    decoded = decode(data)
    text = TextBlocks()
    for number, line in enumerate(decoded.text.split("\n"), start=1):
        if line.strip():
            value = load(line, number)
            add_value(value, (named(f"line {number}", value),), text)
    return Extract(text.text, None, tuple(text.blocks), decoded.metadata)
