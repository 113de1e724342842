"""Which vectors are known, against a dictionary of whole keys."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.known_vectors import KeyTable, PublishedVectors
from index.snapshot import Snapshot

KEYS = st.lists(st.binary(min_size=1, max_size=1), max_size=8)


def keys_of(firsts):
    """Keys that differ in their first byte alone."""
    table = np.full((len(firsts), 32), 7, dtype=np.uint8)
    table[:, 0] = [first[0] for first in firsts]
    return table


@given(added=st.lists(KEYS, max_size=4), asked=KEYS)
def test_a_key_table_finds_what_a_dictionary_finds(added, asked):
    """The first row of each key, in however many steps they were added."""
    table, expected, row = KeyTable(), {}, 0
    for firsts in added:
        table.add(keys_of(firsts), np.arange(row, row + len(firsts)))
        for first in firsts:
            expected.setdefault(first, row)
            row += 1
    assert table.find(keys_of(asked)).tolist() == [expected.get(first, -1) for first in asked]


def test_published_vectors_are_found_by_their_whole_keys(built, words, other_words):
    """Each window's, in any order; a key that only begins alike is another's."""
    snapshot = Snapshot.open(built)
    keys = np.array(snapshot.windows["encoded_sha256"])
    stored = np.array(snapshot.dense.vectors)
    with PublishedVectors(built, words.identity) as published:
        rows = published.find(keys[::-1])
        assert rows.tolist() == list(range(len(keys)))[::-1]
        np.testing.assert_array_equal(published.take(rows), stored[::-1])
        keys[:, 31] ^= 1
        assert (published.find(keys) == -1).all()
    with PublishedVectors(built, other_words.identity) as published:
        assert (published.find(np.array(snapshot.windows["encoded_sha256"])) == -1).all()


def test_nothing_is_known_where_nothing_was_published(words, tmp_path):
    """An index folder that is not there yet is no error."""
    build_folder = tmp_path / "none"
    with PublishedVectors(build_folder, words.identity) as published:
        assert published.find(np.zeros((2, 32), np.uint8)).tolist() == [-1, -1]
    assert not build_folder.exists()
