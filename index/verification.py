"""Is a published snapshot whole? Every file by checksum, then every record against the others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from index import dense
from index import manifest as manifests
from index import snapshot as layout
from index.entries import DocumentEntry
from index.errors import CorruptSnapshot
from index.manifest import Manifest, check_files, read_manifest
from index.offsets import Offsets
from index.pointer import SNAPSHOTS, Pointer, read_pointer
from index.records import short_digest
from index.snapshot import Snapshot

MOST = 20  # problems told; one cause may touch every row of a table
_HALF_PAIR = re.compile("[\ud800-\udfff]")  # JSON can hold one, UTF-8 cannot
_FIELDS = [str] * 6 + [dict, int, range, range]  # of a document, in their order


def verify(index_folder: Path, version: str | None = None) -> list[str]:
    """What is wrong with the published snapshot, or the one of that version; empty when whole.

    At most ``MOST`` problems, then how many more there are. Raises SnapshotNotFound where
    there is none to check, IncompatibleSnapshot where it is of another format.
    """
    try:
        version = version or read_pointer(index_folder).version
        folder = index_folder / SNAPSHOTS / version
        manifest = read_manifest(folder)
    except CorruptSnapshot as error:
        return [str(error)]
    if problems := check_files(folder, manifest) + _unlisted(folder, manifest):
        return problems  # parsing what the checksums reject would only repeat it less clearly
    try:
        tables = _Tables.read(Snapshot(folder, Pointer(version, "", None), manifest), folder)
    except Exception as error:  # whatever a parser makes of files sealed with the wrong content
        return [f"{folder} cannot be opened: {type(error).__name__}: {error}"]
    # Each stage relies on what the ones before it have found in order.
    for stage in ((_kinds,), (_documents, _ranges), (_belonging,), (_texts, _engines)):
        problems = chain.from_iterable(check(tables) for check in stage)
        if told := list(islice(problems, MOST)):
            more = sum(1 for _ in problems)
            return [*told, f"and {more} more"] if more else told
    return []


def _unlisted(folder: Path, manifest: Manifest) -> list[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    unknown = sorted(found - manifest.files.keys() - {manifests.FILE})
    return [f"{folder / name} is not listed in the manifest" for name in unknown]


@dataclass(frozen=True, slots=True)
class _Tables:
    """The snapshot and its files as they are, none of their values trusted yet."""

    snapshot: Snapshot
    folder: Path
    passages: np.ndarray
    sentences: np.ndarray
    windows: np.ndarray
    vectors: np.ndarray
    documents: Sequence[DocumentEntry]
    sections: Any

    @classmethod
    def read(cls, snapshot: Snapshot, folder: Path) -> _Tables:
        names = (layout.PASSAGES, layout.SENTENCES, layout.WINDOWS, dense.VECTORS)
        arrays = [np.load(folder / name, mmap_mode="r") for name in names]
        sections = json.loads((folder / layout.SECTIONS).read_bytes())
        return cls(snapshot, folder, *arrays, list(snapshot.documents), sections)


def _kinds(tables: _Tables) -> Iterator[str]:
    """Tables of other columns, and JSON of other values, than a build writes."""
    dimensions = tables.snapshot.manifest.encoder.dimensions
    for name, table, kind, width in (
        (layout.PASSAGES, tables.passages, layout.PASSAGE, ()),
        (layout.SENTENCES, tables.sentences, np.dtype("<i4"), (2,)),
        (layout.WINDOWS, tables.windows, layout.WINDOW, ()),
        (dense.VECTORS, tables.vectors, np.dtype("<f4"), (dimensions,)),
    ):
        if table.dtype != kind or not table.ndim or table.shape[1:] != width or not len(table):
            yield f"{name} is no table of its kind: shape {table.shape}, columns {table.dtype}"
    if not all(_are(str, path) for path in tables.sections):
        yield "a section is not a list of headings"
    unread = tables.snapshot.unread
    if not _are(dict, unread) or not all(_are(str, [*item.values()]) for item in unread):
        yield f"{layout.UNREAD} does not list files and reasons"
    for row, entry in enumerate(tables.documents):
        kinds = [type(getattr(entry, name)) for name in entry.__slots__]
        if kinds != _FIELDS or _HALF_PAIR.search(entry.uri):
            yield f"document {row} ({entry.uri!r}) has a field of the wrong kind"


def _are(kind: type, values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def _documents(tables: _Tables) -> Iterator[str]:
    """Documents are in uri order; together they take all bytes and all passages, in turn."""
    before, byte, row = "", 0, 0
    for entry in tables.documents:
        if entry.uri <= before:
            yield f"document {entry.uri} is not after the one before it, {before}"
        if entry.doc_id != short_digest(entry.uri):
            yield f"the doc_id of {entry.uri} is {entry.doc_id}, not that of its uri"
        for what, place, start in (("bytes", entry.bytes, byte), ("passages", entry.passages, row)):
            if place.start != start or place.stop < start or place.step != 1:
                yield f"the {what} of {entry.uri} do not follow those before: {place}"
        before, byte, row = entry.uri, entry.bytes.stop, entry.passages.stop
    yield from tables.snapshot.places.faults([e.characters for e in tables.documents])
    size = (tables.folder / layout.TEXTS).stat().st_size
    if (byte, row) != (size, len(tables.passages)):
        yield f"the documents take {byte} of {size} bytes, {row} of {len(tables.passages)} passages"


def _ranges(tables: _Tables) -> Iterator[str]:
    """Each row by itself: a span that is none, a reference to a row that is not there."""
    passages, windows, sentences = tables.passages, tables.windows, tables.sentences
    for kind, starts, ends in (
        ("passage", passages["start"], passages["end"]),
        ("window", windows["start"], windows["end"]),
        ("sentence", sentences[:, 0], sentences[:, 1]),
    ):
        yield from _rows(kind, (starts < 0) | (starts >= ends), "is not 0 <= start < end")
    for kind, table, column, there in (
        ("passage", passages, "document", tables.documents),
        ("passage", passages, "section", tables.sections),
        ("window", windows, "passage", passages),
    ):
        wrong = (table[column] < 0) | (table[column] >= len(there))
        yield from _rows(kind, wrong, f"names a {column} that is not there")
    first, end = passages["first_sentence"], passages["end_sentence"]
    none = (first < 0) | (first >= end) | (end > len(sentences))
    yield from _rows("passage", none, "has no sentences, or more than there are")
    wrong = first != np.concatenate([[0], end[:-1]])
    yield from _rows("passage", wrong, "does not follow on the last one's sentences")
    if end[-1] < len(sentences):
        yield f"sentence {end[-1]} and those after it are in no passage"
    wrong = np.diff(windows["passage"], prepend=0) < 0
    yield from _rows("window", wrong, "belongs to a passage before that of the window before it")
    limit, tokens = tables.snapshot.manifest.encoder.max_tokens, windows["tokens"]
    yield from _rows("window", (tokens < 1) | (tokens > limit), f"has not 1 to {limit} tokens")


def _belonging(tables: _Tables) -> Iterator[str]:
    """Rows against the rows they name: documents, passages, their sentences and windows."""
    passages, windows, sentences = tables.passages, tables.windows, tables.sentences
    documents, every = tables.documents, np.arange(len(passages))
    own = np.repeat(np.arange(len(documents)), [len(entry.passages) for entry in documents])
    document = passages["document"]
    yield from _rows("passage", document != own, "is not among the passages of its document")
    lengths = np.array([entry.characters for entry in documents])[document]
    yield from _rows("passage", passages["end"] > lengths, "ends beyond its document's text")
    wrong = _same(document) & (np.diff(passages["start"], prepend=0) <= 0)
    yield from _rows("passage", wrong, "does not begin after the one before it")
    missing = np.bincount(windows["passage"], minlength=len(passages)) == 0
    yield from _rows("passage", missing, "has no window")
    owners = np.repeat(every, passages["end_sentence"] - passages["first_sentence"])
    yield from _parts("sentence", *sentences.T, owners, passages)
    yield from _parts("window", windows["start"], windows["end"], windows["passage"], passages)


def _parts(
    kind: str, starts: np.ndarray, ends: np.ndarray, owners: np.ndarray, passages: np.ndarray
) -> Iterator[str]:
    """Parts, each of the passage that ``owners`` names, must make it up from start to end."""
    begin, finish = passages["start"][owners], passages["end"][owners]
    yield from _rows(kind, (starts < begin) | (ends > finish), "is not inside its passage")
    goes_on = _same(owners)
    overlaps = goes_on & (starts < np.roll(ends, 1))
    yield from _rows(kind, overlaps, "begins before the one before it in its passage ends")
    is_last = ~np.roll(goes_on, -1)
    leaves_out = (~goes_on & (starts > begin)) | (is_last & (ends < finish))
    yield from _rows(kind, leaves_out, "leaves out some of its passage before or after it")


def _same(values: np.ndarray) -> np.ndarray:
    """Where a row names the same as the row before it; bool, false for the first."""
    return np.concatenate([[False], values[1:] == values[:-1]])


def _texts(tables: _Tables) -> Iterator[str]:
    """Each text is the one its document vouches for, and its passages' places are right."""
    places = tables.passages[["start", "byte_start", "utf16_start", "first_line"]]
    with (tables.folder / layout.TEXTS).open("rb") as texts:
        for entry in tables.documents:
            data = texts.read(len(entry.bytes))
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                yield f"the text of {entry.uri} is not UTF-8: {error}"
                continue
            if (sha256(data).hexdigest(), len(text)) != (entry.text_sha256, entry.characters):
                yield f"the text of {entry.uri} is not of the sha256 or length that is listed"
                continue
            offsets = Offsets(text)
            for row in entry.passages:
                start, *place = places[row].item()
                offsets.move_to(start)
                if place != [offsets.byte, offsets.utf16, offsets.line]:
                    yield f"passage {row} of {entry.uri} has a wrong byte, UTF-16 or line place"


