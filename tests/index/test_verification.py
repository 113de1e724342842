"""verify names what is wrong, and finds nothing wrong where nothing is."""

import json

import numpy as np
import pytest

from index import manifest as manifests
from index.errors import SnapshotNotFound
from index.manifest import FileSum, version_of
from index.pointer import SNAPSHOTS, Pointer, read_pointer, switch
from index.verification import verify


def reseal(index_folder, change):
    """Alters a snapshot and seals it again, so that its checksums hold and only sense can tell."""
    old = index_folder / SNAPSHOTS / read_pointer(index_folder).version
    change(old)
    value = json.loads((old / manifests.FILE).read_bytes())
    value["files"] = {
        name: {"bytes": s.bytes, "sha256": s.sha256}
        for name in value["files"]
        for s in [FileSum.of(old / name)]
    }
    data = json.dumps(value).encode()
    (old / manifests.FILE).write_bytes(data)
    old.rename(old.parent / version_of(data))
    switch(index_folder, Pointer(version_of(data), "2022-02-09T00:00:00Z", None))


def test_a_fresh_snapshot_is_whole(built):
    """What was just built has no problem."""
    assert verify(built) == []


def test_every_damaged_file_is_named(built):
    """Two broken files and a stray one are three problems, each with its name."""
    folder = built / SNAPSHOTS / read_pointer(built).version
    (folder / "texts.utf8").write_bytes(b"short")
    (folder / "dense.faiss").unlink()
    (folder / "stray.txt").write_text("who put this here?")
    problems = verify(built)
    assert len(problems) == 3
    for name, problem in zip(("dense.faiss", "texts.utf8", "stray.txt"), problems, strict=True):
        assert name in problem


def test_a_moved_passage_is_found_though_its_checksum_holds(built):
    """A passage whose start disagrees with its sentences and its byte place is told."""

    def move(folder):
        rows = np.load(folder / "passages.npy")
        rows["start"][1] += 1
        np.save(folder / "passages.npy", rows)

    reseal(built, move)
    problems = " ".join(verify(built))
    assert "sentences of passage 1" in problems
    assert "place of passage 1" in problems


def test_a_swapped_text_is_found_though_its_checksum_holds(built):
    """A text that is not its document's sha256 is told with the document's name."""

    def swap(folder):
        path = folder / "texts.utf8"
        path.write_bytes(path.read_bytes().replace(b"Estonia", b"Belarus"))

    reseal(built, swap)
    assert any("baltic.txt" in problem for problem in verify(built))


def test_vectors_that_are_not_unit_are_found(built):
    """A scaled vector would win every search."""

    def scale(folder):
        np.save(folder / "vectors.npy", np.load(folder / "vectors.npy") * 2)

    reseal(built, scale)
    assert verify(built) == ["not all vectors have length 1"]


def test_there_must_be_something_to_verify(tmp_path):
    """No snapshot is not a whole snapshot."""
    with pytest.raises(SnapshotNotFound):
        verify(tmp_path)
