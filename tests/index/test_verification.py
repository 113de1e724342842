"""verify names what is wrong, and finds nothing wrong where nothing is."""

import json
import re

import faiss
import numpy as np
import pytest

from index import manifest as manifests
from index.build import BuildSettings, build_documents
from index.chunking import ChunkingSettings
from index.errors import SnapshotNotFound
from index.manifest import FileSum, version_of
from index.pointer import SNAPSHOTS, Pointer, read_pointer, switch
from index.records import Block, Document, Span
from index.verification import verify


def manifest_of(index_folder):
    return index_folder / SNAPSHOTS / read_pointer(index_folder).version / manifests.FILE


def reseal(index_folder, change, told=None):
    """Alters a snapshot and seals it again, so that its checksums hold and only sense can tell."""
    old = index_folder / SNAPSHOTS / read_pointer(index_folder).version
    change(old)
    value = json.loads((old / manifests.FILE).read_bytes())
    value["files"] = {
        name: {"bytes": s.bytes, "sha256": s.sha256}
        for name in value["files"]
        for s in [FileSum.of(old / name)]
    }
    data = json.dumps(value | (told or {})).encode()
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
    (folder / "vectors.npy").unlink()
    (folder / "stray.txt").write_text("who put this here?")
    problems = verify(built)
    assert len(problems) == 3
    for name, problem in zip(("texts.utf8", "vectors.npy", "stray.txt"), problems, strict=True):
        assert name in problem


def changed(name, change):
    """A change to one array of the snapshot, in place."""

    def apply(folder):
        rows = np.load(folder / name)
        change(rows)
        np.save(folder / name, rows)

    return apply


def put(name, column, row, value):
    def change(rows):
        rows[column][row] = value

    return changed(name, change)


def put_at(name, place, value):
    def change(rows):
        rows[place] = value

    return changed(name, change)


# Passages, each one window: 0 baltic.txt [0, 65), 1 poland.md [33, 77),
# 2 poland.md [79, 125), 3 sea.md [0, 47); each of two sentences.
PASSAGE_CHANGES = [
    ("start", 1, -1, "passage 1 is not 0 <= start < end"),
    ("start", 0, 10**6, "passage 0 is not 0 <= start < end"),
    ("end", 3, 10**6, "passage 3 ends beyond its document's text"),
    ("document", 0, 99, "passage 0 names a document that is not there"),
    ("document", 2, -1, "passage 2 names a document that is not there"),
    ("document", 1, 2, "passage 1 is not among the passages of its document"),
    ("section", 0, 99, "passage 0 names a section that is not there"),
    ("first_sentence", 1, 1, "passage 1 does not follow on the last one's sentences"),
    ("end_sentence", 3, 99, "passage 3 has no sentences, or more than there are"),
    ("end_sentence", 1, 0, "passage 1 has no sentences, or more than there are"),
    ("start", 1, 34, "sentence 2 is not inside its passage"),
    ("end", 1, 70, "sentence 3 is not inside its passage"),
    ("start", 2, 20, "passage 2 does not begin after the one before it"),
    ("byte_start", 2, 7, "passage 2 of reports/poland.md has a wrong byte, UTF-16 or line place"),
    ("utf16_start", 0, 1, "passage 0 of baltic.txt has a wrong byte, UTF-16 or line place"),
    ("first_line", 3, 2, "passage 3 of reports/sea.md has a wrong byte, UTF-16 or line place"),
]


@pytest.mark.parametrize(("column", "row", "value", "problem"), PASSAGE_CHANGES)
def test_a_wrong_passage_is_found(built, column, row, value, problem):
    """Each column of the passage table is held against the others, whatever is in it."""
    reseal(built, put("passages.npy", column, row, value))
    assert problem in verify(built)


@pytest.mark.parametrize(
    ("column", "row", "value", "problem"),
    [
        ("passage", 0, -1, "window 0 names a passage that is not there"),
        ("passage", 3, 99, "window 3 names a passage that is not there"),
        ("passage", 2, 0, "window 2 belongs to a passage before that of the window before it"),
        ("passage", 2, 1, "passage 2 has no window"),
        ("start", 1, 1000, "window 1 is not 0 <= start < end"),
        ("start", 1, 32, "window 1 is not inside its passage"),
        ("end", 1, 78, "window 1 is not inside its passage"),
        ("start", 1, 34, "window 1 leaves out some of its passage before or after it"),
        ("end", 1, 76, "window 1 leaves out some of its passage before or after it"),
        ("tokens", 0, 10**6, "window 0 has not 1 to 256 tokens"),
        ("tokens", 0, 0, "window 0 has not 1 to 256 tokens"),
    ],
)
def test_a_wrong_window_is_found(built, column, row, value, problem):
    """Windows stand in the order of their passages, inside them, and are of a readable size."""
    reseal(built, put("windows.npy", column, row, value))
    assert problem in verify(built)


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        ((1, 0), -1, "sentence 1 is not 0 <= start < end"),
        ((1, 1), 0, "sentence 1 is not 0 <= start < end"),
        ((1, 0), 3, "sentence 1 begins before the one before it in its passage ends"),
        ((0, 0), 1, "sentence 0 leaves out some of its passage before or after it"),
    ],
)
def test_a_wrong_sentence_is_found(built, place, value, problem):
    """Sentences are in order and make their passage up."""
    reseal(built, put_at("sentences.npy", place, value))
    assert problem in verify(built)


