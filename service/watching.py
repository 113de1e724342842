"""When documents change: folders are watched by the system, single files looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from time import sleep

from watchfiles import Change, watch

# Milliseconds: a burst of changes is told as one after so long, or once it pauses for a step;
# without any, files and vanished folders are looked at after so long.
DEBOUNCE, STEP, LOOK = 1600, 200, 500


def changes(paths: Sequence[Path], index_folder: Path) -> Iterator[None]:
    """Yields at once, and then after each burst of changes that a build would see.

    Watching begins before the first yield, so nothing that happens during a build is missed.
    A path that vanishes is a change, and so is its return. Never ends by itself; Ctrl-C
    raises KeyboardInterrupt.
    """
    due, before = True, None
    while True:
        folders = _folders(paths)
        relevant = _relevant([path.resolve() for path in paths], index_folder.resolve())
        for changed in _looks(folders, relevant):
            if _folders(paths) != folders or _deleted(folders, changed):
                due = True  # told once others are watched, so that nothing falls between
                break
            now = [_state(path) for path in paths]
            if due or changed or now != before:
                due, before = False, now
                yield


def _folders(paths: Sequence[Path]) -> dict[Path, tuple[int, ...] | None]:
    """Those of the paths that are folders, where links lead now, and what tells each from another
    that is put in its place.
    """
    resolved = [path.resolve() for path in paths]
    return {root: _state(root) for root in resolved if root.is_dir()}


def _deleted(folders: Collection[Path], changed: set[tuple[Change, str]]) -> bool:
    """Whether one was: the next in its place may get its number, and look like it."""
    return any((Change.deleted, str(folder)) in changed for folder in folders)


def _looks(
    folders: Collection[Path], relevant: Callable[[Change, str], bool]
) -> Iterator[set[tuple[Change, str]]]:
    """What has changed in the folders since the last look; empty after a quiet while, or where
    nothing of it is relevant.
    """
    try:
        if folders:
            for changed in watch(
                *folders,
                # Told of nothing, it would tell nothing while something irrelevant goes on.
                watch_filter=None,
                debounce=DEBOUNCE,
                step=STEP,
                rust_timeout=LOOK,
                yield_on_timeout=True,
                raise_interrupt=True,
            ):
                yield {change for change in changed if relevant(*change)}
    except FileNotFoundError:  # one went before it could be watched: nothing is
        sleep(LOOK / 1000)
        yield {(Change.deleted, str(folder)) for folder in folders}
    while True:
        sleep(LOOK / 1000)
        yield set()


def _state(root: Path) -> tuple[int, ...] | None:
    """What tells a file from itself after a change, and a folder from another in its place."""
    try:
        found = root.stat()
    except OSError:
        return None
    return (found.st_ino,) if root.is_dir() else (found.st_ino, found.st_mtime_ns, found.st_size)


def _relevant(roots: Sequence[Path], index_folder: Path) -> Callable[[Change, str], bool]:
    """Whether a changed path lies in what is built: not hidden, not in the index itself."""

    def counts(_change: Change, changed: str) -> bool:
        path = Path(changed)
        if path.is_relative_to(index_folder):
            return False
        for root in roots:
            if path.is_relative_to(root):
                return not any(part.startswith(".") for part in path.relative_to(root).parts)
        return False

    return counts
