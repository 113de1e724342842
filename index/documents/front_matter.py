"""YAML front matter → flat metadata.

Values are strings, numbers, booleans and tuples of strings. Nested mappings are flattened
with dots (``author.name``), empty values and lists of mappings are left out. Dates become
ISO 8601 strings. Of YAML's guesses only the sure ones are made (YAML 1.2's core): ``no``
is Norway, ``010`` and ``12:30`` are strings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

import yaml

from index.records import MetadataValue

MAX_CHARACTERS = 65_536
MAX_FIELDS = 256
MAX_DEPTH = 20
ERROR_FIELD = "front_matter_error"
"""The metadata name that says why front matter was not read."""


class _Loader(yaml.SafeLoader):
    """The safe loader with fewer guesses."""

    yaml_implicit_resolvers: ClassVar[dict] = {}


def _iso_timestamp(loader: _Loader, node: yaml.ScalarNode) -> str:
    try:
        return loader.construct_yaml_timestamp(node).isoformat()
    except ValueError:  # 2022-13-45 is a string to us
        return loader.construct_scalar(node)


_TIMESTAMP = next(
    pattern
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers["2"]
    if tag == "tag:yaml.org,2002:timestamp"
)
for _tag, _pattern, _first in (
    ("null", re.compile(r"(?:~|null|Null|NULL|)$"), [*"~nN", ""]),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), [*"tTfF"]),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})$"), [*"-+0123456789"]),
    ("float", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}$"), [*"-+0123456789"]),
    ("timestamp", _TIMESTAMP, [*"0123456789"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, _first)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _iso_timestamp)


def read_front_matter(source: str) -> dict[str, MetadataValue] | None:
    """The fields of ``source``, or None where it is YAML but no mapping (so no front matter).

    Never raises: front matter that is broken, too large or uses aliases (they can unfold
    without bound) gives one field, ``front_matter_error``, saying so.
    """
    if len(source) > MAX_CHARACTERS:
        return {ERROR_FIELD: f"longer than {MAX_CHARACTERS} characters, so not read"}
    try:
        if danger := _danger(source):
            return {ERROR_FIELD: f"{danger}, so not read"}
        loaded = yaml.load(source, Loader=_Loader)
    except (yaml.YAMLError, ValueError, TypeError, LookupError) as error:
        return {ERROR_FIELD: f"not valid YAML: {' '.join(str(error).split())}"[:300]}
    if loaded is None:
        return {}
    return _flatten(loaded) if isinstance(loaded, Mapping) else None


def _danger(source: str) -> str | None:
    """Why the YAML may not be loaded. Events come one by one, so this stops at the first reason."""
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return f"nested over {MAX_DEPTH} deep"
        if isinstance(event, yaml.AliasEvent):
            return f"it uses a YAML alias (*{event.anchor})"
    return None


def _flatten(loaded: Mapping) -> dict[str, MetadataValue]:
    fields: dict[str, MetadataValue] = {}
    waiting = [(_encodable(str(key)).strip(), value) for key, value in reversed(loaded.items())]
    while waiting and len(fields) < MAX_FIELDS:
        name, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(
                (f"{name}.{_encodable(str(key)).strip()}", inner)
                for key, inner in reversed(value.items())
            )
        elif (kept := _value(value)) is not None:
            fields[name] = kept
    return fields


def _value(value: object) -> MetadataValue | None:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _encodable(value).strip() or None
    if isinstance(value, list):
        items = [_text(item) for item in value if isinstance(item, str | int | float)]
        return tuple(item for item in items if item) or None
    return None


def _text(item: str | int | float) -> str:
    # As YAML writes it: a list of booleans reads "true", not Python's "True".
    return str(item).lower() if isinstance(item, bool) else _encodable(str(item)).strip()


def _encodable(text: str) -> str:
    """YAML's "\\ud800" escapes make lone surrogates, which no file or reply could hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
