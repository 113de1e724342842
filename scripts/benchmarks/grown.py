"""A snapshot of any size from one of real passages, for what search and opening cost at size.

Copies of the real passages follow them until they are as many as wanted. A copy's vectors are
its original's with something of chance added; words are looked up in texts of their own, real ones
as far as there are any (``texts.py``). So each side is asked as it would be at that size, but
the two do not belong together, and none of these passages is to be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from shutil import copyfile, rmtree

import numpy as np

from benchmarks.texts import PERTURBED, perturbed_copies
from index import manifest as manifests
from index import snapshot as layout
from index.analyser import Analyser
from index.dense import VECTORS, DenseIndex
from index.lexical import LexicalIndex
from index.manifest import sums_of, version_of
from index.mapped import create_array
from index.places import PlacesWriter
from index.pointer import SNAPSHOTS, Pointer, current_version, read_pointer, switch
from index.ranges import concatenated
from index.records import short_digest
from index.snapshot import Snapshot

# The length of what is added to a copy's unit vectors, which leaves a cosine of about .86.
NOISE = 0.6
# Vectors written at a time.
SLICE = 50_000
# Good enough for how many sentences there are, and quick.
SENTENCE_END = re.compile(r"(?<=[.!?]) ")


def grown_index(base: Path, texts: Sequence[str], count: int, cache: Path) -> Path:
    """The index folder of ``count`` passages grown from the index in ``base``, which must hold
    one passage a document. Kept in the cache for the next run.
    """
    source = read_pointer(base).version
    words = sha256("\0".join(texts).encode()).hexdigest()
    fixed = f"{source} {words} {NOISE} {PERTURBED} {manifests.FORMAT}"
    index_folder = cache / "grown" / f"{sha256(fixed.encode()).hexdigest()[:16]}-{count}"
    if current_version(index_folder) is None:
        folder = index_folder / SNAPSHOTS / ".draft"
        rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _write(folder, base, texts, count)
        version = version_of((folder / manifests.FILE).read_bytes())
        folder.rename(folder.with_name(version))
        switch(index_folder, Pointer(version, "", None))
    return index_folder


def _write(folder: Path, base_folder: Path, texts: Sequence[str], count: int) -> None:
    base = Snapshot.open(base_folder)
    order = np.arange(count) % len(base.passages)
    for name in (layout.SECTIONS, layout.UNREAD):
        copyfile(base_folder / SNAPSHOTS / base.version / name, folder / name)
    PlacesWriter(folder).close()  # no pages, no cells
    _write_documents(folder, base, order)
    sentences = _write_passages(folder, base_folder / SNAPSHOTS / base.version, base, order)
    windows = _write_windows(folder, base, order)
    dense = DenseIndex.build(folder, windows)
    lexical = LexicalIndex.build(_searched(texts, count), Analyser(), folder / layout.LEXICAL)
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    manifest = replace(
        base.manifest,
        documents=count,
        passages=count,
        sentences=sentences,
        windows=int(windows.sum()),
        dense=dense.settings(),
        lexical=lexical.settings(),
        files=sums_of(folder, files),
    )
    (folder / manifests.FILE).write_bytes(manifest.to_bytes())


def _write_documents(folder: Path, base: Snapshot, order: np.ndarray) -> None:
    byte = 0
    with (
        (folder / layout.TEXTS).open("wb") as texts,
        (folder / layout.DOCUMENTS).open("w", encoding="utf-8", newline="\n") as lines,
    ):
        for row, original in enumerate(order.tolist()):
            data = base.text(original).encode()
            texts.write(data)
            entry = replace(
                base.documents[original],
                uri=f"p{row:07}.txt",
                doc_id=short_digest(f"p{row:07}.txt"),
                bytes=range(byte, byte + len(data)),
                passages=range(row, row + 1),
            )
            lines.write(entry.to_line())
            byte += len(data)


def _write_passages(folder: Path, files: Path, base: Snapshot, order: np.ndarray) -> int:
    """Passages and their sentences; returns how many sentences."""
    rows = create_array(folder / layout.PASSAGES, layout.PASSAGE, (len(order),))
    rows[:] = base.passages[order]
    rows["document"] = np.arange(len(order))
    own, _ = concatenated(rows["first_sentence"], rows["end_sentence"])
    np.save(folder / layout.SENTENCES, np.load(files / layout.SENTENCES)[own])
    ends = np.cumsum(rows["end_sentence"] - rows["first_sentence"])
    rows["first_sentence"][1:], rows["end_sentence"] = ends[:-1], ends
    rows["first_sentence"][0] = 0
    return len(own)


def _write_windows(folder: Path, base: Snapshot, order: np.ndarray) -> np.ndarray:
    """Windows and their vectors; returns how many windows each passage has."""
    starts = base.dense.starts
    own, _ = concatenated(starts[order], starts[order + 1])
    counts = starts[order + 1] - starts[order]
    rows = create_array(folder / layout.WINDOWS, layout.WINDOW, (len(own),))
    rows[:] = base.windows[own]
    rows["passage"] = np.repeat(np.arange(len(order)), counts)
    vectors = create_array(folder / VECTORS, "<f4", (len(own), base.dense.dimensions))
    real = min(len(own), len(base.windows))
    for number, first in enumerate(range(0, len(own), SLICE)):
        part = base.dense.vectors[own[first : first + SLICE]]
        noise = np.random.default_rng(number).standard_normal(part.shape, np.float32)
        noise[: max(0, real - first)] = 0
        part += noise * (NOISE / np.sqrt(part.shape[1], dtype=np.float32))
        vectors[first : first + SLICE] = part / np.linalg.norm(part, axis=1, keepdims=True)
    return counts


def _searched(texts: Sequence[str], count: int) -> Iterator[list[str]]:
    """What words each passage is known by: no context, and its sentences."""
    copies = perturbed_copies(texts, max(0, count - len(texts)))
    for text in chain(texts[:count], copies):
        yield ["", *SENTENCE_END.split(text)]
