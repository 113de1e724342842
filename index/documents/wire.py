"""An Extract as one line of JSON: how it comes back from the process that parsed it."""

from __future__ import annotations

import json
from typing import Any

from index.documents.extract import Extract
from index.records import Block, Place, Span


def to_line(extract: Extract) -> bytes:
    """The extract without loss, in UTF-8; half surrogates pass, for the reader to refuse."""
    sections = {path: row for row, path in enumerate({b.section: None for b in extract.blocks})}
    value = {
        "text": extract.text,
        "title": extract.title,
        "sections": [*sections],
        "blocks": [
            (b.span.start, b.span.end, sections[b.section], b.is_heading) for b in extract.blocks
        ],
        "metadata": extract.metadata,
        "places": [(at.start, at.page, at.row, at.label) for at in extract.places],
    }
    return error_line(value)


def error_line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def from_line(line: bytes) -> dict[str, Any]:
    """What a line says. Raises ValueError for one that is not whole."""
    value = json.loads(line.decode("utf-8", "surrogatepass"))
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def to_extract(value: dict[str, Any]) -> Extract:
    """The extract of a line. Raises ValueError, KeyError or TypeError for anything else."""
    sections = [tuple(path) for path in value["sections"]]
    return Extract(
        text=value["text"],
        title=value["title"],
        blocks=tuple(
            Block(Span(start, end), sections[section], is_heading)
            for start, end, section, is_heading in value["blocks"]
        ),
        metadata={
            name: tuple(stated) if isinstance(stated, list) else stated
            for name, stated in value["metadata"].items()
        },
        places=tuple(Place(*at) for at in value["places"]),
    )
