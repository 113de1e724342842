"""pydantic's validation errors → faulty fields with JSON pointers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from service.errors import FieldFault

# What pydantic says where JSON's word is object.
_NO_OBJECT = frozenset({"model_type", "model_attributes_type", "dict_type"})


def field_faults(
    validation_errors: Iterable[Mapping[str, Any]], below: Sequence[str | int] = ()
) -> tuple[FieldFault, ...]:
    """The faults pydantic found, in its order.

    ``below`` is the place of the validated value where that was not the whole request;
    it starts, as pydantic's own ``loc`` of a whole request does, with ``"body"``.

    >>> field_faults([{"loc": ("body", "top_k"), "msg": "too large"}])
    (FieldFault(where='body', pointer='#/top_k', detail='too large'),)
    """
    faults: list[FieldFault] = []
    for error in validation_errors:
        where, *path = (*below, *error["loc"])
        faults.append(FieldFault(str(where), json_pointer(path), _told(error)))
    return tuple(faults)


def json_pointer(path: Sequence[str | int]) -> str:
    """A path of names and positions as a URI fragment JSON pointer.

    >>> json_pointer(["citations", 0, "a/b"])
    '#/citations/0/a~1b'
    """
    return "#" + "".join(f"/{_escaped(str(step))}" for step in path)


def extended(pointer: str, below: str) -> str:
    """A fragment pointer with a plain JSON pointer below it.

    >>> extended("#/filter", "/filters/0/größe")
    '#/filter/filters/0/gr%C3%B6%C3%9Fe'
    """
    return pointer + _quoted(below, safe="/")


def _escaped(step: str) -> str:
    return _quoted(step.replace("~", "~0").replace("/", "~1"))


def _quoted(text: str, safe: str = "") -> str:
    # A name the sender made up may hold anything, lone surrogates too; the pointer is ASCII.
    return quote(text, safe=safe + "~!$&'()*+,;=:@", errors="surrogatepass")


def _told(error: Mapping[str, Any]) -> str:
    if error.get("type") == "extra_forbidden":
        return "Unknown field; remove it"
    if error.get("type") in _NO_OBJECT:
        return "Input should be an object"
    return error["msg"].removeprefix("Value error, ")
