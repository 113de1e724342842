"""``quoth evaluate``: its options, what it prints, its exit codes."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import InvalidSetting, QuothError
from service.evaluation.lines import InvalidDataset
from service.settings import Settings, load_settings

if TYPE_CHECKING:
    from service.evaluation.bench import Bench
    from service.evaluation.catalogue import FoundSet

OK, FAILED = 0, 1
# What only evaluation needs, installed by the extra of that name.
EXTRA = ("ir_measures", "scipy")

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


def evaluate(
    paths: Paths = None,
    everything: Everything = False,
    names: Names = None,
    data: Data = None,
    index: Index = None,
    encoder: Encoder = None,
    varied: Varied = None,
    top_k: TopK = None,
    limit: Limit = None,
    split: Split = None,
    cache: Cache = None,
    json_file: JsonFile = None,
    against: Against = None,
    quiet: Quiet = False,
) -> None:
    """Measure retrieval and citation, on evaluation sets or on your own questions.

    Exits with 1 where a citation does not verify or a set cannot be evaluated.

    Example: quoth evaluate questions.jsonl --index ~/notes-index
    """
    _require_extra()
    from service.evaluation.suite import read_results, results_json, run_suite

    given = {"data": data, "index": index, "encoder": encoder, "top_k": top_k}
    settings = load_settings(os.environ, given)
    sets = _sets(paths or [], names or [], everything, data, settings.data)
    earlier = None if against is None else read_results(against)
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    print(command)
    bench = _bench(settings, varied or [], limit, split, cache)
    outcome = run_suite(sets, bench, settings.index, _print, earlier, quiet)
    if json_file is not None:
        text = json.dumps(results_json(outcome, command), ensure_ascii=False, indent=1)
        json_file.write_text(text + "\n", encoding="utf-8")
    raise typer.Exit(OK if outcome.sound else FAILED)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command by itself; an error a user can meet ends as one sentence and exit code 1."""
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(evaluate)
    try:
        app(args=arguments)
    except QuothError as error:
        print(f"quoth: {error}", file=sys.stderr)
        sys.exit(FAILED)


def _require_extra() -> None:
    missing = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise InvalidSetting(
            f"evaluation needs {' and '.join(missing)}; install it with pip install "
            "'quoth[evaluate]'"
        )


def _sets(
    paths: Sequence[Path],
    names: Sequence[str],
    everything: bool,
    given: Path | None,
    folder: Path | None,
) -> list[FoundSet]:
    """The sets to measure. Without data, the whole suite is skipped; what is named must be there.

    ``given`` is --data, ``folder`` that or QUOTH_DATA.
    """
    from service.evaluation.catalogue import find_sets, identify

    if not (paths or names or everything):
        raise typer.BadParameter("give PATHS, --set NAME or --all")
    found = [identify(path) for path in paths]
    if not (names or everything):
        return found
    if folder is not None and folder.is_dir():
        found += find_sets(folder, tuple(names))
    elif names or given is not None:
        raise InvalidDataset(_no_data(folder))
    if not found:
        print(f"skipped: {_no_data(folder)}")
        raise typer.Exit(OK)
    return found


def _no_data(folder: Path | None) -> str:
    where = "no data folder is named" if folder is None else f"no evaluation sets are in {folder}"
    return f"{where}; give --data DIR or set QUOTH_DATA"


def _bench(
    settings: Settings,
    varied: Sequence[str],
    limit: int | None,
    split: str | None,
    cache: Path | None,
) -> Bench:
    from index.build import BuildSettings
    from index.encoder import load_encoder
    from index.retriever import RetrievalSettings
    from service.evaluation.bench import Bench
    from service.evaluation.variants import vary

    # One snapshot a set is enough: a cache is for speed, not for going back.
    build, retrieval = vary(BuildSettings(keep=1), RetrievalSettings(), varied)
    return Bench(
        encoder=load_encoder(settings.encoder),
        build=build,
        retrieval=retrieval,
        top_k=settings.top_k,
        limit=limit,
        split=split,
        cache=cache,
    )


def _print(line: str) -> None:
    # A long run is often read through a pipe while it goes on.
    print(line, flush=True)
