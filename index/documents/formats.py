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

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        ".txt": _PLAIN,
        ".text": _PLAIN,
        ".md": _MARKDOWN,
        ".markdown": _MARKDOWN,
        ".html": _HTML,
        ".htm": _HTML,
        ".xhtml": _XHTML,
    }
)

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {suffix: each.media_type for suffix, each in FORMATS.items()}
)
