"""Files → documents in their order, parsed ahead of their use by child processes with limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event

from index.closing import Closing
from index.documents import read_document
from index.documents.folder import Source
from index.documents.sandbox import ParseLimits, Sandbox
from index.errors import UnreadableDocument
from index.records import Document
from index.runtimes import usable_processors

# Files being parsed or waiting, for each parser; more would only take memory.
WAITING = 8
MOST_PARSERS = 8


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A source with its size in bytes as the folder was listed; 0 where that is unknown."""

    source: Source
    bytes: int

    @classmethod
    def of(cls, source: Source) -> FoundFile:
        try:
            return cls(source, source.path.stat().st_size)
        except OSError:  # reading it will say what is the matter
            return cls(source, 0)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What became of a file of so many bytes: a document, or the reason why not."""

    uri: str
    bytes: int
    document: Document | None
    failure: str = ""


class Reader(Closing):
    """Reads files ahead, some at once, while those waiting have under ``most_bytes``.

    ``close`` it from any thread, or use ``with``: what is being parsed is given up.
    """

    def __init__(self, limits: ParseLimits, most_bytes: int) -> None:
        # The other half of the processors has enough to do with what was read.
        parsers = max(1, min(MOST_PARSERS, usable_processors() // 2))
        self._most_files, self._most_bytes = WAITING * parsers, most_bytes
        self._sandboxes = [Sandbox(limits) for _ in range(parsers)]
        self._free: SimpleQueue[Sandbox] = SimpleQueue()
        for sandbox in self._sandboxes:
            self._free.put(sandbox)
        self._threads = ThreadPoolExecutor(parsers, thread_name_prefix="read")
        self._stopped = Event()

    def read(self, files: Sequence[FoundFile]) -> Iterator[ReadFile]:
        """Every file in order, whatever came of it; ends early where it is closed."""
        waiting: deque[tuple[int, Future[ReadFile]]] = deque()
        held = 0
        for file in files:
            while waiting and (
                len(waiting) >= self._most_files or held + file.bytes > self._most_bytes
            ):
                size, first = waiting.popleft()
                yield first.result()
                held -= size
            if self._stopped.is_set():
                return
            waiting.append((file.bytes, self._threads.submit(self._read, file)))
            held += file.bytes
        for _, first in waiting:
            yield first.result()

    def close(self) -> None:
        self._stopped.set()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for sandbox in self._sandboxes:
            sandbox.kill()
        self._threads.shutdown()
        for sandbox in self._sandboxes:
            sandbox.close()

    def _read(self, file: FoundFile) -> ReadFile:
        source, sandbox = file.source, self._free.get()
        try:
            document = read_document(source, sandbox.parse)
        except UnreadableDocument as error:
            reason = str(error).removeprefix(f"{source.uri}: ")
            return ReadFile(source.uri, file.bytes, None, reason)
        finally:
            self._free.put(sandbox)
        return ReadFile(source.uri, file.bytes, document)
