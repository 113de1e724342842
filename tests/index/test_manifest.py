"""What a manifest says, and bytes that are none."""

import json

import pytest

from index import manifest as manifests
from index.errors import CorruptSnapshot, IncompatibleSnapshot
from index.pointer import (
    SNAPSHOTS,
    read_pointer,
)
from index.snapshot import Snapshot


def folder_of(index_folder):
    return index_folder / SNAPSHOTS / read_pointer(index_folder).version


def test_another_format_is_told_with_both_sides_and_the_remedy(built):
    """A snapshot of a later Quoth is not guessed at."""
    path = folder_of(built) / manifests.FILE
    value = json.loads(path.read_bytes()) | {"format": 99}
    path.write_text(json.dumps(value))
    with pytest.raises(IncompatibleSnapshot, match=r"format 99.*format 3.*quoth build"):
        Snapshot.open(built)


@pytest.mark.parametrize("manifest", [b"[]", b"", b"{", b"null", b'{"format": 3}'])
def test_a_manifest_that_is_none_is_named(built, manifest):
    """Its bytes are not those published, whatever they parse to."""
    (folder_of(built) / manifests.FILE).write_bytes(manifest)
    with pytest.raises(CorruptSnapshot, match=manifests.FILE):
        Snapshot.open(built)
