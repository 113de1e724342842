"""Lists of terms: which term and description of a ``<dl>`` are read as one line."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from index.documents.html_nesting import BLOCKS, DROPPED

_LONGEST_TERM = 100
_LONGEST_DESCRIPTION = 300
_MOST_NODES = 100


def description_of(term: LexborNode) -> LexborNode | None:
    """The one short ``<dd>`` of a ``<dt>`` that belongs to no other term; None for the rest.

    ``Price: £4`` says by itself what it says. Longer descriptions, and several, are paragraphs
    of their own, as the page has them.
    """
    description = _beside(term, forwards=True)
    if description is None or description.tag != "dd":
        return None
    is_pair = (
        not _is(_beside(description, forwards=True), "dd")
        and not _is(_beside(term, forwards=False), "dt")
        and _is_short(term, _LONGEST_TERM)
        and _is_short(description, _LONGEST_DESCRIPTION)
    )
    return description if is_pair else None


def separator_of(term: str) -> str:
    """What parts a term from its description.

    >>> separator_of("Price"), separator_of("How much?")
    (': ', ' ')
    """
    return " " if term[-1:] in tuple(":?!.;,–—=") else ": "


def _beside(node: LexborNode, forwards: bool) -> LexborNode | None:
    """The next or last element beside a node; None where words stand between."""
    while True:
        found = node.next if forwards else node.prev
        if found is None:
            return None
        if not (found.tag or "-").startswith("-"):
            return found
        if found.tag == "-text" and (found.text_content or "").strip():
            return None
        node = found


def _is(node: LexborNode | None, tag: str) -> bool:
    return node is not None and node.tag == tag


def _is_short(root: LexborNode, longest: int) -> bool:
    """Whether it is a line of so many characters: one paragraph at most, no list, no picture."""
    length = paragraphs = 0
    waiting, nodes = [root], 0
    while waiting:
        node = waiting.pop()
        nodes += 1
        tag = node.tag or ""
        if tag == "-text":
            length += len((node.text_content or "").strip())
        elif node is not root and (tag in BLOCKS or tag == "br"):
            paragraphs += 1 if tag == "p" else 2
        if length > longest or paragraphs > 1 or nodes > _MOST_NODES:
            return False
        child = node.first_child if tag not in DROPPED else None
        while child is not None:
            waiting.append(child)
            if len(waiting) > _MOST_NODES:
                return False
            child = child.next
    return length > 0
