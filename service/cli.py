"""The commands of ``quoth``: their options, their messages and their exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from index.errors import InvalidFilter, InvalidSetting, QuothError
from service.commands.build import build
from service.commands.contents import describe_index, documents, verify
from service.commands.options import (
    FAILED,
    INTERRUPTED,
    MISUSED,
    IndexOption,
    JsonOption,
    complain,
    interruptible,
    print_json,
    settings_of,
)
from service.commands.questions import draft_questions
from service.errors import InvalidRequest
from service.evaluation.command import evaluate

_FILTER_EXAMPLE = '{"op": "eq", "field": "author", "value": "Ines"}'
_MISUSES = (InvalidSetting, InvalidFilter, InvalidRequest)


class Commands(TyperGroup):
    """The commands, each of which Ctrl-C ends with one sentence and its own exit code."""

    def invoke(self, ctx: typer.Context) -> Any:
        with interruptible(INTERRUPTED):
            return super().invoke(ctx)


app = typer.Typer(
    name="quoth",
    cls=Commands,
    help="Ask your own documents; get the answer and its passages, with citations to re-check.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 built without the files it lists, "
    "130 interrupted by Ctrl-C. Shell completion: quoth --install-completion.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command()(build)


@app.command()
def serve(
    index: IndexOption = None,
    host: Annotated[
        str | None, typer.Option(help="Where to listen; any but loopback needs QUOTH_API_KEYS.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="The port; 0 takes a free one.")] = None,
) -> None:
    """Answer questions over HTTP until stopped (Ctrl-C, or SIGTERM).

    Example:

        quoth serve --index ~/notes-index --port 8080
    """
    from service.serving import serve as serve_app

    serve_app(settings_of(index=index, host=host, port=port))


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
    """Ask one question: the answer, or that the documents do not say; then the passages.

    Where a terminal can, each passage's place opens its file. Exits with 0 whether or not the
    documents answer; --json tells by "status".

    Examples:

        quoth ask "how many US troops went to Poland?" --top-k 3
        quoth ask "when does the lease end?" --json | jq -r .answer.text
    """
    from service.asking import ask_once
    from service.sources import Sources
    from service.terminal.answer import print_answer

    settings = settings_of(index=index, top_k=top_k)
    response = ask_once(settings, question, _parsed(filter_json))
    if as_json:
        print_json(response.model_dump(mode="json"))
    else:
        print_answer(response, Sources.read(settings.index))


@app.command()
def mcp(index: IndexOption = None) -> None:
    """Serve a desktop program over standard input and output, by the Model Context Protocol.

    Example, as such a program is told: quoth mcp --index ~/notes-index
    """
    from service.mcp.door import require_sdk

    require_sdk()
    from service.mcp.standard_streams import serve_standard_streams

    serve_standard_streams(settings_of(index=index))


app.command()(documents)
app.command("index")(describe_index)
app.command()(verify)
app.command()(evaluate)
app.command("questions")(draft_questions)


def _parsed(filter_json: str | None) -> Any:
    if filter_json is None:
        return None
    wrong = f"--filter {filter_json!r} is no filter, which is JSON such as {_FILTER_EXAMPLE}"
    try:
        wanted = json.loads(filter_json)
    except ValueError as error:
        raise InvalidSetting(f"{wrong}: {error}") from error
    if not isinstance(wanted, dict | None):
        raise InvalidSetting(wrong)
    return wanted


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. An error a user can meet ends as one sentence and exit code 1, or 2 where
    an option, a setting, a filter or a question is not what such a one can be.
    """
    try:
        app(args=arguments)
    except QuothError as error:
        complain(str(error))
        sys.exit(MISUSED if isinstance(error, _MISUSES) else FAILED)
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        sys.exit(FAILED)