def _engines(tables: _Tables) -> Iterator[str]:
    """The manifest's counts, the vectors, FAISS and the postings against the tables."""
    snapshot, vectors, passages = tables.snapshot, tables.vectors, tables.passages
    manifest = snapshot.manifest
    for name, said, found in (
        ("documents in the manifest", manifest.documents, len(tables.documents)),
        ("passages in the manifest", manifest.passages, len(passages)),
        ("sentences in the manifest", manifest.sentences, len(tables.sentences)),
        ("windows in the manifest", manifest.windows, len(tables.windows)),
        ("vectors", len(vectors), len(tables.windows)),
        ("passages in the postings", snapshot.lexical.passages, len(passages)),
    ):
        if said != found:
            yield f"there are {said} {name}, the tables hold {found}"
    yield from snapshot.dense.faults()
    starts = np.searchsorted(tables.windows["passage"], np.arange(len(passages) + 1))
    if not np.array_equal(snapshot.dense.starts, starts):
        yield f"{dense.STARTS} does not say where each passage's windows begin"
    sentences = passages["end_sentence"] - passages["first_sentence"]
    yield from (f"{layout.LEXICAL}/{fault}" for fault in snapshot.lexical.faults(1 + sentences))


def _rows(kind: str, wrong: np.ndarray, what: str) -> Iterator[str]:
    return (f"{kind} {row} {what}" for row in np.flatnonzero(wrong))
