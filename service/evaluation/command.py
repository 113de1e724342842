"""``quoth evaluate``: its options, what it prints, its exit codes."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from index.errors import InvalidSetting, QuothError
from service.evaluation.lines import InvalidDataset
from service.evaluation.options import (
    Against,
    Budget,
    Cache,
    Calibrate,
    Data,
    Depth,
    Encoder,
    Everything,
    Index,
    JsonFile,
    Limit,
    Names,
    Paragraph,
    Paths,
    Plots,
    Quiet,
    ReaderOption,
    Report,
    Split,
    TopK,
    Varied,
)
from service.settings import Settings, load_settings, reading_settings
from service.terminal.printable import one_line, printable

if TYPE_CHECKING:
    from service.evaluation.bench import Bench
    from service.evaluation.catalogue import FoundSet
    from service.evaluation.suite import Wishes

OK, FAILED = 0, 1
# What only evaluation needs, installed by the extra of that name.
EXTRA = ("ir_measures", "scipy", "matplotlib")


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
    reader: ReaderOption = None,
    depth: Depth = None,
    budget_ms: Budget = None,
    paragraph: Paragraph = False,
    calibrate: Calibrate = False,
    plots: Plots = None,
    report: Report = None,
    quiet: Quiet = False,
) -> None:
    """Say which of your questions fail and why; measure retrieval, answers and citation.

    Exits with 1 where a citation does not verify or a set cannot be evaluated.

    Example:

        quoth evaluate questions.jsonl --index ~/notes-index --report report.html
    """
    _require_extra()
    from service.evaluation.suite import Wishes

    given = {"data": data, "index": index, "encoder": encoder, "top_k": top_k, "reader": reader}
    settings = load_settings(os.environ, given | {"read_depth": depth})
    sets = _sets(paths or [], names or [], everything, data, settings.data)
    bench = partial(_bench, settings, varied or [], limit, split, cache, budget_ms)
    wishes, files = Wishes(paragraph, calibrate, plots), Files(json_file, report)
    raise typer.Exit(_run(sets, bench, settings.index, wishes, files, against, quiet))


@dataclass(frozen=True, slots=True)
class Files:
    """What is written beside what is printed: every value for programs, a page for people."""

    json: Path | None = None
    page: Path | None = None


def _run(
    sets: Sequence[FoundSet],
    load_bench: Callable[[], Bench],
    index: Path,
    wishes: Wishes,
    files: Files,
    against: Path | None,
    quiet: bool,
) -> int:
    """Prints the reports and writes the files; the exit code, FAILED where not all was sound."""
    from service.evaluation.suite import read_results, results_json, run_suite

    # What can be wrong with the options is found before models are loaded.
    for path in filter(None, (files.json, files.page)):
        if not path.parent.is_dir():
            raise InvalidSetting(f"cannot write {path}: there is no folder {path.parent}")
    earlier = None if against is None else read_results(against)
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    _print(command)
    outcome = run_suite(sets, load_bench(), index, _print, earlier, quiet, wishes)
    if files.json is not None:
        text = json.dumps(results_json(outcome, command), ensure_ascii=False, indent=1)
        files.json.write_text(text + "\n", encoding="utf-8")
    if files.page is not None:
        from service.evaluation.report_page import report_page

        page = report_page(outcome.results, outcome.errors, command)
        files.page.write_text(page, encoding="utf-8")
        _print(f"\nreport: {files.page}")
    return OK if outcome.sound else FAILED


def main(arguments: Sequence[str] | None = None) -> None:
    """The command by itself; an error a user can meet ends as one sentence and exit code 1."""
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(evaluate)
    try:
        app(args=arguments)
    except QuothError as error:
        print(f"quoth: {one_line(str(error))}", file=sys.stderr)
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
        _print(f"skipped: {_no_data(folder)}")
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
    budget_ms: float | None,
) -> Bench:
    from index.build import BuildSettings
    from index.retriever import RetrievalSettings
    from service.evaluation.bench import NO_BUDGET_MS, Bench
    from service.evaluation.variants import vary
    from service.models import models_of

    # One snapshot a set is enough: a cache is for speed, not for going back.
    build, retrieval = vary(BuildSettings(keep=1), RetrievalSettings(), varied)
    budget = NO_BUDGET_MS if budget_ms is None else budget_ms
    encoder, reader = models_of(settings)
    return Bench(
        encoder=encoder,
        build=build,
        retrieval=retrieval,
        reader=reader,
        reading=replace(reading_settings(settings), budget_ms=budget),
        top_k=settings.top_k,
        limit=limit,
        split=split,
        cache=cache,
    )


def _print(line: str) -> None:
    # A long run is often read through a pipe while it goes on.
    print(printable(line), flush=True)
