"""JSON Lines: a record a line, each a section named for its line."""

from __future__ import annotations

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.json_records import load
from index.documents.records_text import add_value
from index.documents.text_blocks import TextBlocks


def parse(data: bytes) -> Extract:
    """All records in their order. Raises UnreadableDocument for a line that is no JSON."""
    decoded = decode(data)
    text = TextBlocks()
    for number, line in enumerate(decoded.text.split("\n"), start=1):
        if line.strip():
            add_value(load(line, number), (f"line {number}",), text)
    return Extract(text.text, None, tuple(text.blocks), decoded.metadata)
