"""A built index to a published snapshot: make its files durable, switch the pointer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index import manifest as manifests
from index.errors import BuildInProgress, IndexNotWritable, QuothError
from index.manifest import Manifest, check_files, read_manifest, version_of
from index.pointer import SNAPSHOTS, Pointer, parent_version, prune, switch, sync_folder

LOCK = "build.lock"
DRAFT = ".draft"


@contextmanager
def exclusive(index_folder: Path) -> Iterator[Path]:
    """One build at a time in an index folder; gives the empty folder that its draft goes to.

    What is left of the draft in the end is removed. Raises BuildInProgress where another is at
    it, IndexNotWritable where the folder, or the disk, does not take what is written inside.
    """
    draft = index_folder / SNAPSHOTS / DRAFT
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(index_folder / LOCK, timeout=0):
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            try:
                yield draft
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    except Timeout as error:
        raise BuildInProgress(
            f"another build is writing to {index_folder}; wait for it, or name another --index"
        ) from error
    except OSError as error:
        raise IndexNotWritable(
            f"cannot write the index: {error.filename or index_folder}: "
            f"{(error.strerror or str(error)).lower()}; make room or name another --index"
        ) from error


def publish(index_folder: Path, draft: Path, manifest: Manifest, keep: int) -> str:
    """Makes the draft in its folder the published snapshot, keeps ``keep`` older ones.

    Returns its version. A crash at any point leaves the previous snapshot published, and
    what was half written is removed by the next build.
    """
    snapshots = index_folder / SNAPSHOTS
    version = _seal(draft, manifest)
    _move_into_place(draft, snapshots / version)
    sync_folder(snapshots)
    _point_to(index_folder, version)
    prune(index_folder, keep)
    return version


def _seal(folder: Path, manifest: Manifest) -> str:
    """Writes the manifest beside its files, flushes everything to disk, returns the version."""
    data = manifest.to_bytes()
    (folder / manifests.FILE).write_bytes(data)
    for name in (*manifest.files, manifests.FILE):
        with (folder / name).open("rb") as file:
            os.fsync(file.fileno())
    for path in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
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
