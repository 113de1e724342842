"""Files hashed before a snapshot opens, and while it answers."""

import gc
import shutil
import weakref
from threading import Thread

import pytest

from index import soundness
from index.errors import CorruptSnapshot
from index.pointer import SNAPSHOTS, read_pointer
from index.retriever import Retriever
from index.snapshot import Snapshot


def folder_of(index_folder):
    return index_folder / SNAPSHOTS / read_pointer(index_folder).version


@pytest.fixture
def large(built, monkeypatch):
    """The small index, treated as one too large to be hashed before it opens."""
    monkeypatch.setattr(soundness, "AT_ONCE_BYTES", 0)
    return built


@pytest.fixture
def held_back(monkeypatch):
    """The threads that would hash, which the test runs when it wants."""
    threads = []

    class HeldBack(Thread):
        def start(self):
            threads.append(self)

    monkeypatch.setattr(soundness, "Thread", HeldBack)
    return threads


def damage(path, byte=-1):
    data = bytearray(path.read_bytes())
    data[byte] ^= 1
    path.write_bytes(bytes(data))


def test_a_whole_snapshot_stays_in_service(large, words):
    """Everything was hashed, and it answers as before."""
    snapshot = Snapshot.open(large)
    snapshot.check.wait()
    assert Retriever(snapshot, words).search("Estonia", 1)


@pytest.mark.parametrize(
    "name",
    """
    vectors.npy windows.npy texts.utf8 dense_starts.npy lexical/posting_scores.npy
    lexical/terms.utf8
    """.split(),
)
def test_damage_found_while_it_answers_ends_that(large, words, name):
    """The last byte of a mapped file: opened on trust once, refused by question and text from
    then on, and never opened on trust again until it is mended.
    """
    path = folder_of(large) / name
    damage(path)
    try:
        snapshot = Snapshot.open(large)
    except CorruptSnapshot:
        assert name == "dense_starts.npy"  # which no longer says how many vectors there are
        return
    with pytest.raises(CorruptSnapshot, match=f"{path.name} has sha256"):
        snapshot.check.wait()
    with pytest.raises(CorruptSnapshot, match=path.name):
        Retriever(snapshot, words).search("Estonia", 1)
    with pytest.raises(CorruptSnapshot, match=path.name):
        snapshot.text(0)
    with pytest.raises(CorruptSnapshot, match=path.name):
        Snapshot.open(large)
    damage(path)  # the same bit once more
    Snapshot.open(large).check.wait()


@pytest.mark.parametrize("name", ["documents.jsonl", "sections.json", "lexical/lexical.json"])
def test_what_is_parsed_is_always_hashed_first(large, name):
    """However large the snapshot, no parser sees bytes that were not published."""
    damage(folder_of(large) / name)
    with pytest.raises(CorruptSnapshot, match="has sha256"):
        Snapshot.open(large)


def test_a_mapped_file_of_another_length_is_told_at_once(large):
    """Its length is looked at before anything is mapped."""
    path = folder_of(large) / "vectors.npy"
    path.write_bytes(path.read_bytes() + bytes(32 * 4))
    with pytest.raises(CorruptSnapshot, match=r"vectors\.npy has \d+ bytes"):
        Snapshot.open(large)


def test_a_snapshot_pruned_meanwhile_is_hashed_to_its_end(large, held_back):
    """Its files are held open; that they have no name any more is no damage."""
    snapshot = Snapshot.open(large)
    shutil.rmtree(folder_of(large))
    (thread,) = held_back
    thread.run()
    snapshot.check.wait()


def test_hashing_keeps_no_snapshot_alive(large, held_back):
    """A snapshot nobody reads is freed at once, and its files are let go."""
    snapshot = Snapshot.open(large)
    watched = weakref.ref(snapshot)
    gc.disable()
    try:
        del snapshot
        assert watched() is None
    finally:
        gc.enable()
    held_back[0].run()
