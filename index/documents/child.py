"""The process that parses: requests on stdin, one line of JSON per file on stdout.

A request is a line ``{"uri": …, "bytes": n, "longest_reply": m}`` and n bytes; the reply is the
extract, in m bytes or fewer, or ``{"error": why}``. The file's bytes come over the pipe, so
nothing here opens a file of the user's; the limits are set before any parser is imported.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import BinaryIO

from index.documents.parsing import parse
from index.documents.wire import error_line, to_line
from index.errors import UnreadableDocument

_SPARE_CPU_SECONDS = 5  # the parent's clock comes first; this ends a child whose parent is gone
_TOO_LONG = "its text and paragraphs take over {} bytes, more than is read of one file; split it"


def main(memory_bytes: int, seconds: float) -> None:
    """Serves until stdin ends."""
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),  # a parser has nothing to write
    ):
        _, hard = resource.getrlimit(limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (value, value))
    # Libraries print what they like; only replies may reach the pipe.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    while header := requests.readline():
        request = json.loads(header)
        _allow_cpu(seconds)
        reply = _reply(request["uri"], requests, request["bytes"])
        if len(reply) > request["longest_reply"]:
            reply = error_line({"error": _TOO_LONG.format(request["longest_reply"])})
        replies.write(reply)
        replies.flush()


def _reply(uri: str, requests: BinaryIO, size: int) -> bytes:
    try:
        return to_line(parse(requests.read(size), uri))
    except UnreadableDocument as error:
        out_of_memory = isinstance(error.__cause__, MemoryError)
        return error_line({"error": str(error), "out_of_memory": out_of_memory})
    except MemoryError:
        return error_line({"error": "", "out_of_memory": True})


def _allow_cpu(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds + _SPARE_CPU_SECONDS)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
