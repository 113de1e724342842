"""One published, immutable index as its readers see it: texts, passages, vectors and postings."""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.dense import DenseIndex
from index.entries import DocumentEntry, Entries
from index.errors import CorruptSnapshot, SnapshotNotFound
from index.filters import Filter
from index.lexical import LexicalIndex
from index.manifest import VERSION, Manifest, read_manifest
from index.mapped import open_array
from index.places import Places
from index.pointer import SNAPSHOTS, Pointer, published_at, read_pointer
from index.records import Span, short_digest
from index.soundness import FileCheck, check_opening

DOCUMENTS = "documents.jsonl"
TEXTS = "texts.utf8"
SECTIONS = "sections.json"
PASSAGES = "passages.npy"
SENTENCES = "sentences.npy"
WINDOWS = "windows.npy"
LEXICAL = "lexical"
UNREAD = "unread.json"

# A passage's row. Offsets are into its document's canonical text; the UTF-8 and UTF-16 ones
# spare a citation from counting from the document's start. Sentences are rows of SENTENCES.
PASSAGE = np.dtype(
    [
        ("document", "<i4"),
        ("start", "<i4"),
        ("end", "<i4"),
        ("byte_start", "<i4"),
        ("utf16_start", "<i4"),
        ("first_line", "<i4"),
        ("section", "<i4"),
        ("first_sentence", "<i8"),
        ("end_sentence", "<i8"),
    ]
)
# A window's row, in the order of VECTORS: its passage, its place in the document's text, the
# word pieces encoded for it (context included) and the sha256 of that encoded text.
WINDOW = np.dtype(
    [
        ("passage", "<i4"),
        ("start", "<i4"),
        ("end", "<i4"),
        ("tokens", "<i4"),
        ("encoded_sha256", "u1", (32,)),
    ]
)
# Decoded texts kept at hand; the rest is decoded from the mapped file when asked for.
TEXTS_KEPT = 32


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the snapshot holds it.

    ``byte_start`` and ``utf16_start`` are the passage's start in the canonical text's
    UTF-8 bytes and UTF-16 code units; ``first_line`` counts from 1.
    """

    row: int
    passage_id: str
    document_row: int
    span: Span
    section: tuple[str, ...]
    sentences: tuple[Span, ...]
    first_line: int
    byte_start: int
    utf16_start: int


class Snapshot:
    """Open, verified and read-only; any number of threads may read it at once."""

    def __init__(
        self, folder: Path, pointer: Pointer, manifest: Manifest, check: FileCheck | None = None
    ) -> None:
        """Parses what ``Snapshot.open`` has verified; use that. ``check`` hashes what is left."""
        self.check = check or FileCheck(folder, {})
        self.version = pointer.version
        self.created_at = pointer.created_at
        self.parent = pointer.parent
        self.manifest = manifest
        self.dense = DenseIndex.open(folder, manifest.dense)
        self.lexical = LexicalIndex.open(folder / LEXICAL)
        self.documents = Entries(folder / DOCUMENTS)
        self.passages = open_array(folder / PASSAGES, PASSAGE)
        self.windows = open_array(folder / WINDOWS, WINDOW)
        self._window_starts = self.windows["start"]
        self.unread: list[dict[str, str]] = json.loads((folder / UNREAD).read_bytes())
        self.places = Places.open(folder)
        self._sentences = open_array(folder / SENTENCES, "<i4", (2,))
        self._sections = [tuple(path) for path in json.loads((folder / SECTIONS).read_bytes())]
        self._texts = np.memmap(folder / TEXTS, dtype=np.uint8, mode="r")
        # Over the data and not over self, which would keep a snapshot alive that nobody reads.
        self._text = lru_cache(TEXTS_KEPT)(partial(_read_text, self._texts, self.documents))

    @classmethod
    def open(cls, index_folder: Path, version: str | None = None) -> Snapshot:
        """The published snapshot, or the one of that version.

        Every file is checked against the manifest before any parser sees it; of a large
        snapshot, files that are only mapped are checked while it answers (``soundness.py``).
        Raises SnapshotNotFound, IncompatibleSnapshot, or CorruptSnapshot naming what is wrong.
        """
        if version is None:
            pointer = read_pointer(index_folder)
        elif VERSION.fullmatch(version):
            pointer = Pointer(version, published_at(index_folder, version), None)
        else:
            raise SnapshotNotFound(f"{version!r} is no version of a snapshot")
        folder = index_folder / SNAPSHOTS / pointer.version
        manifest = read_manifest(folder)
        try:
            return cls(folder, pointer, manifest, check_opening(folder, manifest))
        except OSError as error:  # pruned while it was being opened
            raise CorruptSnapshot(
                f"{error.filename or folder} cannot be read: {error.strerror}; open it again"
            ) from error

    def document_row(self, doc_id: str) -> int | None:
        return self.documents.row_of(doc_id)

    def text(self, document_row: int) -> str:
        """The document's canonical text. Raises CorruptSnapshot where it is no longer the one
        that was indexed.
        """
        self.check.raise_if_damaged()
        return self._text(document_row)

    def passage(self, row: int) -> StoredPassage:
        # As one tuple of ints: a structured row costs microseconds a field.
        document_row, start, end, byte_start, utf16_start, first_line, section, *sentences = (
            self.passages[row].item()
        )
        span, entry = Span(start, end), self.documents[document_row]
        return StoredPassage(
            row=row,
            passage_id=short_digest(
                entry.doc_id, entry.text_sha256, str(span.start), str(span.end)
            ),
            document_row=document_row,
            span=span,
            section=self._sections[section],
            sentences=tuple(Span(*pair) for pair in self._sentences[slice(*sentences)].tolist()),
            first_line=first_line,
            byte_start=byte_start,
            utf16_start=utf16_start,
        )

    def sentence_cosines(
        self, passages: Sequence[StoredPassage], vector: np.ndarray
    ) -> list[list[float]]:
        """For each sentence of each passage the cosine of the window it is in."""
        cosines = self.dense.window_cosines([passage.row for passage in passages], vector)
        found = []
        for passage, own in zip(passages, cosines, strict=True):
            starts = self._window_starts[self.dense.windows(passage.row)].tolist()
            found.append([own[bisect(starts, s.start) - 1] for s in passage.sentences])
        return found

    def allowed_rows(self, wanted: Filter | None) -> np.ndarray | None:
        """Bool [passages], true where the passage's document matches; None for no filter."""
        if wanted is None:
            return None
        matching = np.array([wanted.matches(fields) for fields in self.documents.fields])
        return matching[self.passages["document"]]


def _read_text(texts: np.ndarray, documents: Sequence[DocumentEntry], document_row: int) -> str:
    entry = documents[document_row]
    data = texts[entry.bytes.start : entry.bytes.stop].tobytes()
    # The file is mapped, so it can still be written over: nothing is quoted that was not indexed.
    if sha256(data).hexdigest() != entry.text_sha256:
        raise CorruptSnapshot(
            f"the stored text of {entry.uri} has changed since the snapshot was opened; "
            "rebuild the index with `quoth build`, or restore the file"
        )
    return data.decode("utf-8")
