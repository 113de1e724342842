"""Settings varied by name for one run, so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from index.build import BuildSettings
from index.errors import InvalidSetting
from index.retriever import RetrievalSettings


def vary(
    build: BuildSettings, retrieval: RetrievalSettings, assignments: Sequence[str]
) -> tuple[BuildSettings, RetrievalSettings]:
    """Both settings with each ``name=value`` applied, in order.

    A name is a field of the chunking or the retrieval settings; the value is read as its
    present value's type. Raises InvalidSetting for an unknown name or a value not of the type.
    """
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        if name in _names(build.chunking):
            build = replace(build, chunking=_with(build.chunking, name, value))
        elif name in _names(retrieval):
            retrieval = _with(retrieval, name, value)
        else:
            known = ", ".join([*_names(build.chunking), *_names(retrieval)])
            raise InvalidSetting(f'no setting "{name}" can be varied; there are {known}')
    return build, retrieval


def _names(settings: Any) -> list[str]:
    return [field.name for field in fields(settings)]


def _with(settings: Any, name: str, value: str) -> Any:
    kind = type(getattr(settings, name))
    try:
        # bool("false") is True, so truth is read by its two names.
        parsed = {"true": True, "false": False}[value] if kind is bool else kind(value)
        return replace(settings, **{name: parsed})
    except (KeyError, ValueError) as error:
        wanted = f"the value must be of type {kind.__name__}"
        raise InvalidSetting(f'"{name}={value}": {wanted}') from error
