"""What a build is told: how large its lots are."""

from itertools import islice

import pytest

from index.build import build
from index.build_records import BuildSettings


@pytest.mark.parametrize(
    ("memory_mb", "sizes"),
    [
        (512, [128, 512, 2048, 2048]),
        (64, [128, 512, 512, 512]),
        (8, [64, 64, 64, 64]),
    ],
)
def test_lots_grow_to_what_memory_allows(memory_mb, sizes):
    """An eighth of the memory holds two lots of 8 KiB a window."""
    assert list(islice(BuildSettings(memory_mb=memory_mb).lot_sizes(), 4)) == sizes


def test_encoding_begins_with_a_small_lot(folder, words, tmp_path, monkeypatch):
    """What is encoded first is not all there is."""
    monkeypatch.setattr("index.build_records.FIRST_WINDOWS", 1)
    lots, encode = [], words.encode_passages
    monkeypatch.setattr(
        words, "encode_passages", lambda texts: lots.append(len(texts)) or encode(texts)
    )
    for number in range(9):
        (folder / f"more{number}.txt").write_text(f"Number {number} marches.", encoding="utf-8")
    build([folder], tmp_path / "index", words)
    assert lots[:2] == [1, 4]
