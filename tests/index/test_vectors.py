"""What is encoded, once, and what is taken from the snapshot before."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from index.build import build
from index.errors import OversizedPassage
from index.filters import parse_filter
from index.pointer import read_pointer
from index.snapshot import Snapshot


def test_the_packaged_encoder_gives_the_same_bytes_built_at_once_or_by_steps(
    folder, encoder, tmp_path
):
    """With real vectors too, an incremental build is a full build's, bit for bit."""
    build([folder / "baltic.txt"], tmp_path / "steps", encoder)
    steps = build([folder], tmp_path / "steps", encoder)
    once = build([folder], tmp_path / "once", encoder)
    assert steps.version == once.version
    assert 0 < steps.reused < once.encoded == steps.encoded + steps.reused


def test_many_small_files_give_the_same_bytes_built_at_once_or_by_steps(encoder, tmp_path):
    """Thirty files whose texts have few lengths, so that batches differ between the two ways."""
    documents = tmp_path / "documents"
    documents.mkdir()
    for number in range(30):
        text = f"Column {number} marches on through the deep snow."
        (documents / f"{number:02}.txt").write_text(text, encoding="utf-8")
    last = documents / "29.txt"
    kept = last.read_bytes()
    last.unlink()
    build([documents], tmp_path / "steps", encoder)
    last.write_bytes(kept)
    steps = build([documents], tmp_path / "steps", encoder)
    once = build([documents], tmp_path / "once", encoder)
    assert (steps.encoded, once.encoded) == (1, 30)
    assert steps.version == once.version


def test_a_window_over_what_the_encoder_reads_stops_the_build(folder, built, words):
    """A tokenizer that finds more pieces in a whole than in its parts: named, never cut."""

    class Growing(type(words)):
        def count_tokens(self, texts):
            return [c if c < 9 else c + 300 for c in super().count_tokens(texts)]

    before = read_pointer(built)
    with pytest.raises(OversizedPassage, match=r"\.(txt|md) has 3\d\d word pieces, .* reads 256"):
        build([folder], built, Growing())
    assert read_pointer(built) == before


def test_equal_texts_are_encoded_once(words, tmp_path):
    """Two files that say the same under one title cost one vector."""
    for folder in ("one", "other"):
        (tmp_path / "documents" / folder).mkdir(parents=True)
        (tmp_path / "documents" / folder / "note.txt").write_text("The same words.")
    report = build([tmp_path / "documents"], tmp_path / "index", words)
    assert (report.passages, report.encoded, report.reused) == (2, 1, 1)


def test_unchanged_passages_are_not_encoded_again(folder, built, words):
    """One new file, one encoding; nothing new, none."""
    (folder / "new.txt").write_text("A new sentence stands here.", encoding="utf-8")
    report = build([folder], built, words)
    assert (report.encoded, len(words.encoded)) == (1, 1)
    assert words.encoded[0].endswith("A new sentence stands here.")
    again = build([folder], built, words)
    assert (again.encoded, again.version, again.previous) == (0, report.version, report.version)


def test_another_encoder_s_vectors_are_not_reused(folder, built, other_words):
    """Equal texts, other encoder: everything is encoded."""
    report = build([folder], built, other_words)
    assert (report.reused, report.encoded) == (0, len(Snapshot.open(built).windows))


def test_vectors_of_another_revision_are_not_reused(folder, built, words):
    """The same model computed in another way: everything is encoded."""
    words.identity = replace(words.identity, revision=words.identity.revision + 1)
    report = build([folder], built, words)
    assert (report.reused, report.encoded) == (0, len(Snapshot.open(built).windows))


def test_every_window_lies_in_its_passage_and_together_they_are_it(words, tmp_path):
    """Each sentence of a passage is encoded once, in one window, with the title before it."""
    text = " ".join(f"Number {n} marches on through the snow." for n in range(120))
    (tmp_path / "march.txt").write_text(text, encoding="utf-8")
    build([tmp_path / "march.txt"], tmp_path / "index", words)
    snapshot = Snapshot.open(tmp_path / "index")
    assert len(snapshot.windows) > len(snapshot.passages) > 1
    encoded = set(words.encoded)
    assert len(encoded) == len(words.encoded) == len(snapshot.windows)
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
            assert "march\n" + text[window["start"] : window["end"]] in encoded


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