def test_a_change_of_everything_is_told_in_bounds(built):
    """However much is wrong, 20 problems are named and the others counted."""

    def many(folder):
        np.save(folder / "sentences.npy", np.full((500, 2), -1, dtype="<i4"))

    reseal(built, many)
    problems = verify(built)
    assert problems[:2] == [f"sentence {row} is not 0 <= start < end" for row in (0, 1)]
    assert len(problems) == 21
    assert problems[-1].startswith("and 48")
    assert problems[-1].endswith(" more")


@pytest.mark.parametrize(
    ("name", "replace", "by", "problem"),
    [
        ("texts.utf8", b"Estonia", b"Belarus", "the text of baltic.txt is not of the sha256"),
        ("texts.utf8", b"Estonia", b"Eston\xff\xff", "the text of baltic.txt is not UTF-8"),
        ("texts.utf8", b"Estonia", b"Esto", "the documents take 243 of 240 bytes, 4 of 4"),
        (
            "documents.jsonl",
            b'"characters": 66',
            b'"characters": 67',
            "is not of the sha256 or length",
        ),
        ("documents.jsonl", b'"characters": 66', b'"characters": "x"', "document 0 ('baltic.txt')"),
        ("documents.jsonl", b'"title": "baltic"', b'"title": null', "document 0 ('baltic.txt')"),
        ("documents.jsonl", b'"doc_id": "', b'"doc_id": "0', "the doc_id of baltic.txt is"),
        ("documents.jsonl", b"reports/", b"areports/", "not after the one before it"),
        (
            "documents.jsonl",
            b'"passages": [0, 1]',
            b'"passages": [0, 2]',
            "not follow those before",
        ),
        (
            "documents.jsonl",
            b'"passages": [0, 1]',
            b'"passages": [1, 1]',
            "not follow those before",
        ),
        ("documents.jsonl", b'"bytes": [0, ', b'"bytes": [1, ', "not follow those before"),
        ("documents.jsonl", b'"uri": "b', b'"uri": "\\ud800b', "has a field of the wrong kind"),
        ("documents.jsonl", b"{", b"[", ""),
        ("documents.jsonl", b'"uri"', b'"url"', ""),
        ("sections.json", b"[[", b"[3, [", ""),
        ("sections.json", b'"Troops"', b"7", "a section is not a list of headings"),
        ("unread.json", b"[]", b"[1]", "unread.json does not list"),
    ],
)
def test_a_wrong_text_or_document_is_found(built, name, replace, by, problem):
    """What is resealed with other texts, or as other JSON, is a problem and no traceback."""

    def change(folder):
        data = (folder / name).read_bytes()
        assert replace in data
        (folder / name).write_bytes(data.replace(replace, by))

    reseal(built, change)
    assert any(problem in found for found in verify(built)), verify(built)


@pytest.mark.parametrize("name", ["passages.npy", "windows.npy", "sentences.npy", "vectors.npy"])
@pytest.mark.parametrize(
    "rows", [np.zeros(3), np.zeros((4, 3), np.int32), np.zeros((0, 2), np.int32)]
)
def test_a_table_of_another_kind_is_found(built, name, rows):
    """Other columns or dimensions are told by the table's name before a row is read."""
    reseal(built, lambda folder: np.save(folder / name, rows))
    (problem, *_) = verify(built)
    assert name in problem


@pytest.mark.parametrize(
    "name",
    """
    passages.npy sections.json texts.utf8 vectors.npy dense_starts.npy documents.jsonl unread.json
    lexical/lexical.json lexical/passage_starts.npy
    """.split(),
)
def test_an_empty_file_is_a_problem(built, name):
    """Whatever a parser makes of it, it is named as damage."""
    reseal(built, lambda folder: (folder / name).write_bytes(b""))
    assert verify(built)


def test_places_far_into_a_long_text_are_checked(tmp_path, words):
    """Also past a hundred thousand characters a wrong byte place is found."""
    text = "Troops 😀 train in the north.\n\n" * 4000
    document = Document("long.txt", "L", "text/plain", text, "0" * 64, blocks_of(text))
    build_documents([document], tmp_path / "index", words)
    assert verify(tmp_path / "index") == []
    reseal(tmp_path / "index", put("passages.npy", "byte_start", -1, 100_003))
    (problem,) = verify(tmp_path / "index")
    assert problem.endswith(" of long.txt has a wrong byte, UTF-16 or line place")


