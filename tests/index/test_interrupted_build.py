"""Builds that end too soon: killed, on a full disk, by their encoder. What was published stays."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index import encoding
from index.build import BuildSettings, build
from index.errors import EncodingFailed, OversizedPassage
from index.journal import FILE
from index.pointer import SNAPSHOTS, read_pointer
from index.publication import DRAFT
from index.snapshot import Snapshot
from index.verification import verify

# Texts encoded between two writings to the journal, in these tests.
SLICE = 4
# Kills itself when it has written so much of its n-th record slice to the journal.
KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, "tests/index")
from word_encoder import WordEncoder
from index import encoding
from index.build import build
from index.journal import EncodingJournal
documents, index, encoding.SLICE, writes, share = sys.argv[1:]
encoding.SLICE = int(encoding.SLICE)
left, write = int(writes), EncodingJournal._write
def dying(journal, data):
    global left
    left -= 1
    if left:
        return write(journal, data)
    write(journal, data[: int(len(data) * float(share))])
    os.kill(os.getpid(), signal.SIGKILL)
EncodingJournal._write = dying
build([Path(documents)], Path(index), WordEncoder())
"""
# Builds where no file may grow over so many bytes: writing fails as on a full disk.
FULL = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, "tests/index")
from word_encoder import WordEncoder
from index.build import build
from index.errors import IndexNotWritable
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
encoder = WordEncoder()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    build([Path(sys.argv[1])], Path(sys.argv[2]), encoder)
except IndexNotWritable as error:
    print(error)
"""


@pytest.fixture
def long_folder(folder):
    """About forty windows, all different, in four documents."""
    text = " ".join(f"Number {n} marches on through the deep snow." for n in range(300))
    (folder / "long.txt").write_text(text, encoding="utf-8")
    return folder


def in_a_process(program, *arguments):
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": "."},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_killed_build_goes_on_from_what_it_had(long_folder, words, monkeypatch, tmp_path):
    """Killed three times, in the midst of writing: only what no journal held is encoded again,
    and the snapshot is that of a build that was left alone.
    """
    monkeypatch.setattr(encoding, "SLICE", SLICE)
    whole = build([long_folder], tmp_path / "whole", words)
    index = tmp_path / "index"
    kept = 0
    # The first writing of a new journal is its head; a killed one's rest is cut off.
    for writes, share in ((3, 0.6), (2, 0.99), (1, 0.0)):
        ended = in_a_process(KILLED, long_folder, index, SLICE, writes, share)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        slices = writes - 1 - (kept == 0)
        kept += SLICE * slices + int(share * SLICE)
        assert not (index / "current.json").exists()
    words.encoded.clear()
    report = build([long_folder], index, words)
    assert (report.resumed, report.reused, report.encoded) == (kept, 0, whole.encoded - kept)
    assert len(words.encoded) == report.encoded > 0
    assert report.version == whole.version
    assert verify(index) == []
    assert not (index / FILE).exists()
    assert [path.name for path in (index / SNAPSHOTS).iterdir()] == [report.version]


def test_a_killed_rebuild_leaves_what_answers(built, long_folder, words):
    """The old snapshot stays published; the next build takes from it and from the journal."""
    before = read_pointer(built)
    known = len(Snapshot.open(built).windows)
    ended = in_a_process(KILLED, long_folder, built, SLICE, 3, 1.0)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert read_pointer(built) == before
    assert verify(built) == []
    report = build([long_folder], built, words)
    assert (report.reused, report.resumed) == (known, 2 * SLICE)


@pytest.mark.parametrize("most", [0, 3_000, 7_000])
def test_a_full_disk_is_told_in_one_sentence(built, long_folder, words, most):
    """Wherever writing fails, the old snapshot stays, the draft goes, the next build succeeds."""
    before = read_pointer(built)
    ended = in_a_process(FULL, long_folder, built, most)
    assert "make room or name another --index" in ended.stdout, ended.stdout + ended.stderr
    assert ended.stdout.count("\n") == 1
    assert read_pointer(built) == before
    assert not (built / SNAPSHOTS / DRAFT).exists()
    assert verify(built) == []
    report = build([long_folder], built, words)
    assert report.version == build([long_folder], built.parent / "other", words).version


@pytest.mark.parametrize("fault", [RuntimeError("out of luck"), MemoryError(), "nan"])
def test_a_failing_encoder_loses_nothing(built, long_folder, words, monkeypatch, fault):
    """One sentence names it; what it had encoded is not encoded again."""
    monkeypatch.setattr(encoding, "SLICE", SLICE)
    before, encode = read_pointer(built), words.encode_passages

    def failing(texts):
        if len(words.encoded) >= 3 * SLICE:
            if fault == "nan":
                return np.full((len(texts), 32), np.nan, dtype=np.float32)
            raise fault
        return encode(texts)

    monkeypatch.setattr(words, "encode_passages", failing)
    with pytest.raises(EncodingFailed, match=r"encoder words failed .*goes on from what"):
        build([long_folder], built, words)
    assert read_pointer(built) == before
    assert not (built / SNAPSHOTS / DRAFT).exists()
    monkeypatch.setattr(words, "encode_passages", encode)
    assert build([long_folder], built, words).resumed == 3 * SLICE


def test_an_error_in_the_midst_of_chunking_stops_the_build(built, long_folder, words, monkeypatch):
    """What fails on the other thread is told as if it were this one's."""

    def oversized(texts):
        return [300 if "Number 99" in text else 5 for text in texts]

    before = read_pointer(built)
    monkeypatch.setattr(words, "count_tokens", oversized)
    with pytest.raises(OversizedPassage, match=r"long\.txt has 300 word pieces"):
        build([long_folder], built, words)
    assert read_pointer(built) == before


@pytest.mark.parametrize("memory_mb", [64, 4096])
def test_memory_changes_nothing_that_is_built(long_folder, words, tmp_path, memory_mb, monkeypatch):
    """Lots of any size give the same bytes."""
    usual = build([long_folder], tmp_path / "usual", words)
    if memory_mb == 64:
        monkeypatch.setattr(BuildSettings, "lot_windows", 3)
    settings = BuildSettings(memory_mb=memory_mb)
    assert build([long_folder], tmp_path / "other", words, settings).version == usual.version
