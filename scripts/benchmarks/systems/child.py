"""One system in a process of its own, spoken to in lines of JSON.

    child SYSTEM build MODEL PASSAGES FOLDER     builds once: {"seconds": …}
    child SYSTEM answer MODEL FOLDER             {"question": …, "count": …} → {"ids": …, "ms": …}

PASSAGES is a JSON file with ``ids``, ``texts`` and, where they are known, the path of a .npy
file with ``vectors``. What the system itself prints goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import TextIO

import numpy as np

from benchmarks.systems.contract import Given

# System → its module here, and the names of its two functions.
SYSTEMS = {
    "quoth": ("quoth", "builder", "asker"),
    "quoth-reading": ("quoth", "builder", "reading_asker"),
    "txtai-dense": ("txtai", "dense_builder", "asker"),
    "txtai-hybrid": ("txtai", "hybrid_builder", "asker"),
    "haystack": ("haystack", "builder", "asker"),
    "llamaindex": ("llamaindex", "builder", "asker"),
    "langchain": ("langchain", "builder", "asker"),
    "chroma": ("chroma", "builder", "asker"),
}


def main(arguments: Sequence[str]) -> None:
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    name, task, *places = arguments
    module, builder, asker = SYSTEMS[name]
    system = import_module(f"benchmarks.systems.{module}")
    model, *rest = map(Path, places)
    if task == "build":
        passages, folder = rest
        folder.mkdir(parents=True)
        build = getattr(system, builder)(model, _given(passages), folder)
        started = perf_counter()
        build()
        _say(replies, {"seconds": perf_counter() - started})
    else:
        _answer(getattr(system, asker)(model, rest[0]), replies)


def _answer(ask: Callable[[str, int], list[str]], replies: TextIO) -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        started = perf_counter()
        ids = ask(asked["question"], asked["count"])
        spent = (perf_counter() - started) * 1000
        _say(replies, {"ids": ids, "ms": spent})


def _given(path: Path) -> Given:
    told = json.loads(path.read_text(encoding="utf-8"))
    vectors = np.load(told["vectors"]) if told.get("vectors") else None
    return Given(told["ids"], told["texts"], vectors)


def _say(replies: TextIO, reply: object) -> None:
    replies.write(json.dumps(reply) + "\n")
    replies.flush()
