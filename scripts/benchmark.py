"""Measure what Quoth costs on this machine.

    .venv/bin/python scripts/benchmark.py [--keep] PART [options of the part]

    encode    questions and passages through the encoder alone
    search    dense and lexical search as passages grow
    ask       a question to its cited answer, in process
    serve     the same over HTTP, by many clients
    build     files to a published snapshot; --sizes: what that holds in memory
    start     from nothing to the first answer
    memory    what a service holds while it answers
    peers     other systems beside Quoth, asked in turns

`PART --help` lists the part's options. Texts come from QUOTH_DATA or --data; results kept so
far stand in scripts/benchmarks.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.errors import Skipped
from benchmarks.record import circumstances, keep

NAMED = ("encode", "search", "ask", "serve", "build", "start", "memory", "peers")
# Those that this checkout has.
HERE = Path(__file__).parent / "benchmarks"
PARTS = tuple(name for name in NAMED if (HERE / f"{name}.py").is_file())


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="benchmark.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="benchmark.py [--keep] PART [options of the part]",
    )
    parser.add_argument("--keep", action="store_true", help="append results to benchmarks.md")
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("options", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    part = import_module(f"benchmarks.{chosen.part}")
    # Before anything is measured: how busy the machine is with other things.
    begun = circumstances([chosen.part, *chosen.options])
    tables = []
    try:
        for table in part.main(chosen.options):
            if not tables:
                print(begun)
            print(f"\n{table}", flush=True)
            tables.append(table)
    except Skipped as reason:
        print(f"{chosen.part} was skipped: {reason}", file=sys.stderr)
    if tables and chosen.keep:
        keep(begun, tables)


if __name__ == "__main__":
    main(sys.argv[1:])
