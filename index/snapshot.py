"""One published, immutable index as its readers see it: texts, passages, vectors and postings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from index.dense import DenseIndex
from index.errors import CorruptSnapshot, SnapshotNotFound
from index.filters import Filter
from index.lexical import LexicalIndex
from index.manifest import VERSION, Manifest, check_files, read_manifest
from index.places import Places
from index.pointer import SNAPSHOTS, Pointer, published_at, read_pointer
from index.records import Span, short_digest

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
class DocumentEntry:
    """A document as listed; ``passages`` are its rows, ``bytes`` is its place in TEXTS."""

    doc_id: str
    uri: str
    title: str
    media_type: str
    source_sha256: str
    text_sha256: str
    metadata: Mapping[str, Any]
    characters: int
    bytes: range
    passages: range

    def fields(self) -> dict[str, Any]:
        """What a filter is asked of: the metadata, and the document's own fields over it."""
        own = ("doc_id", "uri", "title", "media_type")
        return {**self.metadata, **{name: getattr(self, name) for name in own}}

    def to_json(self) -> dict[str, Any]:
        value = {name: getattr(self, name) for name in self.__slots__}
        for name in ("bytes", "passages"):
            value[name] = [value[name].start, value[name].stop]
        return value

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> DocumentEntry:
        for name in ("bytes", "passages"):
            value[name] = range(*value[name])
        return cls(**value)


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

    def __init__(self, folder: Path, pointer: Pointer, manifest: Manifest) -> None:
        """Parses what ``Snapshot.open`` has verified; use that."""
        self.version = pointer.version
        self.created_at = pointer.created_at
        self.parent = pointer.parent
        self.manifest = manifest
        self.dense = DenseIndex.open(folder, manifest.dense)
        self.lexical = LexicalIndex.open(folder / LEXICAL)
        with (folder / DOCUMENTS).open(encoding="utf-8") as lines:
            self.documents = [DocumentEntry.from_json(json.loads(line)) for line in lines]
        self.passages = np.load(folder / PASSAGES, mmap_mode="r")
        self.windows = np.load(folder / WINDOWS, mmap_mode="r")
        self.unread: list[dict[str, str]] = json.loads((folder / UNREAD).read_bytes())
        self.places = Places.open(folder)
        self._sentences = np.load(folder / SENTENCES, mmap_mode="r")
        self._sections = [tuple(path) for path in json.loads((folder / SECTIONS).read_bytes())]
        self._texts = np.memmap(folder / TEXTS, dtype=np.uint8, mode="r")
        self._fields = [entry.fields() for entry in self.documents]
        self._rows = {entry.doc_id: row for row, entry in enumerate(self.documents)}
        # Over the data and not over self, which would keep a snapshot alive that nobody reads.
        self._text = lru_cache(TEXTS_KEPT)(partial(_read_text, self._texts, self.documents))

    @classmethod
    def open(cls, index_folder: Path, version: str | None = None) -> Snapshot:
        """The published snapshot, or the one of that version.

        Every file is checked against the manifest before any parser sees it. Raises
        SnapshotNotFound, IncompatibleSnapshot, or CorruptSnapshot naming what is wrong.
        """
        if version is None:
            pointer = read_pointer(index_folder)
        elif VERSION.fullmatch(version):
            pointer = Pointer(version, published_at(index_folder, version), None)
        else:
            raise SnapshotNotFound(f"{version!r} is no version of a snapshot")
        folder = index_folder / SNAPSHOTS / pointer.version
        manifest = read_manifest(folder)
        problems = check_files(folder, manifest)
        if problems:
            raise CorruptSnapshot(
                f"{problems[0]}; rebuild the index with `quoth build`, or restore the file"
            )
        try:
            return cls(folder, pointer, manifest)
        except OSError as error:  # pruned while it was being opened
            raise CorruptSnapshot(
                f"{error.filename or folder} cannot be read: {error.strerror}; open it again"
            ) from error

    def document_row(self, doc_id: str) -> int | None:
        return self._rows.get(doc_id)

    def text(self, document_row: int) -> str:
        """The document's canonical text. Raises CorruptSnapshot where it is no longer the one
        that was indexed.
        """
        return self._text(document_row)

    def passage(self, row: int) -> StoredPassage:
        stored = self.passages[row]
        document_row = int(stored["document"])
        span = Span(int(stored["start"]), int(stored["end"]))
        entry = self.documents[document_row]
        first, end = int(stored["first_sentence"]), int(stored["end_sentence"])
        return StoredPassage(
            row=row,
            passage_id=short_digest(
                entry.doc_id, entry.text_sha256, str(span.start), str(span.end)
            ),
            document_row=document_row,
            span=span,
            section=self._sections[int(stored["section"])],
            sentences=tuple(Span(int(a), int(b)) for a, b in self._sentences[first:end]),
            first_line=int(stored["first_line"]),
            byte_start=int(stored["byte_start"]),
            utf16_start=int(stored["utf16_start"]),
        )

    def sentence_cosines(self, passage: StoredPassage, vector: np.ndarray) -> np.ndarray:
        """For each sentence the cosine of the window it is in, float32 [sentences]."""
        starts = self.windows["start"][self.dense.windows(passage.row)]
        sentences = [sentence.start for sentence in passage.sentences]
        own = np.searchsorted(starts, sentences, side="right") - 1
        return self.dense.window_cosines(passage.row, vector)[own]

    def allowed_rows(self, wanted: Filter | None) -> np.ndarray | None:
        """Bool [passages], true where the passage's document matches; None for no filter."""
        if wanted is None:
            return None
        matching = np.array([wanted.matches(fields) for fields in self._fields])
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
