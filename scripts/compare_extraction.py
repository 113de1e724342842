"""Hold what Quoth reads in files of all formats against what other programs read there.

    .venv/bin/python scripts/compare_extraction.py [--keep FOLDER] [--detail]

Makes over a hundred files with pandoc, LibreOffice, LaTeX and Python from our own words, builds
them, and prints for each format the share of another program's words that Quoth keeps, and keeps in
order, whether every citation verifies, and whether every sentence of a PDF stands on its page.
Ends with 1 where a file was lost, a citation failed or a page was wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import Table
from extraction.comparison import FileResult, check_pages, compare_files, verify_citations
from extraction.corpus import make_corpus
from extraction.programs import missing_programs
from extraction.second import NAMES
from index.build import build
from index.encoders import load_encoder
from index.snapshot import Snapshot


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, help="make the files here and leave them")
    parser.add_argument("--detail", action="store_true", help="a line for every file")
    chosen = parser.parse_args(arguments)
    if reason := missing_programs():
        print(f"compare_extraction was skipped: {reason}", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        return _compare(chosen.keep or Path(scratch) / "files", Path(scratch), chosen.detail)


def _compare(folder: Path, scratch: Path, detail: bool) -> int:
    if not (folder / "python").is_dir():  # else kept by an earlier run
        make_corpus(folder, scratch)
    there = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    report = build([folder], scratch / "index", load_encoder())
    lost = set(there) - {*report.indexed, *(item.uri for item in report.unread)}
    snapshot = Snapshot.open(scratch / "index")
    results = [*compare_files(snapshot, folder, scratch)]
    print(by_format(results))
    if detail:
        for result in sorted(results, key=lambda each: each.kept):
            print(f"{result.kept:.4f} {result.in_order:.4f} {result.uri} {result.lacking}")
    citations, wrong = verify_citations(snapshot)
    pages = check_pages(snapshot, folder)
    print(
        f"\n{len(there)} files: {len(report.indexed)} indexed, {len(report.unread)} listed as not "
        f"read, {len(lost)} lost. {citations} citations, {len(wrong)} wrong. "
        f"{pages.sentences} sentences of PDFs (parts, where a page ends in one), "
        f"{len(pages.wrong)} not on their page."
    )
    for line in [
        *sorted(lost),
        *wrong,
        *pages.wrong,
        *(f"{i.uri}: {i.reason}" for i in report.unread),
    ]:
        print(f"  {line}")
    return 1 if lost or wrong or pages.wrong else 0


def by_format(results: Sequence[FileResult]) -> Table:
    """A row a suffix; shares are over all words of its files."""
    grouped: dict[str, list[FileResult]] = defaultdict(list)
    for result in results:
        grouped[Path(result.uri).suffix].append(result)
    rows = []
    for suffix, group in sorted(grouped.items()):
        words = sum(each.words for each in group)
        kept = sum(each.words * each.kept for each in group) / words
        in_order = sum(each.words * each.in_order for each in group) / words
        left_out = sum(each.left_out for each in group)
        shares = [f"{share:.4f}" for share in (kept, min(e.kept for e in group), in_order)]
        rows.append([suffix, len(group), NAMES[suffix], words, *shares, left_out])
    heads = ["format", "files", "second reader", "its words", "kept", "worst file", "in order"]
    return Table("Words of a second reader that Quoth keeps", [*heads, "furniture"], rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
