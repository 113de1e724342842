"""A built index to a published snapshot: write new files, make them durable, switch the pointer."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from index import manifest as manifests
from index import snapshot as layout
from index.analyser import Analyser
from index.chunking import ChunkingSettings
from index.dense import VECTORS, DenseIndex
from index.encoder import EncoderIdentity
from index.errors import BuildInProgress, IndexNotWritable, QuothError
from index.lexical import LexicalIndex
from index.manifest import FileSum, Manifest, check_files, read_manifest, version_of
from index.offsets import Offsets
from index.places import save_places
from index.pointer import SNAPSHOTS, Pointer, parent_version, prune, switch, sync_folder
from index.records import Document, Passage
from index.vectors import Window, WindowVectors

LOCK = "build.lock"
DRAFT = ".draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a snapshot will hold, before it is written.

    ``passages[d]`` are the passages of ``documents[d]``, ``windows[p]`` the windows of the
    p-th of all passages; ``vectors`` is over all windows in that order. ``searched`` yields, once,
    what BM25 knows each passage by. ``unread`` lists the files that did not become documents.
    """

    documents: Sequence[Document]
    passages: Sequence[Sequence[Passage]]
    windows: Sequence[Sequence[Window]]
    vectors: WindowVectors
    searched: Iterable[Sequence[str]]
    analyser: Analyser
    encoder: EncoderIdentity
    chunking: ChunkingSettings
    unread: Sequence[dict[str, str]]


@contextmanager
def exclusive(index_folder: Path) -> Iterator[None]:
    """One build at a time in an index folder.

    Raises BuildInProgress where another is at it, IndexNotWritable where the folder, or the
    disk, does not take what is written inside.
    """
    try:
        (index_folder / SNAPSHOTS).mkdir(parents=True, exist_ok=True)
        with FileLock(index_folder / LOCK, timeout=0):
            yield
    except Timeout as error:
        raise BuildInProgress(
            f"another build is writing to {index_folder}; wait for it, or name another --index"
        ) from error
    except OSError as error:
        raise IndexNotWritable(
            f"cannot write the index: {error.filename or index_folder}: "
            f"{(error.strerror or str(error)).lower()}; make room or name another --index"
        ) from error


def publish(index_folder: Path, draft: Draft, keep: int) -> str:
    """Writes the draft as a snapshot, makes it the published one, keeps ``keep`` older ones.

    Returns its version. A crash at any point leaves the previous snapshot published, and
    what was half written is removed by the next build.
    """
    snapshots = index_folder / SNAPSHOTS
    folder = snapshots / DRAFT
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    version = _seal(folder, draft, _write_files(folder, draft))
    _move_into_place(folder, snapshots / version)
    sync_folder(snapshots)
    _point_to(index_folder, version)
    prune(index_folder, keep)
    return version


def _write_files(folder: Path, draft: Draft) -> dict[str, dict[str, Any]]:
    """Everything but the manifest; returns what that says of the search engines."""
    rows = _passage_rows(draft)
    sentences = [s for ps in draft.passages for p in ps for s in p.sentences]
    np.save(folder / layout.PASSAGES, rows)
    np.save(
        folder / layout.SENTENCES,
        np.array([(s.start, s.end) for s in sentences], dtype="<i4").reshape(-1, 2),
    )
    np.save(folder / layout.WINDOWS, _window_rows(draft))
    np.save(folder / VECTORS, draft.vectors.values)
    _write_json(folder / layout.SECTIONS, _sections(draft))
    _write_json(folder / layout.UNREAD, list(draft.unread))
    _write_documents(folder, draft)
    save_places(folder, draft.documents)
    dense = DenseIndex.build(folder, map(len, draft.windows))
    lexical = LexicalIndex.build(draft.searched, draft.analyser, folder / layout.LEXICAL)
    return {"dense": dense.settings(), "lexical": lexical.settings()}


