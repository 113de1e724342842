"""Are a snapshot's files the ones that were published? Hashed before it opens, or while it answers.

What a parser reads (JSON, FAISS) is always hashed first. Arrays and texts are only mapped: their
kind and length are known beforehand (``mapped.py``), so a wrong byte in them can spoil a ranking
but mislead no parser, and a text is hashed again whenever it is quoted. Where all files together
are large, those are hashed on a thread while the snapshot answers already.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO
from weakref import ref

from index.errors import CorruptSnapshot
from index.manifest import FileSum, Manifest, check_files, check_sizes, wrong_bytes

# Below this everything is hashed before a snapshot opens: a sixth of a second on one core.
AT_ONCE_BYTES = 256 << 20
MAPPED = (".npy", ".utf8")
READ_BYTES = 4 << 20
# Snapshots that were found damaged while they answered, by folder and inode: not opened on trust
# a second time.
_found_damaged: set[tuple[Path, int]] = set()


class FileCheck:
    """The files that are hashed while their snapshot answers; gives up when nobody holds it."""

    def __init__(self, folder: Path, expected: Mapping[str, FileSum]) -> None:
        self.problem: str | None = None
        self._done = Event()
        # Opened now, so that they can be read to the end after the snapshot was pruned.
        files = {folder / name: (folder / name).open("rb") for name in sorted(expected)}
        sums = {folder / name: entry for name, entry in expected.items()}
        if files:
            Thread(target=_hash_all, args=(ref(self), folder, files, sums), daemon=True).start()
        else:
            self._done.set()

    def raise_if_damaged(self) -> None:
        """Raises CorruptSnapshot once a file was found to have other bytes than published."""
        if self.problem is not None:
            raise CorruptSnapshot(f"{self.problem}; {REMEDY}")

    def wait(self) -> None:
        """Until every file was hashed; then raises as ``raise_if_damaged``."""
        self._done.wait()
        self.raise_if_damaged()

    def finish(self, problem: str | None) -> None:
        self.problem = problem
        self._done.set()


REMEDY = "rebuild the index with `quoth build`, or restore the file"


def check_opening(folder: Path, manifest: Manifest) -> FileCheck:
    """Hashes what must be hashed before the snapshot in ``folder`` is opened, and begins to hash
    the rest. Raises CorruptSnapshot naming the first wrong file.
    """
    place = (folder, _inode(folder))
    later = {}
    if place not in _found_damaged and manifest.bytes > AT_ONCE_BYTES:
        later = {name: own for name, own in manifest.files.items() if name.endswith(MAPPED)}
    at_once = manifest.files.keys() - later.keys()
    problems = check_sizes(folder, manifest, later) + check_files(folder, manifest, at_once)
    if problems:
        raise CorruptSnapshot(f"{problems[0]}; {REMEDY}")
    _found_damaged.discard(place)
    return FileCheck(folder, later)


def _hash_all(
    check: ref[FileCheck],
    folder: Path,
    files: Mapping[Path, BinaryIO],
    sums: Mapping[Path, FileSum],
) -> None:
    problem = None
    for path, file in files.items():
        with file:
            found = _hash(file, check) if problem is None else None
        if found is not None and found != sums[path].sha256:
            problem = wrong_bytes(path, found, sums[path])
            _found_damaged.add((folder, _inode(folder)))
    if (held := check()) is not None:
        held.finish(problem)


def _hash(file: BinaryIO, check: ref[FileCheck]) -> str | None:
    """The file's sha256; None once nobody waits for it."""
    told, buffer = sha256(), memoryview(bytearray(READ_BYTES))
    while count := file.readinto(buffer):
        if check() is None:
            return None
        told.update(buffer[:count])
    return told.hexdigest()


def _inode(folder: Path) -> int:
    try:
        return folder.stat().st_ino
    except OSError:
        return 0
