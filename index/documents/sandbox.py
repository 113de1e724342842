"""Parsing in a child process: a broken or hostile file costs one sentence, never the build.

One child reads many files, for starting one costs more than most files do. It is ended when it
takes too long or too much, and the next file gets a new one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.closing import Closing
from index.documents.deadline import Deadline
from index.documents.extract import Extract
from index.documents.wire import from_line, to_extract
from index.errors import UnreadableDocument

# Isolated and without site: the child has the parent's import path and nothing else of it.
CHILD = """\
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from index.documents.child import main
main(int(sys.argv[2]), float(sys.argv[3]))
"""
_FLAGS = ("-I", "-S", "-B", "-W", "ignore", "-X", "utf8")
_ROOT = str(Path(__file__).resolve().parents[2])
_MIB = 1024**2
LONGEST_REPLY = 512 * _MIB
"""Bytes of an extract on its way here; the parent must hold it, too."""


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What one file may take: wall-clock seconds, and MiB of address space with all parsers."""

    seconds: float = 60.0
    memory_mb: int = 2048


class Sandbox(Closing):
    """Parses files one after another, from one thread; ``close`` it, or use ``with``."""

    def __init__(self, limits: ParseLimits = ParseLimits()) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._deadline = Deadline()

    def parse(self, data: bytes, uri: str) -> Extract:
        """As ``parsing.parse``, within the limits. Raises UnreadableDocument."""
        child = self._child = self._child or self._start()
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            child.kill()

        self._deadline.begin(self._limits.seconds, end)
        try:
            reply = _exchange(child, data, uri)
        finally:
            self._deadline.cancel()
        if is_late.is_set():
            self.close()
            raise UnreadableDocument(
                f"parsing it took over {self._limits.seconds:g} seconds (QUOTH_PARSE_SECONDS); "
                "split it, or convert it to text"
            )
        if reply is None:
            raise UnreadableDocument(self._death())
        if reply.get("out_of_memory"):
            self.close()
            raise UnreadableDocument(
                f"parsing it takes over {self._limits.memory_mb} MiB (QUOTH_PARSE_MEMORY_MB); "
                "split it, or convert it to text"
            )
        if "error" in reply:
            raise UnreadableDocument(reply["error"])
        return to_extract(reply)

    def kill(self) -> None:
        """Ends the child, from any thread: what it parses is given up."""
        if child := self._child:
            child.kill()

    def close(self) -> None:
        """Ends the child; a later ``parse`` starts another."""
        self._deadline.close()
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        with suppress(BrokenPipeError):
            child.stdin.close()
        child.stdout.close()
        child.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        path = json.dumps([_ROOT, *sys.path])
        memory = str(self._limits.memory_mb * _MIB)
        return subprocess.Popen(
            [sys.executable, *_FLAGS, "-c", CHILD, path, memory, str(self._limits.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            cwd="/",
        )

    def _death(self) -> str:
        """Why there is no reply: the child has gone, and says no more than its exit status."""
        child = self._child
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=1)
        code = child.returncode
        self.close()
        how = f"by {signal.Signals(-code).name}" if code and code < 0 else f"with status {code}"
        return (
            f"its parser ended {how}, as it does where a file is broken or needs more than "
            f"{self._limits.memory_mb} MiB (QUOTH_PARSE_MEMORY_MB); convert it to text"
        )


def _exchange(child: subprocess.Popen[bytes], data: bytes, uri: str) -> dict[str, Any] | None:
    """The reply, or None where the child is gone before it is whole."""
    try:
        request = {"uri": uri, "bytes": len(data), "longest_reply": LONGEST_REPLY}
        child.stdin.write(json.dumps(request).encode() + b"\n")
        child.stdin.write(data)
        child.stdin.flush()
        return from_line(child.stdout.readline(LONGEST_REPLY))
    except (OSError, ValueError):
        return None
