"""Whether a client already holds what it asks for."""

from __future__ import annotations


def holds(if_none_match: str, etag: str) -> bool:
    """Whether a tag list holds the tag, by RFC 9110's weak comparison."""
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or tags == ["*"]
