"""What has become of a citation: valid, moved, changed or gone in the present snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.records import digest
from index.snapshot import Snapshot
from service.citation import utf16_length
from service.schemas.citation import LinesModel, SpanModel
from service.schemas.library import PlaceModel, Verdict
from service.schemas.requests import Claim

# Passages whose documents are searched for a quote that left its own.
CANDIDATES = 50
# Places of one quote in one text that are weighed against each other; a quote of a letter has many.
PLACES = 1_000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a quote was found: the document's row and the quote's first code point."""

    document_row: int
    start: int
    end: int


def judge(claim: Claim, snapshot: Snapshot) -> Verdict:
    """The verdict on one citation; blocks, so it is called on a worker thread."""
    row = snapshot.document_row(claim.document.doc_id)
    if row is not None and _stands(claim, snapshot.text(row)):
        place = _Place(row, claim.span.start, claim.span.end)
        return _verdict("valid", "The quote stands where it was cited.", snapshot, place)
    moved = None if row is None else _elsewhere_in(claim, snapshot, row)
    moved = moved or _in_another(claim, snapshot)
    if moved is not None:
        return _verdict("moved", _moved(claim, moved, snapshot, row), snapshot, moved)
    if row is None:
        return _verdict("gone", _gone(claim), snapshot, None)
    return _verdict("changed", _changed(claim, snapshot.documents[row].uri), snapshot, None)


def _moved(claim: Claim, place: _Place, snapshot: Snapshot, own: int | None) -> str:
    uri, was = snapshot.documents[place.document_row].uri, claim.span.start
    if place.document_row == own:
        return f"The quote now starts at {place.start} of {uri}; it was cited at {was}."
    return (
        f"The quote stands in another document than the cited one: it starts at {place.start} of "
        f"{uri}; it was cited at {was}."
    )


def _changed(claim: Claim, uri: str) -> str:
    if claim.quote.exact is None:
        return (
            f"{uri} is there, with other words in the quote's place; whether the quote stands "
            "elsewhere cannot be told from its sha256: send quote.exact too."
        )
    return f"{uri} is there, the quote is not in it."


def _gone(claim: Claim) -> str:
    if claim.quote.exact is None:
        return (
            "The document was not found; whether the quote stands in another cannot be told from "
            "its sha256: send quote.exact too."
        )
    return "Neither the document nor the quote was found."


def _stands(claim: Claim, text: str) -> bool:
    there = text[claim.span.start : claim.span.end]
    if claim.quote.exact is not None:
        return there == claim.quote.exact
    return len(there) == claim.span.end - claim.span.start and digest(there) == claim.quote.sha256


def _elsewhere_in(claim: Claim, snapshot: Snapshot, row: int) -> _Place | None:
    """The best of the quote's places in a document: the most like context, then the nearest."""
    exact = claim.quote.exact
    if exact is None:
        return None
    text = snapshot.text(row)

    def likeness(start: int) -> tuple[int, int]:
        return _context_shared(claim, text, start), -abs(start - claim.span.start)

    start = max(_places(text, exact), key=likeness, default=None)
    return None if start is None else _Place(row, start, start + len(exact))


def _in_another(claim: Claim, snapshot: Snapshot) -> _Place | None:
    """The quote in a document of the same text (renamed), else in those that read like it."""
    sha256 = claim.document.text_sha256
    for row, entry in enumerate(snapshot.documents):
        if entry.text_sha256 == sha256 and _stands(claim, snapshot.text(row)):
            return _Place(row, claim.span.start, claim.span.end)
    if claim.quote.exact is None:
        return None
    rows, _ = snapshot.lexical.search(claim.quote.exact, CANDIDATES)
    candidates = dict.fromkeys(snapshot.passage(int(row)).document_row for row in rows)
    for row in candidates:
        if place := _elsewhere_in(claim, snapshot, row):
            return place
    return None


def _places(text: str, exact: str) -> Iterator[int]:
    start = text.find(exact)
    for _ in range(PLACES):
        if start < 0:
            return
        yield start
        start = text.find(exact, start + 1)


def _context_shared(claim: Claim, text: str, start: int) -> int:
    """How many characters next to the quote are as they were when it was cited."""
    prefix, suffix = claim.quote.prefix, claim.quote.suffix
    end = start + len(claim.quote.exact or "")
    before = text[max(0, start - len(prefix)) : start]
    after = text[end : end + len(suffix)]
    return _alike(reversed(before), reversed(prefix)) + _alike(after, suffix)


def _alike(one: Iterator[str] | str, other: Iterator[str] | str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _verdict(status: str, detail: str, snapshot: Snapshot, place: _Place | None) -> Verdict:
    described = None if place is None else _describe(place, snapshot)
    return Verdict(status=status, place=described, detail=detail)


def _describe(place: _Place, snapshot: Snapshot) -> PlaceModel:
    entry, text = snapshot.documents[place.document_row], snapshot.text(place.document_row)
    before, exact = text[: place.start], text[place.start : place.end]
    utf16, first_byte = utf16_length(before), len(before.encode())
    line = 1 + before.count("\n")
    return PlaceModel(
        doc_id=entry.doc_id,
        uri=entry.uri,
        span=SpanModel(start=place.start, end=place.end),
        utf16=SpanModel(start=utf16, end=utf16 + utf16_length(exact)),
        bytes=SpanModel(start=first_byte, end=first_byte + len(exact.encode())),
        lines=LinesModel(start=line, end=line + exact[:-1].count("\n")),
    )
