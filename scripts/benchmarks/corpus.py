"""Our own index over the benchmark's passages, built once and kept for the next run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.texts import Passages
from index.build import build
from index.encoder import Encoder
from index.errors import IncompatibleSnapshot, SnapshotNotFound
from index.snapshot import Snapshot


def write_documents(ids: Sequence[str], texts: Sequence[str], folder: Path) -> None:
    """One plain text file a passage, named by its id."""
    folder.mkdir(parents=True, exist_ok=True)
    for passage_id, text in zip(ids, texts, strict=True):
        (folder / f"{passage_id}.txt").write_text(text, encoding="utf-8")


def written(passages: Passages, cache: Path) -> Path:
    """The folder of the passages' files, written where it is not there yet."""
    folder = cache / "texts" / passages.sha256[:16]
    complete = folder / "complete"
    if not complete.is_file():
        write_documents(passages.ids, passages.texts, folder / "documents")
        complete.touch()
    return folder / "documents"


def built_index(passages: Passages, cache: Path, encoder: Encoder) -> Path:
    """The index folder over the passages, as ``quoth build`` makes it; reused where it is there."""
    named = f"quoth-{encoder.identity.weights_sha256[:8]}"
    index_folder = cache / "indexes" / passages.sha256[:16] / named
    try:
        Snapshot.open(index_folder)
    except (SnapshotNotFound, IncompatibleSnapshot):
        build([written(passages, cache)], index_folder, encoder)
    return index_folder
