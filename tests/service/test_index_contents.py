"""An index folder described from its manifest and its files."""

from __future__ import annotations

import json
import os

from index.build import build
from index.pointer import SNAPSHOTS
from index.snapshot import Snapshot
from service.index_contents import document_json, index_contents


def bytes_below(folder):
    return sum(
        os.path.getsize(os.path.join(place, name))  # noqa: PTH118, PTH202
        for place, _, names in os.walk(folder)
        for name in names
    )


def test_versions_parent_and_sizes_are_those_of_the_files(encoder, tmp_path):
    """Two builds: the second follows the first, which is kept; sizes are the disk's own."""
    notes, index = tmp_path / "notes", tmp_path / "index"
    notes.mkdir()
    (notes / "one.txt").write_text("The lease ends on 30 April 2027.")
    first = build([notes], index, encoder).version
    (notes / "two.txt").write_text("The heating is paid by the landlord.")
    second = build([notes], index, encoder).version
    contents = index_contents(index)
    assert (contents.version, contents.parent) == (second, first)
    assert [each.version for each in contents.versions] == [second, first]
    assert [each.published for each in contents.versions] == [True, False]
    for each in contents.versions:
        assert each.bytes == bytes_below(index / SNAPSHOTS / each.version)
    told = contents.to_json()
    parts = {k: v for k, v in told["bytes"].items() if k != "total"}
    manifest = index / SNAPSHOTS / second / "manifest.json"
    assert sum(parts.values()) == told["bytes"]["total"]
    assert told["bytes"]["total"] == contents.versions[0].bytes - manifest.stat().st_size
    assert told["documents"] == 2
    json.dumps(told)


def test_a_document_counts_its_passages(seed_index):
    """As the API does, and all of it is JSON."""
    snapshot = Snapshot.open(seed_index)
    told = [document_json(entry) for entry in snapshot.documents]
    assert sum(each["passages"] for each in told) == snapshot.manifest.passages
    assert [each["uri"] for each in told] == ["drills.md", "notes/garden.md", "notes/kitchen.txt"]
    json.dumps(told)
