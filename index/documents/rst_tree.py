"""docutils' tree → only what its author wrote, and what the tree says without words, said.

docutils puts its complaints into the tree, wherever it made them: in table cells too. What one
quotes of the source stands nowhere else and is kept in its place; the complaint itself never.
"""

from __future__ import annotations

import re

from docutils import nodes

_ERROR = 3  # docutils' level; what a lesser complaint quotes is mostly in the tree as well
# A lesser complaint than an error, about a title that stands in the tree.
_KEPT_TITLE = re.compile(r"Title (?:over|under)line too short")
_RAW = re.compile(r"\.\. raw::")


def clean(tree: nodes.document) -> None:
    """Change the tree in place: complaints and tables of contents out, labels and marks in.

    After this ``astext`` of any node is text of the document.
    """
    for message in list(tree.findall(nodes.system_message)):
        _replace(message, _lost_source(message))
    for topic in list(tree.findall(nodes.topic)):
        if _is_contents(topic):
            _replace(topic, [])
    for notice in list(tree.findall(nodes.Admonition)):
        _say_label(notice)
    for reference in list(tree.findall(_is_mark)):
        # "14 days [1]", as docutils shows it: "14 days 1" would read as another amount.
        _replace(reference, [nodes.Text(f"[{reference.astext()}]")])


def _replace(node: nodes.Element, by: list[nodes.Node]) -> None:
    at = node.parent.index(node)
    node.parent[at : at + 1] = by


def _lost_source(message: nodes.system_message) -> list[nodes.Node]:
    """What a complaint quotes because it stands nowhere else; but markup for other writers is
    no text.
    """
    if message["level"] < _ERROR and _KEPT_TITLE.match(message[0].astext()):
        return []
    quoted = [block.astext() for block in message.findall(nodes.literal_block)]
    return [nodes.literal_block(text, text) for text in quoted if not _RAW.match(text)]


def _is_contents(topic: nodes.topic) -> bool:
    """Whether docutils made it: an author's own references have no ids."""
    return "contents" in topic["classes"] and any(
        reference["ids"] for reference in topic.findall(nodes.reference)
    )


def _say_label(notice: nodes.Element) -> None:
    """``.. warning::`` tells by its name alone what it is; an ``admonition`` has a title."""
    if isinstance(notice, nodes.admonition):
        return
    label = notice.tagname.capitalize()
    if notice.children and isinstance(notice[0], nodes.paragraph):
        notice[0].insert(0, nodes.Text(f"{label}: "))
    else:
        notice.insert(0, nodes.paragraph("", f"{label}:"))


def _is_mark(node: nodes.Node) -> bool:
    return isinstance(node, nodes.footnote_reference | nodes.citation_reference)
