"""Is a published snapshot whole? Every file by checksum, then every record against the others."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from index import manifest as manifests
from index.errors import QuothError
from index.manifest import Manifest, check_files, read_manifest
from index.pointer import SNAPSHOTS, read_pointer
from index.records import digest
from index.snapshot import VECTORS, Snapshot

# Unit vectors in float32 miss a length of one by rounding alone.
UNIT_TOLERANCE = 1e-4


def verify(index_folder: Path, version: str | None = None) -> list[str]:
    """What is wrong with the published snapshot, or the one of that version; empty when whole.

    Raises SnapshotNotFound where there is none to check.
    """
    version = version or read_pointer(index_folder).version
    folder = index_folder / SNAPSHOTS / version
    manifest = read_manifest(folder)
    problems = check_files(folder, manifest) + _unlisted(folder, manifest)
    if problems:
        return problems  # parsing what the checksums reject would only repeat it less clearly
    try:
        snapshot = Snapshot.open(index_folder, version)
    except QuothError as error:
        return [str(error)]
    return _documents(snapshot) + _passages(snapshot) + _engines(snapshot, folder)


def _unlisted(folder: Path, manifest: Manifest) -> list[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return [
        f"{folder / name} is not listed in the manifest"
        for name in sorted(found - manifest.files.keys() - {manifests.FILE})
    ]


def _documents(snapshot: Snapshot) -> list[str]:
    problems = []
    for row, entry in enumerate(snapshot.documents):
        text = snapshot.text(row)
        if digest(text) != entry.text_sha256:
            problems.append(f"the text of {entry.uri} is not the one its sha256 vouches for")
        if len(text) != entry.characters:
            problems.append(
                f"the text of {entry.uri} has {len(text)} characters, listed as {entry.characters}"
            )
    return problems


def _passages(snapshot: Snapshot) -> list[str]:
    problems = []
    for row in range(len(snapshot.passages)):
        passage = snapshot.passage(row)
        entry, text = snapshot.documents[passage.document_row], snapshot.text(passage.document_row)
        span, sentences = passage.span, passage.sentences
        before = text[: span.start] if span.start < 65_536 else None
        if row not in entry.passages:
            problems.append(f"passage {row} is not among those of {entry.uri}")
        if not 0 <= span.start < span.end <= len(text):
            problems.append(f"passage {row} lies outside the text of {entry.uri}")
        if (
            not sentences
            or (sentences[0].start, sentences[-1].end) != (span.start, span.end)
            or any(a.end > b.start for a, b in pairwise(sentences))
        ):
            problems.append(f"the sentences of passage {row} of {entry.uri} do not make it up")
        # Counting from the start is quadratic in a long document; its first part will tell.
        if before is not None and (
            len(before.encode("utf-8")),
            len(before.encode("utf-16-le")) // 2,
            before.count("\n") + 1,
        ) != (passage.byte_start, passage.utf16_start, passage.first_line):
            problems.append(f"the byte, UTF-16 or line place of passage {row} is wrong")
    return problems


def _engines(snapshot: Snapshot, folder: Path) -> list[str]:
    count, manifest = len(snapshot.passages), snapshot.manifest
    vectors = np.load(folder / VECTORS, mmap_mode="r")
    problems = []
    for what, found in (
        ("windows", int(snapshot.windows["passage"][-1]) + 1),
        ("FAISS index", snapshot.dense.passages),
        ("BM25 postings", snapshot.lexical.passages),
        ("manifest", manifest.passages),
    ):
        if found != count:
            problems.append(f"the {what} count {found} passages, the passage table {count}")
    if len(vectors) != len(snapshot.windows):
        problems.append(f"there are {len(vectors)} vectors and {len(snapshot.windows)} windows")
    if vectors.shape[1] != manifest.encoder.dimensions:
        problems.append(
            f"vectors have {vectors.shape[1]} dimensions, the encoder {manifest.encoder.dimensions}"
        )
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=UNIT_TOLERANCE):
        problems.append("not all vectors have length 1")
    if manifest.truncated:
        problems.append(f"{manifest.truncated} passages were truncated")
    return problems
