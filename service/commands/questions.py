"""``quoth questions``: drafts of questions from one's own documents, for a person to correct."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from index.documents.sandbox import ParseLimits
from index.errors import InvalidSetting, InvalidSource, UnreadableDocument
from index.records import Document
from service.commands.options import complain, settings_of
from service.terminal.printable import as_json_text, counted

Paths = Annotated[
    list[Path], typer.Argument(help="Folders or files, the same that the index is built from.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="The file to write (default: standard output)."),
]
Count = Annotated[int, typer.Option(min=1, help="Questions with an answer, at most.")]
Unanswerable = Annotated[int, typer.Option(min=0, help="Questions without one, at most.")]
Seed = Annotated[int, typer.Option(help="Another choice; the same seed gives the same questions.")]


def draft_questions(
    paths: Paths,
    output: Output = None,
    count: Count = 40,
    unanswerable: Unanswerable = 15,
    seed: Seed = 0,
) -> None:
    """Draft a question file from your documents, for you to correct.

    Rules make the questions of plain English sentences with names, figures and dates, in the
    sentences' own words. Each is marked as a draft, which `quoth evaluate` leaves out: read it,
    reword it as somebody would ask, and take "draft" out, or delete the line.

    Example:

        quoth questions ~/notes --output questions.jsonl
    """
    from service.drafting.drafts import draft

    if output is not None and output.exists():
        raise InvalidSetting(f"{output} exists, and may hold corrections: name another --output")
    answered, absent = draft(_read(paths), count, unanswerable, seed)
    if not answered:
        raise InvalidSource("no sentence is plain enough to ask about; write questions by hand")
    records = [
        each.to_json(f"{letter}{number:02}")
        for letter, drafts in (("d", answered), ("u", absent))
        for number, each in enumerate(drafts, start=1)
    ]
    _write(records, output)
    told = f"{counted(len(answered), 'draft')} with an answer, {len(absent)} without"
    print(f'{told}: correct each and take "draft" out', file=sys.stderr)


def _write(records: Sequence[dict[str, Any]], output: Path | None) -> None:
    """An object a line, to the file or to standard output."""
    if output is None:
        for record in records:
            print(as_json_text(record))
        return
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    output.write_text(lines, encoding="utf-8")


def _read(paths: Sequence[Path]) -> list[Document]:
    """Every document below the paths; what cannot be read is told and left out."""
    from index.documents import read_document
    from index.documents.folder import walk
    from index.documents.sandbox import Sandbox

    settings = settings_of()
    sources, _ = walk(paths, exclude=settings.index)
    documents = []
    with Sandbox(ParseLimits(settings.parse_seconds, settings.parse_memory_mb)) as sandbox:
        for source in sources:
            try:
                documents.append(read_document(source, sandbox.parse))
            except UnreadableDocument as error:
                complain(f"left out: {error}")
    return documents
