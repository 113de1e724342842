"""JSON: objects and arrays as sections, their values as blocks under their names."""

from __future__ import annotations

import json
from collections.abc import Callable

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.records_text import Fields, add_value
from index.documents.text_blocks import TextBlocks
from index.errors import UnreadableDocument

_TITLES = ("title", "name")


def parse(data: bytes) -> Extract:
    """The title is the outermost object's ``title`` or ``name``. Raises UnreadableDocument."""
    decoded = decode(data)
    value = load(decoded.text)
    text = TextBlocks()
    add_value(value, (), text)
    stated = {name.lower(): each for name, each in value} if isinstance(value, Fields) else {}
    title = next((each for name in _TITLES if isinstance(each := stated.get(name), str)), None)
    return Extract(text.text, title, tuple(text.blocks), decoded.metadata)


def load(source: str, line: int | None = None) -> object:
    """A JSON text's value: objects are ``Fields``, numbers the strings they are written as.

    Raises UnreadableDocument naming the line (``line``, where the text is one of many) of what
    is no JSON.
    """
    spelled: Callable[[str], str] = str
    try:
        return json.loads(
            source,
            parse_int=spelled,
            parse_float=spelled,
            parse_constant=spelled,
            object_pairs_hook=Fields,
        )
    except RecursionError as error:
        raise UnreadableDocument("its objects and arrays are nested too deep") from error
    except ValueError as error:
        place = line or getattr(error, "lineno", 1)
        what = getattr(error, "msg", error)
        raise UnreadableDocument(f"line {place} is no JSON: {what}") from error
