"""What ``search_process.py`` starts: searches one snapshot and cites, question by question.

It gets a line of JSON, the question's vector and, where they were found ahead, its dense candidates
over its standard input and writes a line of JSON and the reply over its standard output; it ends
where its input does, so it never outlives the service.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from index.errors import QuothError
from index.filters import parse_filter
from index.retriever import Retriever
from index.runtimes import search_on_one_thread
from index.snapshot import Snapshot
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question
from service.outcomes import outcome_of


def main(index_folder: str, version: str, created_at: str) -> None:
    """Answers until its input ends. Its first line is empty JSON once it is ready, or says what
    the matter is.
    """
    # A stop of the whole group is for the service, which lets what is in work finish.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    try:
        snapshot = Snapshot.open(Path(index_folder), version)
    except (QuothError, OSError) as error:
        _tell(told, {"problem": str(error)})
        return
    # A version is of one content; when it was published is as the service has it.
    snapshot.created_at = created_at
    opened = OpenSnapshot(snapshot, Retriever(snapshot, encoder=None))
    search_on_one_thread()
    gc.collect()
    gc.freeze()  # as the service itself does (``serving.py``)
    _tell(told, {})
    while line := asked.readline():
        request = json.loads(line)
        vector = np.frombuffer(asked.read(request["vector_bytes"]), dtype=np.float32)
        known = request["nearest_bytes"]
        nearest = None if known is None else np.frombuffer(asked.read(known), dtype=np.int64)
        _tell(told, *_answered(opened, request, vector, nearest))


def _answered(
    opened: OpenSnapshot,
    request: Mapping[str, Any],
    vector: np.ndarray,
    nearest: np.ndarray | None,
) -> tuple[dict[str, Any], bytes]:
    """What is told of a question, and its reply. Where it failed nothing is said of why: the
    service asks itself again, and then says so in its own way.
    """
    source = request["filter"]
    try:
        wanted = None if source is None else parse_filter(json.loads(source))
        question = Question(request["text"], request["top_k"], wanted, answer=False)
        times = request["asked_at"], request["encoded_at"]
        encoded = EncodedQuestion(question, vector, *times, nearest, request["nearest_seconds"])
        outcome = asdict(outcome_of(answer_question(encoded, opened, ""), request["wait_ms"]))
    except Exception:
        return {"failed": True, "bytes": 0}, b""
    reply = outcome.pop("told")
    return {"failed": False, "outcome": outcome, "bytes": len(reply)}, reply


def _tell(told: BinaryIO, head: Mapping[str, Any], body: bytes = b"") -> None:
    told.write(json.dumps(head).encode() + b"\n" + body)
    told.flush()
