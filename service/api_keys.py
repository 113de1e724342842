"""API keys as a setting gives them."""

from __future__ import annotations

from pydantic import SecretStr

API_KEY_CHARACTERS = 16


def read_keys(value: object) -> object:
    """Keys separated by commas → a tuple; a key is told by its place, never by its text."""
    if not isinstance(value, str):
        return value
    keys = [key.strip() for key in value.split(",") if key.strip()]
    for place, key in enumerate(keys, start=1):
        if len(key) < API_KEY_CHARACTERS:
            raise ValueError(
                f"key {place} has {len(key)} characters; give at least {API_KEY_CHARACTERS}"
            )
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise ValueError(f"key {place} must be printable ASCII without spaces")
    return tuple(SecretStr(key) for key in keys)
