"""The one file that says which snapshot of an index folder answers: read, switch, prune."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import CorruptSnapshot, SnapshotNotFound
from index.manifest import VERSION

FILE = "current.json"
SNAPSHOTS = "snapshots"
HISTORY = "history.jsonl"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The published snapshot: version, time of publishing (ISO 8601, UTC), what it followed."""

    version: str
    created_at: str
    parent: str | None


def read_pointer(index_folder: Path) -> Pointer:
    """Raises SnapshotNotFound where nothing was published, CorruptSnapshot for a bad pointer."""
    path = index_folder / FILE
    try:
        pointer = Pointer(**json.loads(path.read_text(encoding="utf-8")))
        known = bool(VERSION.fullmatch(pointer.version))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SnapshotNotFound(
            f"there is no index in {index_folder}; "
            f"build one with `quoth build FOLDER --index {index_folder}`"
        ) from error
    except OSError as error:
        raise CorruptSnapshot(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise CorruptSnapshot(f"{path} is no pointer: {error}; rebuild the index") from error
    if not known:  # also what keeps a pointer from naming a folder elsewhere
        raise CorruptSnapshot(f"{path} names {pointer.version!r}, which is no version; rebuild")
    return pointer


def current_version(index_folder: Path) -> str | None:
    """The published version, None where there is none: cheap enough to ask every second."""
    try:
        return read_pointer(index_folder).version
    except SnapshotNotFound:
        return None


def current_identity(index_folder: Path) -> tuple[str, int] | None:
    """The published version and its folder's inode: a damaged snapshot that was built again has
    its old version in a new folder.
    """
    version = current_version(index_folder)
    if version is None:
        return None
    try:
        return version, (index_folder / SNAPSHOTS / version).stat().st_ino
    except OSError:
        return version, 0


def parent_version(index_folder: Path) -> str | None:
    """The version a build follows; None where there is none or its pointer is broken: a build
    mends that.
    """
    try:
        return read_pointer(index_folder).version
    except (SnapshotNotFound, CorruptSnapshot):
        return None


def published_at(index_folder: Path, version: str) -> str:
    """When a version was last published (ISO 8601, UTC), "" where the history does not tell."""
    times = [line.created_at for line in _history(index_folder) if line.version == version]
    return times[-1] if times else ""


def switch(index_folder: Path, pointer: Pointer) -> None:
    """Makes ``pointer`` the published one: whoever reads sees the old file or the new, whole."""
    data = json.dumps(asdict(pointer)) + "\n"
    fresh = index_folder / f"{FILE}.new"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(index_folder / FILE)
    sync_folder(index_folder)
    with (index_folder / HISTORY).open("a", encoding="utf-8") as history:
        # A line that a crash cut short must not swallow this one.
        history.write("\n" + data)


def prune(index_folder: Path, keep: int) -> list[str]:
    """Removes all snapshots but the published one and the ``keep`` published last before it.

    Returns the versions removed. A service that still answers from one of them keeps its
    files until it lets go of them, as they are memory-mapped.
    """
    published = read_pointer(index_folder).version
    order = [line.version for line in _history(index_folder) if line.version != published]
    recent = list(dict.fromkeys(reversed(order)))[:keep]
    removed = []
    for folder in sorted((index_folder / SNAPSHOTS).iterdir()):
        # Whatever else somebody keeps there is not ours to delete.
        is_ours = VERSION.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink()
        if is_ours and folder.name not in {published, *recent}:
            shutil.rmtree(folder)
            removed.append(folder.name)
    return removed


def sync_folder(folder: Path) -> None:
    """Flushes a folder's entries to disk: a renamed file survives a power cut only after this."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _history(index_folder: Path) -> list[Pointer]:
    try:
        lines = (index_folder / HISTORY).read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    published = []
    for line in lines:
        try:
            published.append(Pointer(**json.loads(line)))
        except (ValueError, TypeError):
            continue  # blank, or cut short by a crash
    return published
