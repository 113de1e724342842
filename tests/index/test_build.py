"""The document's whole road: what is reused, replaced, reported, and what stays the same."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import BuildSettings, build, build_documents
from index.chunking import ChunkingSettings
from index.errors import BuildInProgress, InvalidSetting, InvalidSource
from index.filters import parse_filter
from index.pointer import SNAPSHOTS, read_pointer
from index.publication import LOCK
from index.records import Block, Document, Span
from index.retriever import Retriever
from index.snapshot import Snapshot
from index.verification import verify


def files_of(index_folder: Path, version: str) -> dict[str, bytes]:
    root = index_folder / SNAPSHOTS / version
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_same_documents_give_the_same_bytes(folder, words, tmp_path):
    """Two builds in two places, in two processes' worth of order, are one snapshot."""
    one = build([folder], tmp_path / "one", words)
    other = build([folder], tmp_path / "other", words)
    assert one.version == other.version
    assert files_of(tmp_path / "one", one.version) == files_of(tmp_path / "other", other.version)


def test_the_packaged_encoder_gives_the_same_bytes_built_at_once_or_by_steps(
    folder, encoder, tmp_path
):
    """With real vectors too, an incremental build is a full build's, bit for bit."""
    build([folder / "baltic.txt"], tmp_path / "steps", encoder)
    steps = build([folder], tmp_path / "steps", encoder)
    once = build([folder], tmp_path / "once", encoder)
    assert steps.version == once.version
    assert 0 < steps.reused < once.encoded == steps.encoded + steps.reused


def test_unchanged_passages_are_not_encoded_again(folder, built, words):
    """One new file, one encoding; nothing new, none."""
    (folder / "new.txt").write_text("A new sentence stands here.", encoding="utf-8")
    report = build([folder], built, words)
    assert (report.encoded, len(words.encoded)) == (1, 1)
    assert words.encoded[0].endswith("A new sentence stands here.")
    again = build([folder], built, words)
    assert (again.encoded, again.version, again.previous) == (0, report.version, report.version)


def test_a_deleted_document_stops_answering(folder, built, words):
    """With the next publish its passages are gone."""
    (folder / "reports" / "sea.md").unlink()
    build([folder], built, words)
    hits = Retriever(Snapshot.open(built), words).search("landing craft sail", 10)
    uris = {Snapshot.open(built).documents[0].uri} | {
        Snapshot.open(built).documents[Snapshot.open(built).passage(h.row).document_row].uri
        for h in hits
    }
    assert "reports/sea.md" not in uris


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


def test_a_second_build_into_the_same_folder_is_refused(folder, built, words):
    """While one build runs another says so instead of mixing files."""
    with FileLock(built / LOCK), pytest.raises(BuildInProgress, match=str(built)):
        build([folder], built, words)


def test_a_corrupt_parent_is_built_anew(folder, built, words):
    """Vectors that fail their checksum are not reused; the rebuild mends the snapshot."""
    version = read_pointer(built).version
    path = built / SNAPSHOTS / version / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-4] + b"\0\0\0\0")
    assert verify(built)
    report = build([folder], built, words)
    assert report.reused == 0
    assert verify(built) == []


def test_another_encoder_s_vectors_are_not_reused(folder, built, other_words):
    """Equal texts, other encoder: everything is encoded."""
    report = build([folder], built, other_words)
    assert (report.reused, report.encoded) == (0, len(Snapshot.open(built).windows))


def test_old_snapshots_are_kept_by_count(folder, words, tmp_path):
    """With keep=2 the current one and the two before it stay, whatever was built."""
    index_folder, versions = tmp_path / "index", []
    for number in range(5):
        (folder / "number.txt").write_text(f"Number {number} is here.", encoding="utf-8")
        versions.append(build([folder], index_folder, words, BuildSettings(keep=2)).version)
    kept = {path.name for path in (index_folder / SNAPSHOTS).iterdir()}
    assert kept == set(versions[-3:])


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


def test_every_window_lies_in_its_passage_and_together_they_are_it(words, tmp_path):
    """Each sentence of a passage is encoded once, in one window, with the title before it."""
    text = " ".join(f"Number {n} marches on through the snow." for n in range(120))
    (tmp_path / "march.txt").write_text(text, encoding="utf-8")
    build([tmp_path / "march.txt"], tmp_path / "index", words)
    snapshot = Snapshot.open(tmp_path / "index")
    assert len(snapshot.windows) > len(snapshot.passages) > 1
    encoded = iter(words.encoded)
    for row in range(len(snapshot.passages)):
        passage = snapshot.passage(row)
        own = snapshot.windows[snapshot.windows["passage"] == row]
        starts = [s.start for s in passage.sentences]
        assert own["start"][0] == passage.span.start
        assert own["end"][-1] == passage.span.end
        for window, following in pairwise(own):
            assert starts[starts.index(following["start"]) - 1] < window["end"]
            assert text[window["end"] : following["start"]].strip() == ""
        for window in own:
            assert next(encoded) == "march\n" + text[window["start"] : window["end"]]


def test_documents_given_in_memory_must_differ_by_uri(words, tmp_path):
    """Two documents of one uri would be one doc_id."""
    document = Document("a", "A", "text/plain", "Text.", "0" * 64, (Block(Span(0, 5)),))
    with pytest.raises(InvalidSource, match="'a'"):
        build_documents([document, document], tmp_path, words)


def test_progress_names_each_stage_to_its_end(folder, words, tmp_path):
    """Whoever draws bars hears of every document and every vector."""
    last = {}

    def progress(stage, done, total):
        last[stage] = (done, total)

    report = build([folder], tmp_path / "index", words, progress=progress)
    assert last == {
        "documents": (3, 3),
        "passages": (3, 3),
        "vectors": (report.encoded, report.encoded),
    }


def test_the_title_is_searched_but_never_cited(folder, built, words):
    """The encoder saw title and section before the passage; the passage's text has neither."""
    report = build([folder], built.parent / "again", words)
    assert any(text.startswith("Troops") and "Half of" in text for text in words.encoded)
    snapshot = Snapshot.open(built.parent / "again")
    for row in range(report.passages):
        passage = snapshot.passage(row)
        assert passage.span.of(snapshot.text(passage.document_row)).strip()
    allowed = snapshot.allowed_rows(parse_filter({"op": "eq", "field": "year", "value": 2022}))
    rows = np.flatnonzero(allowed)
    assert {snapshot.passage(int(row)).section[0] for row in rows} == {"Troops"}
