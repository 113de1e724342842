"""Options that parts share."""

from __future__ import annotations

import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

DEFAULT_CACHE = Path(".quoth-benchmarks")


def part_parser(part: str, description: str) -> ArgumentParser:
    """A part's own parser, opened by its module's docstring."""
    return ArgumentParser(
        prog=f"benchmark.py {part}",
        description=description,
        formatter_class=RawDescriptionHelpFormatter,
    )


def add_texts(parser: ArgumentParser, passages: int = 20_000, questions: int = 200) -> None:
    """``--data``, ``--cache``, ``--passages`` and ``--questions``."""
    place = os.environ.get("QUOTH_DATA")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(place) if place else None,
        help="the folder with retrieval/SET/corpus.jsonl and queries.jsonl (default: QUOTH_DATA)",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=DEFAULT_CACHE,
        help="where texts, vectors, indexes and environments stay for the next run",
    )
    parser.add_argument("--passages", type=int, default=passages, help="how many (%(default)s)")
    parser.add_argument("--questions", type=int, default=questions, help="how many (%(default)s)")
