"""Readings that are remembered."""

from __future__ import annotations

from dataclasses import replace

from service.evaluation.kept_readings import KeptReadings
from service.reading.records import ShownPassage

PASSAGES = [ShownPassage("T", text) for text in ("Rain in Wales.", "Sun in Spain.", "Snow.")]


def always():
    return True


def test_nothing_is_read_twice(reading_bench):
    """What was read comes from memory, in the order asked for, and equals a fresh reading."""
    reader = reading_bench.reader.reader
    fresh = reader.read("where is rain?", PASSAGES, always)
    kept, before = KeptReadings(reader), reader.reads
    kept.read("where is rain?", PASSAGES[:2], always)
    again = kept.read("where is rain?", PASSAGES[::-1], always)
    assert again == fresh[::-1]
    assert reader.reads - before == len(PASSAGES)
    kept.read("where is sun?", PASSAGES[:1], always)
    assert reader.reads - before == len(PASSAGES) + 1


def test_file(reading_bench, tmp_path):
    """A later run reads from the file; a line cut off and another reader's file are passed over."""
    reader = reading_bench.reader.reader
    first = KeptReadings(reader, tmp_path).read("where?", PASSAGES[:2], always)
    (file,) = tmp_path.iterdir()
    with file.open("a", encoding="utf-8") as cut:
        cut.write('["half a li')
    before = reader.reads
    later = KeptReadings(reader, tmp_path)
    assert later.read("where?", PASSAGES[:2], always) == first
    assert reader.reads == before
    later.read("where?", PASSAGES, always)
    assert reader.reads == before + 1
    KeptReadings(reader, tmp_path).read("where?", PASSAGES, always)
    assert reader.reads == before + 1
    others = [
        {"weights_sha256": "3" * 64},
        {"precision": "int8+float32", "scales_sha256": "4" * 64},
        {"precision": "int8+float32", "scales_sha256": "5" * 64},
    ]
    for own in others:
        other = type(reader)()
        other.identity = replace(reader.identity, **own)
        KeptReadings(other, tmp_path).read("where?", PASSAGES[:2], always)
        assert other.reads == 2


def test_time_is_up(reading_bench):
    """Where the reader stops early, what follows is not read, even if more is remembered."""
    kept = KeptReadings(reading_bench.reader.reader)
    kept.read("where?", [PASSAGES[2]], always)
    assert len(kept.read("where?", PASSAGES, lambda: False)) == 1


def test_the_same_text_cut_into_other_sentences_is_another_passage(reading_bench):
    """Where paragraphs and sentences begin changes what may answer."""
    reader = reading_bench.reader.reader
    kept, before = KeptReadings(reader), reader.reads
    for passage in (
        PASSAGES[0],
        replace(PASSAGES[0], breaks=(5,)),
        replace(PASSAGES[0], sentences=(5,)),
        replace(PASSAGES[0], sentences=(5,)),
    ):
        kept.read("where?", [passage], always)
    assert reader.reads - before == 3


def test_columns_and_another_way_of_reading_make_another_reading(reading_bench, monkeypatch):
    """The same text as part of a table; and what an older version kept."""
    reader = reading_bench.reader.reader
    kept, before = KeptReadings(reader), reader.reads
    others = ({}, {"columns": ("Place",)}, {"headings": (0,)}, {"is_record": True})
    kept.read("where?", [replace(PASSAGES[0], **other) for other in others], always)
    assert reader.reads - before == 4
    monkeypatch.setattr("service.evaluation.kept_readings.REVISION", 1)
    kept.read("where?", PASSAGES[:1], always)
    assert reader.reads - before == 5
