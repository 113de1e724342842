"""Text that cannot steer a terminal, and names that a terminal makes clickable."""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import quote

# Joiners hold an emoji or a letter's form together and move nothing.
_JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    """The text with what would steer the terminal made visible, one character for one.

    Control characters, escape sequences and marks that turn the direction of writing become
    U+FFFD; line ends and tabs stay, and every other space is a plain one.

    >>> printable("safe\\x1b[2J\\u202eno\\xa01")
    'safe�[2J�no 1'
    """
    return "".join(_shown(character) for character in text)


def one_line(text: str) -> str:
    """As ``printable``, without line ends and tabs: a file's name may hold them.

    >>> one_line("two\\nlines")
    'two lines'
    """
    return printable(" ".join(text.split()))


def as_json_text(value: Any, indent: int | None = None) -> str:
    """The value as JSON for standard output: on a terminal in plain ASCII, which steers nothing,
    for a program as it is.
    """
    return json.dumps(value, ensure_ascii=sys.stdout.isatty(), indent=indent)


def counted(count: int, noun: str) -> str:
    """How many of what.

    >>> counted(1, "passage"), counted(2000, "passage")
    ('1 passage', '2,000 passages')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def file_link(path: Path, line: int | None = None, page: int | None = None) -> str:
    """The ``file:`` address of a path, at a page (as PDF viewers read it) or a line.

    >>> file_link(Path("/notes/a b.md"), line=31)
    'file:///notes/a%20b.md#31'
    """
    fragment = f"#page={page}" if page else f"#{line}" if line else ""
    return f"file://{quote(str(path.absolute()))}{fragment}"


def _shown(character: str) -> str:
    if character.isprintable() or character in "\n\t" or character in _JOINERS:
        return character
    return " " if unicodedata.category(character) == "Zs" else "\N{REPLACEMENT CHARACTER}"
