"""Which sentences of a passage only name what stands below them: sections, columns of tables."""

from __future__ import annotations

from collections.abc import Sequence

from index.snapshot import StoredPassage
from service.reading.rows import heads_of


def headings(passage: StoredPassage, text: str) -> list[bool]:
    """Of each sentence of a passage of this canonical text, whether it is one."""
    whole = passage.span
    # Few passages have a bar at all.
    heads = heads_of(text, whole.start, whole.end) if "|" in whole.of(text) else []
    return [
        names_section(own.of(text), passage.section)
        or any(head.start <= own.start and own.end <= head.end for head in heads)
        for own in passage.sentences
    ]


def names_section(sentence: str, section: Sequence[str]) -> bool:
    """Whether a sentence only names a section of the path it stands under.

    >>> names_section("## Opening hours", ("The pool", "Opening hours"))
    True
    """
    # Markdown keeps the marks of a heading in its text, other formats have none.
    return sentence.strip("#*_ \t\n") in section
