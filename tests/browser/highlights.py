"""What the API says is highlighted."""

from __future__ import annotations


def marked(passage, *kinds):
    """The highlights of these kinds, cut from the passage as Python counts."""
    return "".join(
        passage["text"][mark["start"] : mark["end"]]
        for mark in passage["highlights"]
        if mark["kind"] in kinds
    )
