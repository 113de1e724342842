"""Writing a snapshot: alone, whole, and over whatever was damaged."""

import pytest
from filelock import FileLock

from index.build import build
from index.errors import (
    BuildInProgress,
    CorruptSnapshot,
    IncompatibleSnapshot,
    IndexNotWritable,
)
from index.pointer import SNAPSHOTS, read_pointer
from index.publication import LOCK
from index.snapshot import Snapshot
from index.verification import verify


def test_a_second_build_into_the_same_folder_is_refused(folder, built, words):
    """While one build runs another says so instead of mixing files."""
    with FileLock(built / LOCK), pytest.raises(BuildInProgress, match=str(built)):
        build([folder], built, words)


def test_a_rebuild_mends_any_damaged_file(folder, built, words):
    """Each file in turn, manifest and pointer too: nothing of it is reused, all is whole."""
    root = built / SNAPSHOTS / read_pointer(built).version
    for path in [*sorted(p for p in root.rglob("*") if p.is_file()), built / "current.json"]:
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 0x55]))
        with pytest.raises((CorruptSnapshot, IncompatibleSnapshot)):
            Snapshot.open(built)
        report = build([folder], built, words)
        assert report.reused == 0
        assert verify(built) == []


def test_an_index_folder_that_cannot_be_written_is_named(folder, words, tmp_path):
    """A file where the folder should be is told with the remedy."""
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexNotWritable, match=r"file.*name another --index"):
        build([folder], tmp_path / "file", words)
