"""Bytes → Extract by the suffix's parser, and a sentence for whatever it makes of them.

A build runs this in a child process (``sandbox.py``); nothing here opens a file.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePosixPath

from index.documents.extract import Extract
from index.documents.formats import FORMATS
from index.errors import UnreadableDocument

MAX_CHARACTERS = 64 * 1024 * 1024
"""Of one document's canonical text."""
MAX_BLOCKS = 2_000_000
"""Of one document: as many as two full sheets of Excel have rows."""


def parse(data: bytes, uri: str) -> Extract:
    """The extract of a file's bytes; of ``uri`` only the suffix counts.

    Raises UnreadableDocument, whatever goes wrong, without naming the file.
    """
    try:
        module = FORMATS[PurePosixPath(uri).suffix.lower()].module
    except KeyError:
        raise UnreadableDocument(
            f"its type is not supported; supported are {', '.join(FORMATS)}"
        ) from None
    if not data.strip():
        raise UnreadableDocument("it is empty (no text but white space)")
    try:
        extract = import_module(f"index.documents.{module}").parse(data)
    except UnreadableDocument:
        raise
    except ModuleNotFoundError as error:
        raise UnreadableDocument(
            f"reading this type needs the package {error.name}, which is not installed; "
            "run `pip install 'quoth[formats]'`"
        ) from error
    except MemoryError as error:
        raise UnreadableDocument(f"the {module} parser failed on it (MemoryError)") from error
    except Exception as error:  # RecursionError too: one file never stops a build
        cause = f"{type(error).__name__}: {error}".rstrip(": ")[:300]
        raise UnreadableDocument(
            f"the {module} parser failed on it ({cause}); it may be damaged"
        ) from error
    _refuse(extract)
    return extract


def _refuse(extract: Extract) -> None:
    """Raises UnreadableDocument where there is nothing in it, or too much."""
    if not extract.text.strip():
        raise UnreadableDocument("it is empty (no text but white space)")
    if not extract.blocks:
        raise UnreadableDocument("it holds no readable text")
    if len(extract.text) > MAX_CHARACTERS:
        raise UnreadableDocument(
            f"it holds {len(extract.text)} characters of text, more than the {MAX_CHARACTERS} "
            "that are read; split it"
        )
    if len(extract.blocks) > MAX_BLOCKS:
        raise UnreadableDocument(
            f"it holds {len(extract.blocks)} paragraphs or rows, more than the {MAX_BLOCKS} that "
            "are read; split it"
        )
