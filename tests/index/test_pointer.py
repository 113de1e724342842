"""Publishing: one pointer, a history, and what is pruned."""

import json

import pytest

from index.build import BuildSettings, build
from index.errors import (
    CorruptSnapshot,
)
from index.pointer import (
    FILE,
    SNAPSHOTS,
    Pointer,
    current_identity,
    read_pointer,
    switch,
)
from index.snapshot import Snapshot


def test_what_others_keep_in_the_index_folder_stays(folder, words, tmp_path):
    """Only snapshots are pruned; a person's own folder or a stray file is left alone."""
    photos = tmp_path / "index" / SNAPSHOTS / "my photos"
    photos.mkdir(parents=True)
    (photos / "sea.jpg").write_bytes(b"\xff")
    (photos.parent / ".DS_Store").write_bytes(b"")
    for number in range(3):
        (folder / "number.txt").write_text(f"Number {number} is here.", encoding="utf-8")
        build([folder], tmp_path / "index", words, BuildSettings(keep=1))
    assert (photos / "sea.jpg").exists()
    assert len(list(photos.parent.iterdir())) == 4


def test_a_torn_history_loses_no_later_line(folder, words, tmp_path):
    """A crash in the middle of a line: the next publications are kept by count all the same."""
    index_folder, versions = tmp_path / "index", []
    for number in range(4):
        (folder / "number.txt").write_text(f"Number {number} is here.", encoding="utf-8")
        versions.append(build([folder], index_folder, words, BuildSettings(keep=2)).version)
        with (index_folder / "history.jsonl").open("a") as history:
            history.write('{"version": "0123')
    kept = {path.name for path in (index_folder / SNAPSHOTS).iterdir()}
    assert kept == set(versions[-3:])


def test_old_snapshots_are_kept_by_count(folder, words, tmp_path):
    """With keep=2 the current one and the two before it stay, whatever was built."""
    index_folder, versions = tmp_path / "index", []
    for number in range(5):
        (folder / "number.txt").write_text(f"Number {number} is here.", encoding="utf-8")
        versions.append(build([folder], index_folder, words, BuildSettings(keep=2)).version)
    kept = {path.name for path in (index_folder / SNAPSHOTS).iterdir()}
    assert kept == set(versions[-3:])


def folder_of(index_folder):
    return index_folder / SNAPSHOTS / read_pointer(index_folder).version


def test_a_snapshot_built_again_has_another_identity(folder, built, words):
    """Its version is the same, its folder is not: a service can tell that it was mended."""
    before = current_identity(built)
    build([folder], built, words)
    assert current_identity(built) == before
    path = folder_of(built) / "texts.utf8"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    build([folder], built, words)
    after = current_identity(built)
    assert after[0] == before[0]
    assert after != before


@pytest.mark.parametrize("version", ["../../etc", "x", ""])
def test_a_pointer_cannot_lead_out_of_the_folder(built, version):
    """Only a version can be pointed to."""
    (built / FILE).write_text(json.dumps({"version": version, "created_at": "", "parent": None}))
    with pytest.raises(CorruptSnapshot, match="no version"):
        Snapshot.open(built)


def test_a_pointer_reads_back_as_written(built):
    """Switching replaces the pointer whole."""
    pointer = Pointer("0123456789abcdef", "2022-02-09T00:00:00Z", None)
    switch(built, pointer)
    assert read_pointer(built) == pointer
