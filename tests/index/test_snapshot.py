"""A snapshot as its readers see it, and what is refused at the door."""

import gc
import weakref
from hashlib import sha256

import numpy as np
import pytest

from index.build import build
from index.errors import CorruptSnapshot, IncompatibleSnapshot, SnapshotNotFound
from index.filters import parse_filter
from index.pointer import (
    SNAPSHOTS,
    read_pointer,
)
from index.records import digest
from index.snapshot import Snapshot


def folder_of(index_folder):
    return index_folder / SNAPSHOTS / read_pointer(index_folder).version


def test_texts_are_the_files_and_documents_stand_in_uri_order(folder, built):
    """Plain text and Markdown are kept as they are; every digest can be recomputed."""
    snapshot = Snapshot.open(built)
    uris = [entry.uri for entry in snapshot.documents]
    assert uris == ["baltic.txt", "reports/poland.md", "reports/sea.md"]
    for row, entry in enumerate(snapshot.documents):
        text = (folder / entry.uri).read_text(encoding="utf-8")
        assert snapshot.text(row) == text
        assert entry.text_sha256 == digest(text)
        assert entry.characters == len(text)
        assert snapshot.document_row(entry.doc_id) == row
    assert snapshot.document_row("nobody") is None


def test_a_passage_s_places_are_those_counted_from_the_start(folder, built):
    """Bytes, UTF-16 units and lines agree with counting over the whole text, emoji included."""
    (folder / "emoji.txt").write_text(
        "😀 é first.\n\n" + "Some words here. " * 150 + "\n\n😀 last.\n", encoding="utf-8"
    )
    snapshot = Snapshot.open(built)
    for row in range(len(snapshot.passages)):
        passage = snapshot.passage(row)
        before = snapshot.text(passage.document_row)[: passage.span.start]
        assert passage.byte_start == len(before.encode())
        assert passage.utf16_start == len(before.encode("utf-16-le")) // 2
        assert passage.first_line == before.count("\n") + 1
        assert passage.span.start == passage.sentences[0].start
        assert passage.span.end == passage.sentences[-1].end


def test_passages_know_their_document_and_section(built):
    """Rows of a document are its own, and the section path is the headings above."""
    snapshot = Snapshot.open(built)
    poland = snapshot.documents[1]
    passages = [snapshot.passage(row) for row in poland.passages]
    assert [passage.section for passage in passages] == [("Troops",), ("Troops", "Arrival")]
    assert {passage.document_row for passage in passages} == {1}
    ids = {snapshot.passage(row).passage_id for row in range(len(snapshot.passages))}
    assert len(ids) == len(snapshot.passages)


def test_a_sentence_has_the_cosine_of_its_own_window(folder, words):
    """By encoding the context and each window again and looking which window holds the sentence."""
    (folder / "long.txt").write_text(
        " ".join(f"Column {n} crosses the river by night." for n in range(60)), encoding="utf-8"
    )
    index_folder = folder.parent / "index"
    build([folder], index_folder, words)
    snapshot, vector = Snapshot.open(index_folder), words.encode_queries(["river night column"])[0]
    texts = {sha256(text.encode()).digest(): text for text in words.encoded}
    passages = [snapshot.passage(row) for row in range(len(snapshot.passages))]
    found = snapshot.sentence_cosines(passages, vector)
    assert len(found) == len(passages)
    for row, passage in enumerate(passages):
        own = snapshot.windows[snapshot.windows["passage"] == row]
        encoded = [texts[window["encoded_sha256"].tobytes()] for window in own]
        cosines = [float(words.encode_queries([text])[0] @ vector) for text in encoded]
        expected = [
            cosine
            for window, cosine in zip(own, cosines, strict=True)
            for sentence in passage.sentences
            if window["start"] <= sentence.start and sentence.end <= window["end"]
        ]
        assert found[row] == pytest.approx(expected, abs=1e-6)


