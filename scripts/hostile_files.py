"""Read some four hundred hostile and broken files as a build does, and see that none does harm.

    .venv/bin/python scripts/hostile_files.py [--seconds 60] [--memory 2048] [--detail]

Each must be read, or be refused in a sentence, within its limits; none may end the process, be
left unlisted, or bring words from outside its folder. Ends with 1 where one does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from extraction.hostile import cases
from extraction.hostile_folder import lay
from extraction.hostile_reading import Findings, read_cases, read_folder
from index.documents.sandbox import ParseLimits


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="for one file")
    parser.add_argument("--memory", type=int, default=2048, help="MiB of the parsing process")
    parser.add_argument("--detail", action="store_true", help="a line for every file")
    chosen = parser.parse_args(arguments)
    limits = ParseLimits(chosen.seconds, chosen.memory)
    with tempfile.TemporaryDirectory() as scratch:
        files, folder = Path(scratch) / "files", Path(scratch) / "folder"
        files.mkdir()
        folder.mkdir()
        tell = print if chosen.detail else lambda _line: None
        one = read_cases([*cases()], files, limits, tell)
        other = read_folder(folder, lay(folder, Path(scratch) / "beside"), limits)
        left = [*files.iterdir()]
    for outcome in other.outcomes:
        tell(f"          {outcome.uri!r}: {outcome.reason or 'read'}")
    print(summary(one, other))
    faults = [*one.faults, *other.faults, *(f"{path} was left behind" for path in left)]
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def summary(files: Findings, folder: Findings) -> str:
    """How many of each were read and refused, the slowest, and how many did harm."""
    outcomes = [*files.outcomes, *folder.outcomes]
    read = Counter(bool(outcome.reason) for outcome in outcomes)
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    faults = len(files.faults) + len(folder.faults)
    return (
        f"{len(outcomes)} hostile files and names: {read[False]} read, {read[True]} refused with a "
        f"reason, {faults} faults; the slowest, {slowest.uri}, took {slowest.seconds:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
