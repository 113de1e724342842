"""What is encoded of each passage, and its vectors: the previous snapshot's, or new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.chunking import ChunkingSettings
from index.context import context_prefix
from index.dense import VECTORS
from index.encoder import Encoder, Progress
from index.errors import (
    CorruptSnapshot,
    IncompatibleSnapshot,
    OversizedPassage,
    SnapshotNotFound,
)
from index.pointer import SNAPSHOTS
from index.records import Document, Passage, Span
from index.snapshot import Snapshot
from index.windows import cut_windows


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage with its document and its context, the title and section path before it."""

    document: Document
    passage: Passage
    context: str

    def searched(self) -> list[str]:
        """The words BM25 knows it by: its context, then its sentences."""
        return [self.context, *(s.of(self.document.text) for s in self.passage.sentences)]


@dataclass(frozen=True, slots=True)
class Window:
    """A span of a passage that gets a vector; ``encoded`` is its text after the context,
    ``tokens`` the word pieces the encoder reads for it.
    """

    span: Span
    encoded: str
    tokens: int


@dataclass(frozen=True, slots=True)
class WindowVectors:
    """``values`` is float32 [windows, dimensions]; ``keys`` the sha256 of each encoded text,
    uint8 [windows, 32], by which a later build knows it; ``encoded`` counts what was new.
    """

    values: np.ndarray
    keys: np.ndarray
    encoded: int


def place(
    documents: Sequence[Document],
    passages: Sequence[Sequence[Passage]],
    encoder: Encoder,
    chunking: ChunkingSettings,
) -> list[Placed]:
    """All passages in order, with ``passages[d]`` those of ``documents[d]``."""
    placed = []
    for document, own in zip(documents, passages, strict=True):
        contexts = {
            section: context_prefix(document.title, section, encoder.token_spans, chunking)
            for section in {passage.section for passage in own}
        }
        placed += [Placed(document, passage, contexts[passage.section]) for passage in own]
    return placed


def windows_of(
    placed: Sequence[Placed], encoder: Encoder, window_tokens: int
) -> list[list[Window]]:
    """The windows of each passage. Raises OversizedPassage rather than let one be cut."""
    overhead = encoder.count_tokens([""])[0]
    lengths = iter(encoder.count_tokens([s for item in placed for s in item.searched()[1:]]))
    spans = []
    for item in placed:
        sentences = item.passage.sentences
        own = [next(lengths) - overhead for _ in sentences]
        runs = cut_windows(own, window_tokens)
        spans.append([Span(sentences[r.start].start, sentences[r.stop - 1].end) for r in runs])
    texts = [
        [item.context + span.of(item.document.text) for span in own]
        for item, own in zip(placed, spans, strict=True)
    ]
    tokens = iter(encoder.count_tokens([text for own in texts for text in own]))
    windows = [
        [Window(s, text, next(tokens)) for s, text in zip(own, encoded, strict=True)]
        for own, encoded in zip(spans, texts, strict=True)
    ]
    for item, own in zip(placed, windows, strict=True):
        _refuse_oversized(item, own, encoder)
    return windows


def _refuse_oversized(item: Placed, windows: Sequence[Window], encoder: Encoder) -> None:
    limit = encoder.identity.max_tokens
    for window in windows:
        if window.tokens > limit:
            raise OversizedPassage(
                f"the text at {window.span.start} to {window.span.end} of {item.document.uri} has "
                f"{window.tokens} word pieces, encoder {encoder.identity.name} reads {limit}; "
                "choose a smaller passage size"
            )


def window_vectors(
    windows: Sequence[Sequence[Window]],
    index_folder: Path,
    encoder: Encoder,
    progress: Progress | None = None,
) -> WindowVectors:
    """Vectors of all windows; only those the published snapshot does not hold are encoded."""
    texts = [window.encoded for own in windows for window in own]
    digests = [sha256(text.encode("utf-8")).digest() for text in texts]
    vectors = np.empty((len(texts), encoder.identity.dimensions), dtype=np.float32)
    stored, row_of = _published_vectors(index_folder, encoder)
    missing: dict[bytes, list[int]] = {}
    for row, digest in enumerate(digests):
        if digest in row_of:
            vectors[row] = stored[row_of[digest]]
        else:
            missing.setdefault(digest, []).append(row)
    if missing:
        # Equal texts, a footer on every page say, are encoded once.
        fresh = [texts[rows[0]] for rows in missing.values()]
        for rows, vector in zip(
            missing.values(), encoder.encode_passages(fresh, progress), strict=True
        ):
            vectors[rows] = vector
    keys = np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 32)
    return WindowVectors(vectors, keys, len(missing))


def _published_vectors(index_folder: Path, encoder: Encoder) -> tuple[np.ndarray, dict[bytes, int]]:
    """The published vectors and their rows by key; none where another encoder made them.

    A broken snapshot is no reason to stop: the build that follows mends it.
    """
    nothing = np.empty((0, encoder.identity.dimensions), dtype=np.float32)
    try:
        snapshot = Snapshot.open(index_folder)
    except (SnapshotNotFound, IncompatibleSnapshot, CorruptSnapshot):
        return nothing, {}
    if not snapshot.manifest.encoder.same_vectors(encoder.identity):
        return nothing, {}
    stored = np.load(index_folder / SNAPSHOTS / snapshot.version / VECTORS, mmap_mode="r")
    return stored, {k.tobytes(): row for row, k in enumerate(snapshot.windows["encoded_sha256"])}
