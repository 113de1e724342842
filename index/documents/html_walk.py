"""A walk through a parsed page, however deep it is nested."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode


def walk(
    root: LexborNode, is_dropped: Callable[[LexborNode, str], bool]
) -> Iterator[tuple[bool, str, LexborNode]]:
    """(opens, tag, node) for each element's start and end and each text, in page order.

    Iterative, for trees have no depth limit; comments and dropped elements are passed over.
    """
    above: list[tuple[LexborNode, str]] = []
    node = root
    while True:
        tag = node.tag or "-unknown"
        child = None
        if tag == "-text":
            yield True, tag, node
        elif not tag.startswith("-") and not is_dropped(node, tag):
            yield True, tag, node
            child = node.first_child
            if child is None:
                yield False, tag, node
        if child is not None:
            above.append((node, tag))
            node = child
            continue
        while above and (following := node.next) is None:
            node, tag = above.pop()
            yield False, tag, node
        if not above:
            return
        node = following
