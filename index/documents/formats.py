"""Which file names are documents: one line per suffix, one module per format.

A new format is one new module with ``parse(data: bytes) -> Extract`` and its lines here.
Modules are named, not imported, so that a format nobody uses costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Format:
    """A media type and the name of the module of this package that parses it."""

    media_type: str
    module: str


_PLAIN = Format("text/plain", "plain")
_MARKDOWN = Format("text/markdown", "markdown")
_HTML = Format("text/html", "html")
_XHTML = Format("application/xhtml+xml", "html")
_RST = Format("text/x-rst", "rst")
_CSV = Format("text/csv", "csv_table")
_TSV = Format("text/tab-separated-values", "csv_table")
_JSON = Format("application/json", "json_records")
_JSON_LINES = Format("application/jsonl", "json_lines")
_EMAIL = Format("message/rfc822", "email_message")
_PDF = Format("application/pdf", "pdf")
_EPUB = Format("application/epub+zip", "epub")
_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCX = Format(f"{_OFFICE}wordprocessingml.document", "docx")
_PPTX = Format(f"{_OFFICE}presentationml.presentation", "pptx")
_XLSX = Format(f"{_OFFICE}spreadsheetml.sheet", "xlsx")

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".txt": _PLAIN,
        ".text": _PLAIN,
        ".md": _MARKDOWN,
        ".markdown": _MARKDOWN,
        ".html": _HTML,
        ".htm": _HTML,
        ".xhtml": _XHTML,
        ".rst": _RST,
        ".pdf": _PDF,
        ".docx": _DOCX,
        ".pptx": _PPTX,
        ".xlsx": _XLSX,
        ".csv": _CSV,
        ".tsv": _TSV,
        ".epub": _EPUB,
        ".json": _JSON,
        ".jsonl": _JSON_LINES,
        ".ndjson": _JSON_LINES,
        ".eml": _EMAIL,
    }
)

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {suffix: each.media_type for suffix, each in FORMATS.items()}
)
