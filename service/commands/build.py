"""``quoth build``: its options and exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from index.errors import InvalidSource
from service.commands.options import (
    OK,
    PARTIAL,
    IndexOption,
    interruptible,
    settings_of,
)

Paths = Annotated[list[Path], typer.Argument(help="Folders or files to answer from.")]
Language = Annotated[
    str, typer.Option(help="The language words are stemmed in, as Snowball names it.")
]
Watch = Annotated[
    bool, typer.Option("--watch", "-w", help="Build again after each change, until Ctrl-C.")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress and no table, only what failed.")
]
Events = Annotated[
    bool, typer.Option("--json", help="One JSON object a line: progress, at last the report.")
]


def build(
    paths: Paths,
    index: IndexOption = None,
    language: Language = "english",
    watch: Watch = False,
    quiet: Quiet = False,
    as_json: Events = False,
) -> None:
    """Index every document under PATHS and publish the result.

    Files that cannot be read are listed with their reason and left out (exit code 3).
    Passages that have not changed since the last build are not encoded again. With --watch
    a rebuild that fails leaves the published snapshot where it is.

    Examples:

        quoth build ~/notes ~/reports --index ~/notes-index
        quoth build ~/notes --watch
    """
    from index.build import BuildSettings
    from index.documents.sandbox import ParseLimits
    from service.building import Builder
    from service.models import encoder_of

    settings = settings_of(index=index)
    for path in paths:  # before the encoder is loaded and the index folder made
        if not path.exists():
            raise InvalidSource(f"cannot build from {path}: no such file or folder")
    limits = ParseLimits(settings.parse_seconds, settings.parse_memory_mb)
    memory, keep = settings.build_memory_mb, settings.keep_snapshots
    options = BuildSettings(language=language, keep=keep, limits=limits, memory_mb=memory)
    builder = Builder(paths, settings.index, encoder_of(settings), options, quiet, as_json)
    if watch:
        with interruptible(OK):  # the only way to end it
            builder.until_stopped()
    report = builder.once()
    builder.show(report)
    raise typer.Exit(PARTIAL if report.failed else OK)