def blocks_of(text):
    return tuple(Block(Span(*match.span())) for match in re.finditer(".+", text))


def test_vectors_that_are_not_unit_are_found(built):
    """A scaled vector would win every search, and one that is no number none."""
    reseal(built, put_at("vectors.npy", (1,), np.nan))
    assert "window 1 has a vector whose length is not 1" in verify(built)
    reseal(built, put_at("vectors.npy", (2,), 1))
    assert "window 2 has a vector whose length is not 1" in verify(built)


@pytest.fixture
def coded(tmp_path, words, monkeypatch):
    """An index of some hundred windows that is searched by codes, as one of millions would be."""
    monkeypatch.setattr("index.codes.REACHES", (20, 40, 80, 160))
    monkeypatch.setattr("index.codes.TARGET", 0.9)
    monkeypatch.setattr("index.dense.EXACT_WINDOWS", 50)
    text = "".join(f"Ship {n} sails to harbour {n * n}.\n\n" for n in range(1500))
    document = Document("long.txt", "L", "text/plain", text, "0" * 64, blocks_of(text))
    chunking = ChunkingSettings(max_tokens=100)
    build_documents([document], tmp_path / "index", words, BuildSettings(chunking))
    return tmp_path / "index"


def test_codes_searched_are_of_the_vectors_listed(coded):
    """FAISS holding the same vectors in another order would find other passages."""
    assert verify(coded) == []

    def reverse(folder):
        index = faiss.read_index(str(folder / "dense.faiss"))
        vectors = np.load(folder / "vectors.npy")[::-1].copy()
        index.reset()
        index.add(vectors)
        faiss.write_index(index, str(folder / "dense.faiss"))

    reseal(coded, reverse)
    (problem,) = verify(coded)
    assert problem.startswith("dense.faiss finds 0.")


@pytest.mark.parametrize("kind", [faiss.IndexFlatIP, faiss.IndexFlatL2])
def test_another_sort_of_faiss_index_is_found(coded, kind):
    """What FAISS holds are the codes of all vectors, and nothing else."""
    reseal(coded, lambda folder: faiss.write_index(kind(32), str(folder / "dense.faiss")))
    (problem,) = verify(coded)
    assert "dense.faiss holds 0 vectors of 32 dimensions in a IndexFlat" in problem


def test_the_first_window_of_each_passage_is_checked(built):
    """dense_starts.npy says which windows are whose, as windows.npy does."""
    reseal(built, put_at("dense_starts.npy", (2,), 1))
    (problem,) = verify(built)
    assert problem.endswith("dense_starts.npy does not say where passages' windows begin")


@pytest.mark.parametrize(
    ("name", "place", "value", "problem"),
    [
        ("term_starts.npy", 1, 10**6, "does not say where each term begins"),
        ("posting_starts.npy", 1, 10**6, "does not say where each term's postings begin"),
        ("posting_rows.npy", 0, 4, "does not list each term's passages in order"),
        ("posting_rows.npy", 0, -1, "does not list each term's passages in order"),
        ("posting_scores.npy", 0, np.nan, "does not give each posting a score above 0"),
        ("sentence_starts.npy", 1, 10**6, "does not say where each sentence's terms begin"),
        ("sentence_terms.npy", 0, 10**6, "names a term that is not there"),
    ],
)
def test_wrong_postings_are_found(built, name, place, value, problem):
    """Each table of words is held against the sizes of the others."""
    reseal(built, put_at(f"lexical/{name}", place, value))
    assert verify(built) == [f"lexical/{name} {problem}"]


def test_terms_out_of_order_are_found(built):
    """They are looked for by halving, and would be missed."""

    def reverse(folder):
        path = folder / "lexical" / "terms.utf8"
        path.write_bytes(path.read_bytes()[::-1])

    reseal(built, reverse)
    assert verify(built) == ["lexical/terms.utf8 is not in order"]


def test_postings_are_of_the_same_sentences(built):
    """What BM25 covers by sentences is counted by passage, its context and its sentences."""
    reseal(built, put_at("lexical/passage_starts.npy", (1,), 2))
    assert "lexical/passage_starts.npy does not say where each passage's terms begin" in verify(
        built
    )


@pytest.mark.parametrize("name", ["documents", "passages", "sentences", "windows"])
def test_the_manifest_counts_right(built, name):
    """What the manifest says there is, is there."""
    count = json.loads(manifest_of(built).read_bytes())[name]
    reseal(built, lambda _: None, {name: count + 1})
    assert verify(built) == [
        f"there are {count + 1} {name} in the manifest, the tables hold {count}"
    ]


def test_a_manifest_that_is_none_is_a_problem(built):
    """Its bytes are not the version's, so nothing it says counts."""
    manifest_of(built).write_bytes(b"{}")
    assert len(verify(built)) == 1


def test_there_must_be_something_to_verify(tmp_path):
    """No snapshot is not a whole snapshot."""
    with pytest.raises(SnapshotNotFound):
        verify(tmp_path)
