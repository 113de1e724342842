"""Measure what Quoth costs on this machine: building a folder, opening it, asking it, reading.

    .venv/bin/python scripts/benchmark.py FOLDER --questions QUESTIONS.jsonl

Questions are asked in process, one at a time, in a shuffled order that a seed fixes, after
a warm-up; a question file has one JSON object with a "question" a line. Each is asked with
and without the reader, in turns, so that both meet the same machine.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from index.build import build
from index.encoder import Encoder
from index.encoders import load_encoder
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question
from service.reader import open_reader
from service.reading.loading import LoadedReader, ReadingSettings
from service.reading.records import ShownPassage

WARM_UP = 5
# What is read to time reading alone: so many passages of so many words, each one word piece.
READ_PASSAGES, READ_WORDS = 5, 200
# No budget: what a reading costs is measured, not when it would be stopped.
UNBOUNDED = ReadingSettings(budget_ms=60_000)
DEFAULT_QUESTIONS = Path(__file__).parent.parent / "tests" / "questions" / "seeds.jsonl"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the documents to build from")
    parser.add_argument("--questions", type=Path, default=DEFAULT_QUESTIONS)
    parser.add_argument("--repeat", type=int, default=3, help="times each question is asked")
    chosen = parser.parse_args()
    lines = chosen.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines] * chosen.repeat
    random.Random(0).shuffle(questions)

    started = perf_counter()
    encoder = load_encoder()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    row("load encoder", [perf_counter() - started], "s")
    started = perf_counter()
    reader = open_reader(None)
    row("load reader", [perf_counter() - started], "s")
    if reader is not None:
        measure_reading(questions, reader)
    with tempfile.TemporaryDirectory() as folder:
        index_folder = Path(folder)
        measure_build(chosen.folder, index_folder, encoder)
        measure_asking(questions, index_folder, encoder, reader)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory':<24}{peak:10.0f} MB")


def measure_build(documents: Path, index_folder: Path, encoder: Encoder) -> None:
    started = perf_counter()
    report = build([documents], index_folder, encoder)
    seconds = perf_counter() - started
    print(f"{len(report.indexed)} documents, {report.passages} passages, {report.encoded} windows")
    row("build", [seconds], "s")
    print(f"{'':<24}{report.passages / seconds:10.1f} passages/s")
    started = perf_counter()
    build([documents], index_folder, encoder)
    row("build again, unchanged", [perf_counter() - started], "s")


def measure_reading(questions: Sequence[str], loaded: LoadedReader) -> None:
    """The reader alone, over passages of one length."""
    passages = [ShownPassage("", " ".join(["soldier"] * READ_WORDS))] * READ_PASSAGES
    spent = []
    for text in questions[:WARM_UP] + list(questions):
        started = perf_counter()
        loaded.reader.read(text, passages, lambda: True)
        spent.append((perf_counter() - started) * 1000)
    row(f"read {READ_PASSAGES} × {READ_WORDS} pieces", spent[WARM_UP:], "ms")


def measure_asking(
    questions: Sequence[str], index_folder: Path, encoder: Encoder, reader: LoadedReader | None
) -> None:
    started = perf_counter()
    snapshot = Snapshot.open(index_folder)
    row("open and verify", [perf_counter() - started], "s")
    retriever = Retriever(snapshot, encoder)
    settings = {"ask": OpenSnapshot(snapshot, retriever)}
    if reader is not None:
        for depth in (5, 10):
            reading = ReadingSettings(depth=depth, budget_ms=UNBOUNDED.budget_ms)
            settings[f"ask, read {depth}"] = OpenSnapshot(snapshot, retriever, reader, reading)
    timings = {
        name: {stage: [] for stage in ("encode", "search", "read", "total")} for name in settings
    }
    for place, text in enumerate(questions[:WARM_UP] + list(questions)):
        for name, opened in settings.items():
            asked = perf_counter()
            vector = encoder.encode_queries([text])[0]
            encoded = EncodedQuestion(Question(text, 5), vector, asked, perf_counter())
            spent = answer_question(encoded, opened, "benchmark").timings_ms
            if place >= WARM_UP:
                for stage, values in timings[name].items():
                    values.append(getattr(spent, stage))
    for name, stages in timings.items():
        for stage, values in stages.items():
            if any(values):
                row(f"{name}: {stage}", values, "ms")


def row(name: str, values: Sequence[float], unit: str) -> None:
    """One line: the median, and where there are several values the 95th and 99th percentile."""
    middle, high, highest = np.percentile(values, [50, 95, 99])
    spread = f"   p95 {high:.2f}, p99 {highest:.2f}, n {len(values)}" if len(values) > 1 else ""
    print(f"{name:<24}{middle:10.2f} {unit}{spread}")


if __name__ == "__main__":
    main()
