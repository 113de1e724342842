"""What the commands share: exit codes, options, and how they speak."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from service.settings import Settings, load_settings
from service.terminal.printable import as_json_text, one_line

# Click itself ends with 2 where a command is used wrongly.
OK, FAILED, MISUSED, PARTIAL, INTERRUPTED = 0, 1, 2, 3, 130

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", help="The index folder (default: QUOTH_INDEX, else .quoth)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write one JSON object instead.")]


def settings_of(**overrides: Any) -> Settings:
    """From the environment, and over it the options that were given (those not None)."""
    return load_settings(os.environ, overrides)


def print_json(value: Any) -> None:
    """For programs, on standard output."""
    print(as_json_text(value, indent=1))


@contextmanager
def interruptible(code: int) -> Iterator[None]:
    """Ctrl-C ends what is inside with one sentence and this exit code."""
    try:
        yield
    except KeyboardInterrupt:
        complain("stopped; what was published stays")
        raise typer.Exit(code) from None


def complain(message: str) -> None:
    """One line on standard error, whatever a file's name in it holds."""
    print(f"quoth: {one_line(message)}", file=sys.stderr)
