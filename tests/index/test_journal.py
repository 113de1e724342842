"""The encoding journal: what it keeps through a crash, and what it refuses."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.journal import FILE, EncodingJournal

RECORD = 32 + 4 * 32 + 8


@pytest.fixture
def records():
    """Six keys and their vectors."""
    random = np.random.default_rng(5)
    keys = random.integers(0, 256, (6, 32), dtype=np.uint8)
    return keys, random.normal(size=(6, 32)).astype(np.float32)


def written(folder, encoder, keys, vectors):
    (folder / FILE).unlink(missing_ok=True)
    with EncodingJournal(folder, encoder.identity) as journal:
        journal.append(keys[:4], vectors[:4])
        journal.append(keys[4:], vectors[4:])
    return folder / FILE


def test_what_was_appended_is_found_by_the_next_process(words, records, tmp_path):
    """Every vector bit for bit, and all of them count as resumed."""
    keys, vectors = records
    written(tmp_path, words, keys, vectors)
    with EncodingJournal(tmp_path, words.identity) as journal:
        assert journal.resumed == 6
        rows = journal.find(keys)
        np.testing.assert_array_equal(journal.take(rows), vectors)
        other = keys.copy()
        other[:, 31] ^= 1
        assert (journal.find(other) == -1).all()


def test_what_is_appended_now_is_known_but_not_resumed(words, records, tmp_path):
    """Equal texts in later lots take the vector of the first."""
    keys, vectors = records
    with EncodingJournal(tmp_path, words.identity) as journal:
        journal.append(keys, vectors)
        assert (journal.resumed, journal.find(keys).tolist()) == (0, [*range(6)])
        np.testing.assert_array_equal(journal.take(np.array([3, 1])), vectors[[3, 1]])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_journal_cut_off_anywhere_keeps_what_stands_before(data, words, records, tmp_path):
    """Whatever a crash leaves of the file, whole records are kept and new ones follow them."""
    keys, vectors = records
    path = written(tmp_path, words, keys, vectors)
    whole = path.read_bytes()
    begin = len(whole) - 6 * RECORD
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    kept = max(0, cut - begin) // RECORD
    with EncodingJournal(tmp_path, words.identity) as journal:
        assert (journal.find(keys) >= 0).tolist() == [row < kept for row in range(6)]
        journal.append(keys[kept:], vectors[kept:])
    assert path.read_bytes() == whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 6 * RECORD - 1), bit=st.integers(0, 7))
def test_a_damaged_record_is_not_used(place, bit, words, records, tmp_path):
    """One bit turned anywhere costs its own record and no other."""
    keys, vectors = records
    path = written(tmp_path, words, keys, vectors)
    data = bytearray(path.read_bytes())
    data[len(data) - 6 * RECORD + place] ^= 1 << bit
    path.write_bytes(data)
    with EncodingJournal(tmp_path, words.identity) as journal:
        found = journal.find(keys) >= 0
    assert found.tolist() == [row != place // RECORD for row in range(6)]


def test_another_encoder_s_journal_is_begun_anew(words, other_words, records, tmp_path):
    """Its vectors are of no use; a path or name alone makes no other encoder."""
    written(tmp_path, words, *records)
    with EncodingJournal(tmp_path, other_words.identity) as journal:
        assert (journal.find(records[0]) == -1).all()
    with EncodingJournal(tmp_path, words.identity) as journal:
        assert journal.resumed == 0


def test_a_discarded_or_empty_journal_leaves_no_file(words, records, tmp_path):
    """It is there only while it is good for something."""
    with EncodingJournal(tmp_path, words.identity):
        pass
    assert list(tmp_path.iterdir()) == []
    written(tmp_path, words, *records)
    with EncodingJournal(tmp_path, words.identity) as journal:
        journal.discard()
    assert list(tmp_path.iterdir()) == []