def test_a_filter_allows_the_passages_of_matching_documents(built):
    """Front matter, uri and media type can be asked for; None allows all."""
    snapshot = Snapshot.open(built)

    def allowed(value):
        rows = np.flatnonzero(snapshot.allowed_rows(parse_filter(value)))
        return {snapshot.documents[snapshot.passage(int(r)).document_row].uri for r in rows}

    assert allowed({"op": "eq", "field": "author", "value": "Kirby"}) == {"reports/poland.md"}
    assert allowed({"op": "prefix", "field": "uri", "value": "reports/"}) == {
        "reports/poland.md",
        "reports/sea.md",
    }
    assert allowed({"op": "eq", "field": "media_type", "value": "text/plain"}) == {"baltic.txt"}
    assert snapshot.allowed_rows(None) is None


def test_no_index_is_told_with_the_command_that_makes_one(tmp_path):
    """An empty folder, or none at all, names quoth build."""
    with pytest.raises(SnapshotNotFound, match="quoth build"):
        Snapshot.open(tmp_path / "nowhere")
    with pytest.raises(SnapshotNotFound, match="quoth build"):
        Snapshot.open(tmp_path)


def test_any_changed_byte_is_found_before_it_is_parsed(built):
    """Each file in turn, at several places: the file is named, and no parser's error shows."""
    folder = folder_of(built)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole = path.read_bytes()
        for tenth in range(11):
            broken = bytearray(whole)
            broken[(len(whole) - 1) * tenth // 10] ^= 0x20
            path.write_bytes(bytes(broken))
            with pytest.raises((CorruptSnapshot, IncompatibleSnapshot), match=path.name):
                Snapshot.open(built)
        path.write_bytes(whole)
    Snapshot.open(built)


def test_a_missing_file_is_named(built):
    """What the manifest lists must be there."""
    (folder_of(built) / "texts.utf8").unlink()
    with pytest.raises(CorruptSnapshot, match=r"texts\.utf8"):
        Snapshot.open(built)


def test_a_text_written_over_under_an_open_snapshot_is_never_quoted(built):
    """The mapped file changes after it was verified: reading it says so."""
    snapshot = Snapshot.open(built)
    path = folder_of(built) / "texts.utf8"
    with path.open("r+b") as file:
        file.seek(path.read_bytes().index(b"Estonia"))
        file.write(b"Belarus")
    with pytest.raises(CorruptSnapshot, match=r"baltic\.txt has changed"):
        snapshot.text(0)


def test_a_version_asked_for_cannot_lead_out_of_the_folder(built):
    """Only a version names a snapshot, also where a program asks for one."""
    with pytest.raises(SnapshotNotFound, match="no version"):
        Snapshot.open(built, "../snapshots/" + read_pointer(built).version)


def test_a_snapshot_nobody_reads_is_freed_at_once(built):
    """Its mapped files go with the last reference, without waiting for the garbage collector."""
    snapshot = Snapshot.open(built)
    assert snapshot.text(0)
    watched = weakref.ref(snapshot)
    gc.disable()
    try:
        del snapshot
        assert watched() is None
    finally:
        gc.enable()


def test_an_older_snapshot_can_be_opened_by_its_version(folder, built, words):
    """What was published before still reads as it was."""
    before, published = read_pointer(built).version, read_pointer(built).created_at
    (folder / "baltic.txt").write_text("All other words.", encoding="utf-8")
    build([folder], built, words)
    older = Snapshot.open(built, before)
    assert "Estonia" in older.text(0)
    assert older.created_at == published
    assert "Estonia" not in Snapshot.open(built).text(0)


def test_an_open_snapshot_outlives_its_files(folder, built, words):
    """A reader keeps answering from a snapshot that was pruned meanwhile."""
    old = Snapshot.open(built)
    for number in range(6):
        (folder / "baltic.txt").write_text(f"Words {number}.", encoding="utf-8")
        build([folder], built, words)
    assert not (built / SNAPSHOTS / old.version).exists()
    assert "Estonia" in old.text(0)
    assert len(old.dense.search(words.encode_queries(["Estonia"])[0], 3)[0]) == 3
    assert old.lexical.search("Estonia", 1)[1][0] > 0
