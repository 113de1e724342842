"""JSON values → text: a block for each value with its name, a section for each object.

{"city": {"name": "Riga", "people": 605270}}      name: Riga
                                                   people: 605270
"""

from __future__ import annotations

import re

from index.documents.text_blocks import LINE_GAP, PARAGRAPH_GAP, TextBlocks
from index.errors import UnreadableDocument

DEEPEST = 100
"""Objects and arrays within each other; no record that somebody reads has as many."""


_NAMES = ("name", "title", "label", "id")
"""Fields that say which of an array's objects one is, the most telling first."""
LONGEST_NAME = 80
_MOST_WORDS = 4  # of what is listed on one line; names of people and places have as many
# What would not be told apart, or begin no sentence, behind a comma.
_SAYS = re.compile(r",\s|\n|[.!?…。！？][\"'”’»)\]]*\s*\Z")


class Fields(tuple):
    """An object's (name, value) pairs in the file's order, names said twice kept; told from an
    array by its type.
    """


def named(place: str, value: object) -> str:
    """What one of several values is called: its place among them, and its name where it has one.

    >>> named("[2]", Fields((("id", "7"), ("Name", "Riga"))))
    '[2] Riga'
    """
    stated = {name.lower(): each for name, each in value} if isinstance(value, Fields) else {}
    names = (" ".join(each.split()) for name in _NAMES if isinstance(each := stated.get(name), str))
    telling = (name for name in names if len(name) <= LONGEST_NAME and any(map(str.isalpha, name)))
    return f"{place} {_scalar(next(telling, ''))}".rstrip()


def add_value(value: object, path: tuple[str, ...], text: TextBlocks) -> None:
    """Append all that a parsed value says, under the names that lead to it.

    Raises UnreadableDocument for what is nested over ``DEEPEST``.
    """
    if len(path) > DEEPEST:
        raise UnreadableDocument("its objects and arrays are nested too deep")
    if isinstance(value, Fields):
        _add_fields(value, path, text)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            add_value(
                item, (*path, named(f"[{number}]", item)) if _holds_more(item) else path, text
            )
    else:
        _open(path, text)
        _add_text("", _scalar(value), text, PARAGRAPH_GAP)


def _add_fields(fields: Fields, path: tuple[str, ...], text: TextBlocks) -> None:
    """Simple values first come in their order, one a line; what they hold below follows."""
    nested = []
    _open(path, text)
    gap = PARAGRAPH_GAP
    for name, value in fields:
        if _holds_more(value) and not _is_listing(value):
            nested.append((name, value))
            continue
        label = name
        for shown in _listed(value) if _is_listing(value) else [_scalar(value)]:
            if shown:
                _add_text(label, shown, text, gap)
                label, gap = "", LINE_GAP
    for name, value in nested:
        add_value(value, (*path, name), text)


def _is_listing(value: object) -> bool:
    """Whether it is an array of simple values."""
    return isinstance(value, list) and not any(map(_holds_more, value))


def _listed(values: list[object]) -> list[str]:
    """The lines that say an array: one for all that is short, else one for each of its values.

    >>> _listed(["red", "green"]), _listed(["It stopped.", "Known problem."])
    (['red, green'], ['It stopped.', 'Known problem.'])
    """
    shown = [each for value in values if (each := _scalar(value).strip())]
    says = any(_SAYS.search(each) or len(each.split()) > _MOST_WORDS for each in shown)
    return shown if says else [", ".join(shown)]


def _holds_more(value: object) -> bool:
    return isinstance(value, Fields | list)


def _add_text(name: str, shown: str, text: TextBlocks, gap: str) -> None:
    """Every paragraph of a long value is a block of its own; the name stands before the first."""
    label = f"{' '.join(name.split())}: " if name.strip() else ""
    for paragraph in shown.replace("\r\n", "\n").split("\n\n"):
        if paragraph.strip():
            text.add(label + paragraph.strip(), gap)
            label, gap = "", PARAGRAPH_GAP


def _open(path: tuple[str, ...], text: TextBlocks) -> None:
    text.outline.close_all()
    for level, name in enumerate(path, start=1):
        text.outline.open(level, name)


def _scalar(value: object) -> str:
    """A value's text; numbers are spelled as the file spells them, ``null`` says nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    # "\\ud800" makes half a surrogate pair, which no file or reply could hold.
    return str(value).encode("utf-8", "replace").decode("utf-8")
