"""Marks of notes in a page → in brackets: "medal.[1]", where the raised 1 would be a digit.

A mark is a link that says so (``epub:type="noteref"``, ``role="doc-noteref"``), or a raised link
to a place: ``<sup><a href="#n1">1</a></sup>``, whichever of the two is outside.
"""

from __future__ import annotations

from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

_LINKS = '[href*="#"], [role~="doc-noteref"], [epub\\:type~="noteref"]'
_LONGEST_MARK = 8
"""Characters of a mark; a longer link is words."""
_MOST_NODES = 12  # elements and texts of a mark; a link left open holds the rest of the page
_AROUND = 3  # elements looked at above a link


def bracket_marks(tree: LexborHTMLParser) -> None:
    """Change the page in place: every mark that is not in brackets already is put into them."""
    marked: set[int] = set()
    for node in tree.css(_LINKS):
        text = _short_text(node)
        if not text or text[0] in "[(" or _is_in_brackets(node):
            continue
        above = _inline_above(node)
        if marked.intersection(outer.mem_id for outer in above):
            continue
        if _says_so(node) or _is_raised(node, above, text):
            marked.add(node.mem_id)
            node.insert_before("[")
            node.insert_after("]")


def _short_text(node: LexborNode) -> str:
    """All of its text where that may be a mark, else ""."""
    inside = list(islice(node.traverse(include_text=True), _MOST_NODES + 1))
    if len(inside) > _MOST_NODES:
        return ""
    text = (node.text() or "").strip()
    return text if len(text) <= _LONGEST_MARK else ""


def _is_in_brackets(node: LexborNode) -> bool:
    before = node.prev
    return before is not None and before.tag == "-text" and before.text_content[-1:] in ("[", "(")


def _inline_above(node: LexborNode) -> list[LexborNode]:
    """What stands around it in its line, from inside out; ``limit_nesting`` left spans only."""
    above: list[LexborNode] = []
    while (outer := node.parent) is not None and outer.tag in ("span", "sup"):
        if len(above) == _AROUND:
            break
        above.append(node := outer)
    return above


def _says_so(node: LexborNode) -> bool:
    attributes = node.attributes
    return (
        "doc-noteref" in (attributes.get("role") or "").split()
        or "noteref" in (attributes.get("epub:type") or "").split()
    )


def _is_raised(node: LexborNode, above: list[LexborNode], text: str) -> bool:
    """Whether all of it stands in a ``sup``, around the link or within it."""
    if any(outer.tag == "sup" for outer in above):
        return True
    inner = node.css_first("sup")
    return inner is not None and (inner.text() or "").strip() == text
