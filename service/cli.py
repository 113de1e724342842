"""The quoth command: its subcommands, their messages and exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from index.errors import InvalidSetting, InvalidSource, QuothError
from service.evaluation.command import evaluate
from service.settings import Settings, load_settings

OK, FAILED, PARTIAL = 0, 1, 3

app = typer.Typer(
    name="quoth",
    help="Ask your own documents; get the answer and its passages, with citations to re-check.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 built without the files it lists.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", help="The index folder (default: QUOTH_INDEX, else .quoth)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON object to stdout.")]


@app.command()
def build(
    paths: Annotated[list[Path], typer.Argument(help="Folders or files to answer from.")],
    index: IndexOption = None,
    language: Annotated[
        str, typer.Option(help="The language words are stemmed in, as Snowball names it.")
    ] = "english",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Index every document under PATHS and publish the result.

    Files that cannot be read are listed with their reason and left out (exit code 3).
    Passages that have not changed since the last build are not encoded again.

    Example: quoth build ~/notes ~/reports --index ~/notes-index
    """
    from index.build import BuildSettings
    from index.build import build as build_index
    from index.documents.sandbox import ParseLimits
    from service.models import encoder_of
    from service.terminal import BuildProgress, print_build, report_json

    settings = _settings(index=index)
    for path in paths:  # before the encoder is loaded and the index folder made
        if not path.exists():
            raise InvalidSource(f"cannot build from {path}: no such file or folder")
    limits = ParseLimits(settings.parse_seconds, settings.parse_memory_mb)
    options = BuildSettings(language=language, keep=settings.keep_snapshots, limits=limits)
    encoder = encoder_of(settings)
    with BuildProgress(hidden=quiet or as_json) as progress:
        report = build_index(paths, settings.index, encoder, options, progress.update)
    if as_json:
        print(json.dumps(report_json(report), ensure_ascii=False, indent=1))
    elif not quiet:
        print_build(report, settings.index)
    raise typer.Exit(PARTIAL if report.failed else OK)


@app.command()
def serve(
    index: IndexOption = None,
    host: Annotated[
        str | None, typer.Option(help="Where to listen; any but loopback needs QUOTH_API_KEYS.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="The port; 0 takes a free one.")] = None,
) -> None:
    """Answer questions over HTTP until stopped (Ctrl-C, or SIGTERM).

    Example: quoth serve --index ~/notes-index --port 8080
    """
    from service.serving import serve as serve_app

    serve_app(_settings(index=index, host=host, port=port))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    index: IndexOption = None,
    top_k: Annotated[int | None, typer.Option(help="How many passages to show.")] = None,
    filter_json: Annotated[
        str | None, typer.Option("--filter", help="A filter, as the API takes it, in JSON.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask one question of the index: the answer, or that the documents do not say; then the
    passages it was read from.

    Example: quoth ask "how many US troops went to Poland?" --top-k 3
    """
    from service.asking import ask_once
    from service.terminal import print_answer

    settings = _settings(index=index, top_k=top_k)
    response = ask_once(settings, question, _parsed(filter_json))
    if as_json:
        print(response.model_dump_json(indent=1))
    else:
        print_answer(response)


@app.command()
def mcp(index: IndexOption = None) -> None:
    """Serve a desktop program over standard input and output, by the Model Context Protocol.

    Example, as such a program is told: quoth mcp --index ~/notes-index
    """
    from service.mcp.door import require_sdk

    require_sdk()
    from service.mcp.standard_streams import serve_standard_streams

    serve_standard_streams(_settings(index=index))


@app.command()
def verify(index: IndexOption = None) -> None:
    """Check the published snapshot whole: every checksum, every record against the others.

    Example: quoth verify --index ~/notes-index
    """
    from index.pointer import read_pointer
    from index.verification import verify as verify_index

    folder = _settings(index=index).index
    version = read_pointer(folder).version
    problems = verify_index(folder, version)
    for problem in problems:
        print(problem)
    if problems:
        _complain(
            f"snapshot {version} in {folder} is damaged; rebuild it with `quoth build`, "
            "or restore the files named above"
        )
        raise typer.Exit(FAILED)
    print(f"snapshot {version} in {folder} is whole")


app.command()(evaluate)


def _settings(**overrides: Any) -> Settings:
    return load_settings(os.environ, overrides)


def _parsed(filter_json: str | None) -> Any:
    if filter_json is None:
        return None
    try:
        return json.loads(filter_json)
    except ValueError as error:
        raise InvalidSetting(f"--filter {filter_json!r} is no JSON: {error}") from error


def _complain(message: str) -> None:
    print(f"quoth: {message}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. An error a user can meet ends as one sentence and exit code 1."""
    try:
        app(args=arguments)
    except QuothError as error:
        _complain(str(error))
        sys.exit(FAILED)
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        sys.exit(FAILED)