def _write_documents(folder: Path, draft: Draft) -> None:
    byte, row = 0, 0
    with (
        (folder / layout.TEXTS).open("wb") as texts,
        (folder / layout.DOCUMENTS).open("w", encoding="utf-8", newline="\n") as lines,
    ):
        for document, passages in zip(draft.documents, draft.passages, strict=True):
            data = document.text.encode("utf-8")
            texts.write(data)
            entry = layout.DocumentEntry(
                doc_id=document.doc_id,
                uri=document.uri,
                title=document.title,
                media_type=document.media_type,
                source_sha256=document.source_sha256,
                text_sha256=document.text_sha256,
                metadata=dict(document.metadata),
                characters=len(document.text),
                bytes=range(byte, byte + len(data)),
                passages=range(row, row + len(passages)),
            )
            lines.write(_json(entry.to_json()) + "\n")
            byte, row = byte + len(data), row + len(passages)


def _passage_rows(draft: Draft) -> np.ndarray:
    sections = {path: row for row, path in enumerate(_sections(draft))}
    rows = np.zeros(len(draft.windows), dtype=layout.PASSAGE)
    row = sentence = 0
    for document_row, (document, passages) in enumerate(
        zip(draft.documents, draft.passages, strict=True)
    ):
        starts = Offsets(document.text)
        for passage in passages:
            stored = rows[row]
            stored["document"] = document_row
            stored["start"], stored["end"] = passage.span.start, passage.span.end
            starts.move_to(passage.span.start)
            stored["byte_start"], stored["utf16_start"] = starts.byte, starts.utf16
            stored["first_line"] = starts.line
            stored["section"] = sections[passage.section]
            stored["first_sentence"] = sentence
            sentence += len(passage.sentences)
            stored["end_sentence"] = sentence
            row += 1
    return rows


def _window_rows(draft: Draft) -> np.ndarray:
    rows = np.zeros(len(draft.vectors.values), dtype=layout.WINDOW)
    windows = [(p, window) for p, own in enumerate(draft.windows) for window in own]
    rows["passage"] = [passage for passage, _ in windows]
    rows["start"] = [window.span.start for _, window in windows]
    rows["end"] = [window.span.end for _, window in windows]
    rows["tokens"] = [window.tokens for _, window in windows]
    rows["encoded_sha256"] = draft.vectors.keys
    return rows


def _sections(draft: Draft) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(p.section for passages in draft.passages for p in passages))


def _seal(folder: Path, draft: Draft, engines: dict[str, dict[str, Any]]) -> str:
    """Writes the manifest over all files, flushes everything to disk, returns the version."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    tokens = [window.tokens for own in draft.windows for window in own]
    manifest = Manifest(
        encoder=draft.encoder,
        chunking=draft.chunking,
        **engines,
        documents=len(draft.documents),
        passages=len(draft.windows),
        sentences=sum(len(p.sentences) for passages in draft.passages for p in passages),
        windows=len(draft.vectors.values),
        longest_encoded_tokens=max(tokens),
        truncated=sum(count > draft.encoder.max_tokens for count in tokens),
        files={path.relative_to(folder).as_posix(): FileSum.of(path) for path in files},
    )
    data = manifest.to_bytes()
    (folder / manifests.FILE).write_bytes(data)
    for path in [*files, folder / manifests.FILE]:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for path in (folder / layout.LEXICAL, folder):
        sync_folder(path)
    return version_of(data)


def _move_into_place(draft: Path, place: Path) -> None:
    if place.exists():
        # The same content was built before. Keep it if it is whole: readers may have it open.
        if _is_whole(place):
            shutil.rmtree(draft)
            return
        # Out of the way in one step, so that a crash leaves the damaged folder or the new one.
        damaged = place.with_name(f"{DRAFT}-damaged")
        shutil.rmtree(damaged, ignore_errors=True)
        place.rename(damaged)
        draft.rename(place)
        shutil.rmtree(damaged, ignore_errors=True)
        return
    draft.rename(place)


def _is_whole(place: Path) -> bool:
    try:
        return not check_files(place, read_manifest(place))
    except QuothError:
        return False


def _point_to(index_folder: Path, version: str) -> None:
    parent = parent_version(index_folder)
    if parent != version:
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        switch(index_folder, Pointer(version, now, parent))


def _write_json(path: Path, value: Any) -> None:
    path.write_text(_json(value) + "\n", encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
