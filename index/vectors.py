"""What is encoded for each passage, and its vector: the previous snapshot's, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.chunking import ChunkingSettings, context_prefix
from index.encoder import Encoder, Progress
from index.errors import (
    CorruptSnapshot,
    IncompatibleSnapshot,
    OversizedPassage,
    SnapshotNotFound,
)
from index.pointer import SNAPSHOTS
from index.records import Document, Passage
from index.snapshot import VECTORS, Snapshot


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """``values`` is float32 [passages, dimensions]; ``keys`` the sha256 of each encoded text,
    uint8 [passages, 32], by which a later build knows it; ``reused`` came from an earlier one.
    """

    values: np.ndarray
    keys: np.ndarray
    reused: int


def encoded_texts(
    documents: Sequence[Document],
    passages: Sequence[Sequence[Passage]],
    encoder: Encoder,
    chunking: ChunkingSettings,
) -> list[str]:
    """What is searched for each passage: its title and section path, then its own text."""
    texts = []
    for document, own in zip(documents, passages, strict=True):
        prefixes = {
            section: context_prefix(document.title, section, encoder.token_spans, chunking)
            for section in {passage.section for passage in own}
        }
        texts += [prefixes[p.section] + p.span.of(document.text) for p in own]
    return texts


def count_tokens(
    texts: Sequence[str],
    documents: Sequence[Document],
    passages: Sequence[Sequence[Passage]],
    encoder: Encoder,
) -> list[int]:
    """Word pieces of each encoded text; raises OversizedPassage rather than let one be cut."""
    tokens = encoder.count_tokens(texts)
    limit = encoder.identity.max_tokens
    if max(tokens) > limit:
        places = [(d.uri, p.span) for d, own in zip(documents, passages, strict=True) for p in own]
        uri, span = places[int(np.argmax(tokens))]
        raise OversizedPassage(
            f"the passage at {span.start} to {span.end} of {uri} has {max(tokens)} word pieces, "
            f"encoder {encoder.identity.name} reads {limit}; choose a smaller passage size"
        )
    return tokens


def passage_vectors(
    texts: Sequence[str], index_folder: Path, encoder: Encoder, progress: Progress | None = None
) -> PassageVectors:
    """Vectors of all texts; only those the published snapshot does not hold are encoded."""
    digests = [sha256(text.encode("utf-8")).digest() for text in texts]
    vectors = np.empty((len(texts), encoder.identity.dimensions), dtype=np.float32)
    stored, row_of = _published_vectors(index_folder, encoder)
    missing = []
    for row, digest in enumerate(digests):
        if digest in row_of:
            vectors[row] = stored[row_of[digest]]
        else:
            missing.append(row)
    if missing:
        vectors[missing] = encoder.encode_passages([texts[row] for row in missing], progress)
    keys = np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 32)
    return PassageVectors(vectors, keys, len(texts) - len(missing))


def _published_vectors(index_folder: Path, encoder: Encoder) -> tuple[np.ndarray, dict[bytes, int]]:
    """The published vectors and their rows by key; none where another encoder made them.

    A broken snapshot is no reason to stop: the build that follows mends it.
    """
    nothing = np.empty((0, encoder.identity.dimensions), dtype=np.float32)
    try:
        snapshot = Snapshot.open(index_folder)
    except (SnapshotNotFound, IncompatibleSnapshot, CorruptSnapshot):
        return nothing, {}
    if snapshot.manifest.encoder != encoder.identity:
        return nothing, {}
    stored = np.load(index_folder / SNAPSHOTS / snapshot.version / VECTORS, mmap_mode="r")
    return stored, {k.tobytes(): row for row, k in enumerate(snapshot.passages["encoded_sha256"])}
