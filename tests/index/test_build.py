"""The document's whole road: what is reused, replaced, reported, and what stays the same."""

import os
import subprocess
import sys
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import BuildSettings, build, build_documents
from index.chunking import ChunkingSettings
from index.errors import (
    InvalidSetting,
    InvalidSource,
)
from index.pointer import SNAPSHOTS, read_pointer
from index.progress import DOCUMENTS, POSTINGS, PUBLISHING, VECTORS, BuildCounts
from index.records import Block, Document, Span
from index.retriever import Retriever
from index.snapshot import Snapshot
from index.verification import verify


def files_of(index_folder: Path, version: str) -> dict[str, bytes]:
    root = index_folder / SNAPSHOTS / version
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_same_documents_give_the_same_bytes(folder, words, tmp_path):
    """Two builds in two places are one snapshot."""
    one = build([folder], tmp_path / "one", words)
    other = build([folder], tmp_path / "other", words)
    assert one.version == other.version
    assert files_of(tmp_path / "one", one.version) == files_of(tmp_path / "other", other.version)


def test_other_hash_seeds_give_the_same_version(folder, tmp_path):
    """Processes whose sets iterate in other orders write the same bytes."""
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, 'tests/index')\n"
        "from word_encoder import WordEncoder; from index.build import build\n"
        "print(build([Path(sys.argv[1])], Path(sys.argv[2]), WordEncoder()).version)"
    )
    versions = [
        subprocess.run(
            [sys.executable, "-c", program, str(folder), str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    ]
    assert len(set(versions)) == 1


def test_a_deleted_document_stops_answering(folder, built, words):
    """With the next publish its passages are gone."""
    (folder / "reports" / "sea.md").unlink()
    build([folder], built, words)
    hits = Retriever(Snapshot.open(built), words).search("landing craft sail", 10)
    snapshot = Snapshot.open(built)
    assert [entry.uri for entry in snapshot.documents] == ["baltic.txt", "reports/poland.md"]
    assert hits
    assert not any("landing craft" in t for t in map(snapshot.text, range(2)))


def test_a_changed_document_answers_with_its_new_words(folder, built, words):
    """The old number is nowhere, the new one is first; the document keeps its id."""
    before = {entry.uri: entry.doc_id for entry in Snapshot.open(built).documents}
    path = folder / "reports" / "poland.md"
    path.write_text(path.read_text().replace("1,700", "4,700"), encoding="utf-8")
    build([folder], built, words)
    snapshot = Snapshot.open(built)
    texts = [snapshot.text(row) for row in range(len(snapshot.documents))]
    assert not any("1,700" in text for text in texts)
    hit = Retriever(snapshot, words).search("4,700 soldiers Poland", 1)[0]
    passage = snapshot.passage(hit.row)
    assert "4,700" in passage.span.of(snapshot.text(passage.document_row))
    assert {entry.uri: entry.doc_id for entry in snapshot.documents} == before


def test_a_renamed_document_moves_with_its_vectors(folder, built, words):
    """The text is not encoded again where title and text are the same; only the uri is new."""
    (folder / "reports" / "sea.md").rename(folder / "ocean.md")
    report = build([folder], built, words)
    assert report.encoded == 0
    assert report.indexed == ("baltic.txt", "ocean.md", "reports/poland.md")


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rounds=st.lists(
        st.dictionaries(
            st.sampled_from(["a.txt", "b.txt", "c.md"]),
            st.lists(
                st.sampled_from(["Troops move.", "Drills end 😀.", "# Sea\n", "It\u0301 is."]),
                min_size=1,
                max_size=4,
            ).map("\n\n".join),
            min_size=1,
        ),
        min_size=2,
        max_size=4,
    )
)
def test_any_history_ends_in_the_full_build(rounds, words, tmp_path_factory):
    """However documents came, went and changed, the snapshot is that of the last state alone."""
    root = tmp_path_factory.mktemp("history")
    documents = root / "documents"
    documents.mkdir()
    for contents in rounds:
        for old in documents.iterdir():
            old.unlink()
        for name, text in contents.items():
            (documents / name).write_text(text, encoding="utf-8")
        stepwise = build([documents], root / "stepwise", words)
    full = build([documents], root / "full", words)
    assert files_of(root / "stepwise", stepwise.version) == files_of(root / "full", full.version)
    assert verify(root / "stepwise") == []


def test_files_that_cannot_be_read_are_reported_and_stop_nothing(folder, words, tmp_path):
    """Each is listed with its reason, skipped or failed, in the report and in the snapshot."""
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(b"\x00\x01\x02" * 50)
    report = build([folder], tmp_path / "index", words)
    assert len(report.indexed) == 3
    assert [(item.uri, item.status) for item in report.unread] == [
        ("binary.txt", "failed"),
        ("empty.txt", "failed"),
        ("picture.png", "skipped"),
    ]
    assert all(item.reason for item in report.unread)
    listed = Snapshot.open(tmp_path / "index").unread
    assert [item["uri"] for item in listed] == [item.uri for item in report.unread]


def test_nothing_to_index_leaves_what_was_published(built, words, tmp_path):
    """An empty folder is an error that says why, and the old answers stay."""
    before = read_pointer(built)
    hollow = tmp_path / "hollow"
    hollow.mkdir()
    with pytest.raises(InvalidSource, match="hollow"):
        build([hollow], built, words)
    (hollow / "empty.md").write_text("\n")
    with pytest.raises(InvalidSource, match=r"empty\.md"):
        build([hollow], built, words)
    assert read_pointer(built) == before


def test_an_unknown_language_is_told_before_anything_is_encoded(folder, words, tmp_path):
    """The message lists the languages there are."""
    with pytest.raises(InvalidSetting, match=r"'klingon' is none of .*english"):
        build([folder], tmp_path / "index", words, BuildSettings(language="klingon"))
    assert words.encoded == []


def test_the_index_folder_cannot_be_its_own_source(folder, built, words):
    """Building from the index, or from inside it, is refused; building above it leaves it out."""
    for source in (built, built / SNAPSHOTS):
        with pytest.raises(InvalidSource, match="name another --index"):
            build([source], built, words)
    inside = build([folder], folder / "index", words)
    again = build([folder], folder / "index", words)
    assert inside.version == again.version


def test_an_encoder_that_reads_little_gets_shorter_passages(tmp_path, words):
    """The budget shrinks to what the encoder reads beside the prefix; nothing is cut."""
    long = tmp_path / "long.txt"
    long.write_text(" ".join(f"Word {n} is here." for n in range(200)), encoding="utf-8")
    short = type(words)("short", max_tokens=90)
    build([long], tmp_path / "index", short)
    snapshot = Snapshot.open(tmp_path / "index")
    assert snapshot.manifest.longest_encoded_tokens <= 90
    assert snapshot.manifest.chunking.max_tokens == 90 - 2 - ChunkingSettings().prefix_tokens - 8
    with pytest.raises(InvalidSetting, match="reads 20 word pieces"):
        build([long], tmp_path / "index", type(words)("tiny", max_tokens=20))


def test_documents_given_in_memory_must_differ_by_uri(words, tmp_path):
    """Two documents of one uri would be one doc_id."""
    document = Document("a", "A", "text/plain", "Text.", "0" * 64, (Block(Span(0, 5)),))
    with pytest.raises(InvalidSource, match="'a'"):
        build_documents([document, document], tmp_path, words)


def test_progress_names_each_stage_to_its_end(folder, words, tmp_path):
    """Whoever draws bars hears of every document and every vector, and numbers only grow."""
    (folder / "empty.txt").touch()
    told = []
    report = build([folder], tmp_path / "index", words, progress=told.append)
    size = sum(path.stat().st_size for path in folder.rglob("*.*"))
    assert told[0] == BuildCounts(documents_found=4, bytes_found=size)
    assert told[-1] == BuildCounts(
        stage=PUBLISHING,
        documents_found=4,
        documents=4,
        failed=1,
        bytes_found=size,
        bytes=size,
        passages=report.passages,
        windows=report.encoded,
        encoded=report.encoded,
    )
    stages = [counts.stage for counts in told]
    assert list(dict.fromkeys(stages)) == [DOCUMENTS, POSTINGS, VECTORS, PUBLISHING]
    for one, other in pairwise(told):
        assert all(a <= b for a, b in zip(astuple(one)[1:], astuple(other)[1:], strict=True))
