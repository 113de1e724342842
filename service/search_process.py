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
from time import monotonic, perf_counter
from typing import Any

from service.answerer import OpenSnapshot
from service.batching import Offered
from service.encoded import Encoded
from service.outcomes import Outcome
from service.work import Work, waited_ms

CHILD = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from service.search_child import main
main(*sys.argv[2:])
"""
_ROOT = str(Path(__file__).resolve().parents[1])
# What lies in the pipe never fills it, so that who writes never waits: he holds a lock that the
# reader of the replies needs. Linux gives less to who has many pipes, unless asked for more.
PIPE, ROOM = 64 * 1024, 15 * 1024

# A question, its outcome, and the seconds the process took for it.
Told = Callable[[Encoded[Work], Outcome, float], None]

_log = logging.getLogger("quoth.search")


class SearchProcess:
    """The process for one opened snapshot, until it is told to end or does so by itself.

    What comes of a question is told on the thread that reads the replies: ``answered`` is given
    its outcome and the seconds it took, ``returned`` what has to be answered here. ``ready`` once
    it takes questions; ``ended_at``, in the clock's seconds, once it is gone.

    Raises OSError where it cannot be started.
    """

    def __init__(
        self,
        index_folder: Path,
        opened: OpenSnapshot,
        answered: Told,
        returned: Callable[[Encoded[Work]], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.opened = opened
        self.ready = False
        self.ended_at: float | None = None
        self._answered, self._returned, self._clock = answered, returned, clock
        self._sent: deque[tuple[Encoded[Work], int, float]] = deque()
        self._in_pipe, self._told_at = 0, 0.0
        self._lock = threading.Lock()
        self._wanted = True
        self._child = _start(index_folder, opened)
        self._thread = threading.Thread(target=self._receive, name="search", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._child.kill()
            raise

    @property
    def pending(self) -> int:
        """Questions it has that are not answered."""
        return len(self._sent)

    def offer(self, encoded: Encoded[Work]) -> Offered:
        """Takes the question, or has no room now, or will never take it."""
        key = encoded.asking.key
        if encoded.vector is None or key.question.answer or key.opened is not self.opened:
            return "never"
        frame = _frame(encoded)
        with self._lock:
            # Its own check of a large snapshot may find damage later than ours has.
            damaged = self.opened.snapshot.check.problem is not None
            if not self.ready or damaged or len(frame) > ROOM:
                return "never"
            if self._in_pipe + len(frame) > ROOM:
                return "full"
            self._in_pipe += len(frame)
            self._sent.append((encoded, len(frame), perf_counter()))
            # Where it has just ended, what it was sent is returned by the thread that notices.
            with suppress(OSError):
                self._child.stdin.write(frame)
                self._child.stdin.flush()
        return "taken"

    def is_late(self, seconds: float) -> bool:
        """Whether it has had a question for so long."""
        with self._lock:
            if not self._sent:
                return False
            sent_at = self._sent[0][2]
            return perf_counter() - max(sent_at, self._told_at) > seconds

    def finish(self) -> None:
        """It answers what it has, and ends; it takes nothing more."""
        with self._lock, suppress(OSError):
            self.ready = self._wanted = False
            self._child.stdin.close()

    def kill(self) -> None:
        """It ends at once; what it has is returned."""
        self._child.kill()

    def join(self, seconds: float) -> None:
        """Waits for its end for so long."""
        self._thread.join(seconds)

    def _receive(self) -> None:
        told, problem = self._child.stdout, None
        try:
            if line := told.readline():
                problem = json.loads(line).get("problem")
                with self._lock:
                    self.ready = problem is None and self._wanted
            while line := told.readline():
                head = json.loads(line)
                reply = told.read(head["bytes"])
                if len(reply) < head["bytes"]:
                    break  # it was killed as it wrote
                self._tell(head, reply)
        except Exception as error:  # whatever it is, nobody must be left waiting
            problem = repr(error)
        self._end(problem)

    def _tell(self, head: dict[str, Any], reply: bytes) -> None:
        outcome = None if head["failed"] else Outcome(told=reply, **head["outcome"])
        now = perf_counter()
        with self._lock:
            encoded, size, sent_at = self._sent.popleft()
            self._in_pipe -= size
            # It was begun when it came, or when the one before was told.
            seconds, self._told_at = now - max(sent_at, self._told_at), now
        if outcome is None:
            self._returned(encoded)
        else:
            self._answered(encoded, outcome, seconds)

    def _end(self, problem: str | None) -> None:
        self._child.kill()
        with self._lock:
            wanted, self.ready = self._wanted, False
            left = [encoded for encoded, _, _ in self._sent]
            self._sent.clear()
        for encoded in left:
            self._returned(encoded)
        status = self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                pipe.close()
        if problem or wanted:
            extra = {"reason": problem or f"it ended with status {status}"}
            _log.warning("search process ended", extra=extra)
        self.ended_at = self._clock()


def _start(index_folder: Path, opened: OpenSnapshot) -> subprocess.Popen[bytes]:
    snapshot, path = opened.snapshot, json.dumps([*map(str, sys.path), _ROOT])
    named = [str(index_folder.resolve()), snapshot.version, snapshot.created_at]
    return subprocess.Popen(
        # With the import path of this process and none of its secrets.
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", CHILD, path, *named],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pipesize=PIPE,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        # Ctrl-C is for the service, which lets what is in work finish.
        start_new_session=True,
    )


def _frame(encoded: Encoded[Work]) -> bytes:
    """The question as the other process reads it: a line of JSON, then the bytes of its vector and
    of its dense candidates, where they are known.
    """
    question, vector = encoded.asking.key.question, encoded.vector.tobytes()
    nearest = None if encoded.nearest is None else encoded.nearest.tobytes()
    head = {
        "text": question.text,
        "top_k": question.top_k,
        "filter": question.wanted.source if question.wanted else None,
        "asked_at": encoded.begun_at,
        "encoded_at": encoded.encoded_at,
        "wait_ms": waited_ms(encoded),
        "vector_bytes": len(vector),
        "nearest_bytes": None if nearest is None else len(nearest),
        "nearest_seconds": encoded.nearest_seconds,
    }
    return json.dumps(head).encode() + b"\n" + vector + (nearest or b"")
