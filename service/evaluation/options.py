"""The options of ``quoth evaluate``, each with what its help says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        help="BEIR folders, SQuAD .json files, chunking-evaluation folders, or your own "
        "questions .jsonl, which are asked of --index."
    ),
]
Everything = Annotated[bool, typer.Option("--all", help="Every set below the data folder.")]
Names = Annotated[
    list[str] | None, typer.Option("--set", help="A set below the data folder; repeatable.")
]
Data = Annotated[
    Path | None, typer.Option(help="The folder of evaluation sets (default: QUOTH_DATA).")
]
Index = Annotated[
    Path | None,
    typer.Option(help="What your own questions are asked of (default: QUOTH_INDEX, else .quoth)."),
]
Encoder = Annotated[
    str | None, typer.Option(help="The encoder to measure (default: QUOTH_ENCODER, else MiniLM).")
]
Varied = Annotated[
    list[str] | None,
    typer.Option("--with", help="A setting to vary, such as max_tokens=128; repeatable."),
]
TopK = Annotated[int | None, typer.Option(help="Passages asked for (default: QUOTH_TOP_K, or 5).")]
Limit = Annotated[
    int | None, typer.Option(min=1, help="At most this many queries a set, by a fixed sample.")
]
Split = Annotated[
    str | None, typer.Option(help="The BEIR split (default: the first of test, dev, val, train).")
]
Cache = Annotated[
    Path | None, typer.Option(help="Keep the sets' indexes here; a rerun builds what changed.")
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Write figures and every query's values to a file.")
]
Against = Annotated[
    Path | None, typer.Option(help="Compare, query by query, with an earlier run's --json file.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars.")]
ReaderOption = Annotated[
    str | None,
    typer.Option(
        "--reader",
        metavar="DIR|none",
        help="The reader's weights, or none to retrieve only (default: QUOTH_READER, else those "
        "shipped).",
    ),
]
Depth = Annotated[
    int | None,
    typer.Option(
        "--read-depth",
        help="Passages read for a question (default: QUOTH_READ_DEPTH, or 10).",
    ),
]
Budget = Annotated[
    float | None,
    typer.Option(
        "--read-budget-ms",
        min=0,
        help="Read no longer than so many milliseconds (default: as long as it takes, so that "
        "figures repeat).",
    ),
]
Paragraph = Annotated[
    bool,
    typer.Option("--paragraph", help="Read SQuAD files' questions each in its own paragraph."),
]
Calibrate = Annotated[
    bool,
    typer.Option(
        "--calibrate",
        help="Fit the index's confidence to your own questions and store it beside the index.",
    ),
]
Plots = Annotated[
    Path | None, typer.Option(help="Draw reliability and risk-coverage plots into this folder.")
]
Report = Annotated[
    Path | None,
    typer.Option(help="Write everything, the failures first, as one HTML page to this file."),
]
