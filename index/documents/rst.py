"""reStructuredText: the readable text of what docutils makes of it.

Nothing is included, run or fetched. Directives and roles of other systems (Sphinx, say) are
unknown to docutils; their source is kept as it stands, so that no word is lost.
"""

from __future__ import annotations

import io

from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import SystemMessage

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.rst_tree import clean
from index.documents.table_grid import Cell, Repeats, TableGrid
from index.documents.text_blocks import LINE_GAP, PARAGRAPH_GAP, TextBlocks
from index.errors import UnreadableDocument
from index.records import MetadataValue

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "embed_stylesheet": False,
    "report_level": 5,
    "halt_level": 5,
    "line_length_limit": 10_000_000,
    "smart_quotes": False,
    "syntax_highlight": "none",
    "warning_stream": io.StringIO(),
    "_disable_config": True,
}
_PASSED_OVER = (nodes.comment, nodes.substitution_definition, nodes.target, nodes.raw, nodes.meta)
_METADATA = ("author", "authors", "date", "version", "organization", "copyright")


def parse(data: bytes) -> Extract:
    """Blocks under their sections; the document's title, and docinfo as metadata.

    Raises UnreadableDocument.
    """
    decoded = decode(data)
    try:
        tree = publish_doctree(decoded.text, settings_overrides=_SETTINGS)
    except SystemMessage as error:
        raise UnreadableDocument(f"docutils cannot read it ({error})") from error
    clean(tree)
    text = TextBlocks()
    _read(tree, 0, text)
    title = tree.get("title") or text.first_heading
    return Extract(text.text, title, tuple(text.blocks), _docinfo(tree) | decoded.metadata)


def _read(node: nodes.Element, level: int, text: TextBlocks) -> None:
    """Append everything readable below a node; ``level`` is that of the headings in it."""
    gap = PARAGRAPH_GAP
    grid = TableGrid(Repeats())  # of a table's head or body; others have no rows
    for child in node.children:
        if isinstance(child, _PASSED_OVER):
            continue
        if isinstance(child, nodes.section):
            _read(child, level + 1, text)
        elif isinstance(child, nodes.title | nodes.subtitle):
            _add_title(child, node, level, text)
        elif isinstance(child, nodes.row):
            text.add_row(grid.row([_cell(entry) for entry in child.children]))
        elif isinstance(child, nodes.field):
            name, body = child.children
            text.add(f"{name.astext()}: {' '.join(body.astext().split())}", gap)
            gap = LINE_GAP
        elif isinstance(node, nodes.docinfo):
            text.add(f"{child.tagname.capitalize()}: {' '.join(child.astext().split())}", gap)
            gap = LINE_GAP
        elif isinstance(child, nodes.footnote | nodes.citation):
            label, *body = (part.astext() for part in child.children)
            text.add(f"[{label}] {PARAGRAPH_GAP.join(body)}")
        elif isinstance(child, nodes.line_block):
            text.add("\n".join(_lines(child)))
        elif isinstance(child, nodes.TextElement | nodes.option_group):
            text.add(child.astext())
        elif isinstance(child, nodes.Element):
            _read(child, level, text)


def _add_title(title: nodes.Element, of: nodes.Element, level: int, text: TextBlocks) -> None:
    if isinstance(of, nodes.document | nodes.section) and isinstance(title, nodes.title):
        text.add_heading(level + 1, " ".join(title.astext().split()))
    else:  # of a table, an admonition, a topic: a line of its own
        text.add(title.astext())


def _cell(entry: nodes.entry) -> Cell:
    words = " ".join(entry.astext().split())
    return Cell(words, 1 + entry.get("morecols", 0), 1 + entry.get("morerows", 0))


def _lines(block: nodes.line_block) -> list[str]:
    return [line.astext() for line in block.findall(nodes.line)]


def _docinfo(tree: nodes.document) -> dict[str, MetadataValue]:
    found: dict[str, MetadataValue] = {}
    for node in tree.findall(nodes.docinfo):
        for child in node.children:
            if child.tagname in _METADATA:
                found[child.tagname] = " ".join(child.astext().split())
    authors = found.pop("authors", None)
    if authors:
        found.setdefault("author", authors)
    return found
