"""A folder built by Quoth, held file by file against what other programs read in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extraction.measures import missing, order_kept, share_kept, words_of
from extraction.second import pdf_text, read_again
from index.documents.pdf import FURNITURE
from index.places import Places
from index.records import Span
from index.snapshot import Snapshot
from service.citation import cite
from service.evaluation.verification import faults

_LONGEST = 20_000  # words whose order is compared; the time grows by the square
_MOST = 0.8  # of a sentence's words; the rest may be broken otherwise
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file: of the other program's ``words`` the shares kept and kept in order.

    ``left_out`` counts words of headers and footers that Quoth says it leaves out; these are
    not among ``words``. ``lacking`` are words not found.
    """

    uri: str
    words: int
    kept: float
    in_order: float
    left_out: int
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageCheck:
    """Sentences of PDFs looked for on their page: how many, how many not there."""

    sentences: int
    wrong: tuple[str, ...]


def compare_files(snapshot: Snapshot, folder: Path, scratch: Path) -> Iterator[FileResult]:
    """Each indexed document against its second reading."""
    for row, entry in enumerate(snapshot.documents):
        theirs = read_again(folder / entry.uri, scratch)
        furniture = entry.metadata.get(FURNITURE, ())
        wanted, left_out = without(theirs, furniture) if entry.uri.endswith(".pdf") else (theirs, 0)
        theirs, ours = words_of(wanted), words_of(snapshot.text(row))
        yield FileResult(
            entry.uri,
            len(theirs),
            share_kept(theirs, ours),
            order_kept(theirs[:_LONGEST], ours[:_LONGEST]),
            left_out,
            tuple(missing(theirs, ours)),
        )


def without(text: str, furniture: Iterable[str]) -> tuple[str, int]:
    """The text without lines that are furniture but for their numbers, and how many words
    those have. A line that is nothing but a number, as page numbers are, is furniture too.

    >>> without("Gazette\\nIce came.\\nPage 7\\n8", ["Gazette", "Page 1"])
    ('Ice came.', 4)
    """
    wordings = {_wording(line) for line in furniture} | {"#"}
    kept, left_out = [], 0
    for line in text.replace("\f", "\n").split("\n"):
        if _wording(line) in wordings:
            left_out += len(words_of(line))
        else:
            kept.append(line)
    return "\n".join(kept), left_out


def _wording(line: str) -> str:
    return "".join(_NUMBER.sub("#", line).split())


def verify_citations(snapshot: Snapshot) -> tuple[int, list[str]]:
    """Every sentence of every passage cited and checked: how many, and what is wrong."""
    count, wrong = 0, []
    for row in range(len(snapshot.passages)):
        passage = snapshot.passage(row)
        text = snapshot.text(passage.document_row)
        for sentence in passage.sentences:
            citation = cite(snapshot, passage, sentence, f"c{count}").model_dump(mode="json")
            count += 1
            wrong += [f"{citation['document']['uri']}: {fault}" for fault in faults(citation, text)]
    return count, wrong


def check_pages(snapshot: Snapshot, folder: Path) -> PageCheck:
    """The words of every sentence of every PDF, looked for on the page that its place names.

    It is the wrong page where most of the words are not there, or another page has more of them.
    """
    count, wrong = 0, []
    for row, entry in enumerate(snapshot.documents):
        if not entry.uri.endswith(".pdf"):
            continue
        pages = [
            Counter(words_of(pdf_text(folder / entry.uri, page + 1)))
            for page in range(int(entry.metadata["pages"]))
        ]
        text = snapshot.text(row)
        for sentence in _sentences(snapshot, entry.passages):
            for page, span in parts_of(snapshot.places, row, sentence):
                count += 1
                words = words_of(span.of(text))
                if span.end < sentence.end:  # whose last word may be broken by the page's end
                    words = words[:-1]
                if not is_on(page, words, pages):
                    wrong.append(f"{entry.uri}, page {page}: {span.of(text)[:80]!r}")
    return PageCheck(count, tuple(wrong))


def is_on(page: int, words: Sequence[str], pages: Sequence[Counter[str]]) -> bool:
    """Whether a page, from 1, has most of some words and none of the others has more.

    >>> is_on(2, ["ice", "sea"], [Counter(["ice"]), Counter(["sea", "ice", "sun"])])
    True
    """
    found = [(Counter(words) & there).total() for there in pages]
    return found[page - 1] == max(found) and found[page - 1] >= _MOST * len(words)


def parts_of(places: Places, document_row: int, span: Span) -> Iterator[tuple[int, Span]]:
    """A span cut where pages begin in it, each part with its page, the last part first."""
    while span.start < span.end:
        _, last = places.of(document_row, span)
        cut = max(last.start, span.start)
        yield last.page, Span(cut, span.end)
        span = Span(span.start, cut)


def _sentences(snapshot: Snapshot, rows: Sequence[int]) -> Iterator[Span]:
    for row in rows:
        yield from snapshot.passage(row).sentences
