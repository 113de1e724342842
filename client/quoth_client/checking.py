"""Whether a citation holds, told from the text alone: no service is asked."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from quoth_client.replies import Citation, Lines, Span

_SHOWN = 60


def check(citation: Citation | Mapping[str, Any], text: str) -> list[str]:
    """What is wrong with a citation, each in a sentence; empty where it holds.

    ``citation`` is one of a reply, or its JSON as it was kept; ``text`` is the document's
    canonical text, as ``Quoth.text`` gives it. The span is sliced anew in code points, UTF-16
    units and bytes, both hashes are made anew, and lines and the words around are compared. Where
    the quote stands elsewhere in the text, that is told. Raises pydantic's ValidationError for
    what is no citation.
    """
    if not isinstance(citation, Citation):
        citation = Citation.model_validate(citation)
    quote, span = citation.quote, citation.span
    there = text[span.start : span.end]
    faults = []
    if (made := _sha256(quote.exact)) != quote.sha256:
        faults.append(f"The quote was altered: its sha256 is {made}, cited is {quote.sha256}.")
    if (made := _sha256(text)) != citation.document.text_sha256:
        faults.append(
            f"The text is not the one that was cited: its sha256 is {made}, cited is "
            f"{citation.document.text_sha256}."
        )
    if there != quote.exact or not quote.exact:
        faults.append(_misplaced(quote.exact, there, span, text))
        return faults
    return faults + _around(citation, text)


def _misplaced(exact: str, there: str, span: Span, text: str) -> str:
    if not exact:
        return "The quote is empty."
    told = f"At [{span.start}, {span.end}) stands {_short(there)}, not the quote {_short(exact)}"
    elsewhere = text.find(exact)
    return f"{told}; that stands at {elsewhere}." if elsewhere >= 0 else f"{told}."


def _around(citation: Citation, text: str) -> list[str]:
    """What else disagrees where the quote is in its place."""
    quote, span = citation.quote, citation.span
    before = text[: span.start]
    first = 1 + before.count("\n")
    utf16, utf8 = _units(before, "utf-16-le", 2), _units(before, "utf-8", 1)
    wanted: dict[str, tuple[Span | Lines, int, int]] = {
        "utf16": (citation.utf16, utf16, utf16 + _units(quote.exact, "utf-16-le", 2)),
        "bytes": (citation.bytes, utf8, utf8 + _units(quote.exact, "utf-8", 1)),
        # A line end that closes the quote belongs to the line it ends.
        "lines": (citation.lines, first, first + quote.exact[:-1].count("\n")),
    }
    faults = [
        f"{name} are {said.start} to {said.end}, but the quote has {start} to {end}."
        for name, (said, start, end) in wanted.items()
        if (said.start, said.end) != (start, end)
    ]
    if not before.endswith(quote.prefix):
        faults.append(f"{_short(quote.prefix)} does not stand before the quote.")
    if not text[span.end :].startswith(quote.suffix):
        faults.append(f"{_short(quote.suffix)} does not stand after the quote.")
    return faults


def _units(text: str, encoding: str, size: int) -> int:
    return len(text.encode(encoding)) // size


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
