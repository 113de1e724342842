"""A second process that searches and cites while this one encodes and talks to the askers.

Python computes on one thread at a time, so two threads that search in one process answer hardly
more than one, and the event loop waits for them besides. The other process has the snapshot
mapped, as this one has, and no model. Where it ends, its questions are answered here, as they
would have been without it.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

from service.answerer import OpenSnapshot
from service.batching import Encoded, Offered
from service.outcomes import Outcome
from service.work import Work, waited_ms

CHILD = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from service.search_child import main
main(*sys.argv[2:])
"""
_ROOT = str(Path(__file__).resolve().parents[1])
# What lies in the pipe never fills it, so that who writes never waits: less than the least that
# a pipe holds (16 KiB on macOS).
ROOM = 15 * 1024

# A question, its outcome, and the seconds the process took for it.
Answered = Callable[[Encoded[Work], Outcome, float], None]

_log = logging.getLogger("quoth.search")


class SearchProcess:
    """The process for one opened snapshot, until ``close`` or until it ends by itself.

    What comes of a question is told on the thread that reads the replies: ``answered`` is given
    its outcome and the seconds it took, ``returned`` what has to be answered here. ``ready`` once
    it takes questions.
    """

    def __init__(
        self,
        index_folder: Path,
        opened: OpenSnapshot,
        answered: Answered,
        returned: Callable[[Encoded[Work]], None],
    ) -> None:
        self.opened = opened
        self.ready = self.ended = False
        self._answered, self._returned = answered, returned
        self._sent: deque[tuple[Encoded[Work], int, float]] = deque()
        self._in_pipe, self._told_at = 0, 0.0
        self._lock = threading.Lock()
        self._child = _start(index_folder, opened)
        self._thread = threading.Thread(target=self._receive, name="search", daemon=True)
        self._thread.start()

    @property
    def pending(self) -> int:
        """Questions it has that are not answered."""
        return len(self._sent)

    def offer(self, encoded: Encoded[Work]) -> Offered:
        """Takes the question, or has no room now, or will never take it."""
        work = encoded.asking
        if encoded.vector is None or work.key.question.answer or work.key.opened is not self.opened:
            return "never"
        frame = _frame(encoded)
        if len(frame) > ROOM:
            return "never"
        with self._lock:
            if not self.ready:
                return "never"
            if self._in_pipe + len(frame) > ROOM:
                return "full"
            self._in_pipe += len(frame)
            self._sent.append((encoded, len(frame), perf_counter()))
            # Where it has just ended, what it was sent is returned by the thread that notices.
            with suppress(OSError, ValueError):
                self._child.stdin.write(frame)
                self._child.stdin.flush()
        return "taken"

    def close(self) -> None:
        """It answers what it has, and ends."""
        with self._lock, suppress(OSError):
            self.ready = False
            self._child.stdin.close()

    def join(self, seconds: float) -> None:
        """Waits for its end, which was asked for, for so long."""
        self._thread.join(seconds)

    def _receive(self) -> None:
        told = self._child.stdout
        try:
            problem = json.loads(told.readline()).get("problem")
            with self._lock:
                self.ready = problem is None and not self._child.stdin.closed
            while line := told.readline():
                head = json.loads(line)
                self._tell(head, told.read(head["bytes"]))
        except ValueError as error:  # half a line, or none, is of one that was killed
            problem = f"it told {error}"
        self._end(problem)

    def _tell(self, head: dict[str, Any], reply: bytes) -> None:
        now = perf_counter()
        with self._lock:
            encoded, size, sent_at = self._sent.popleft()
            self._in_pipe -= size
        # It was begun when it came, or when the one before was told.
        seconds, self._told_at = now - max(sent_at, self._told_at), now
        if head["failed"]:
            self._returned(encoded)
        else:
            self._answered(encoded, Outcome(told=reply, **head["outcome"]), seconds)

    def _end(self, problem: str | None) -> None:
        with self._lock:
            asked_to = self._child.stdin.closed
            self.ready, self.ended = False, True
            left = [encoded for encoded, _, _ in self._sent]
            self._sent.clear()
        self._child.kill()
        status = self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                pipe.close()
        if problem or not asked_to:
            extra = {"reason": problem or f"it ended with status {status}"}
            _log.warning("search process ended", extra=extra)
        for encoded in left:
            self._returned(encoded)


def _start(index_folder: Path, opened: OpenSnapshot) -> subprocess.Popen[bytes]:
    snapshot, path = opened.snapshot, json.dumps([_ROOT, *sys.path])
    named = [str(index_folder.resolve()), snapshot.version, snapshot.created_at]
    return subprocess.Popen(
        # Isolated, with the import path of this process and nothing else of it.
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", CHILD, path, *named],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
    )


def _frame(encoded: Encoded[Work]) -> bytes:
    """The question as the other process reads it: a line of JSON, then its vector's bytes."""
    question, vector = encoded.asking.key.question, encoded.vector.tobytes()
    head = {
        "text": question.text,
        "top_k": question.top_k,
        "filter": question.wanted.source if question.wanted else None,
        "asked_at": encoded.begun_at,
        "encoded_at": encoded.encoded_at,
        "wait_ms": waited_ms(encoded),
        "vector_bytes": len(vector),
    }
    return json.dumps(head).encode() + b"\n" + vector
