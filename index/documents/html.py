"""HTML and XHTML: the canonical text is the page's readable text, made here."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.html_furniture import Furniture
from index.documents.html_nesting import limit_nesting
from index.documents.html_notes import bracket_marks
from index.documents.html_text import CONTENT, PageText
from index.documents.text_blocks import TextBlocks
from index.records import MetadataValue

_PRESCAN_BYTES = 4096
_DECLARED = re.compile(
    rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([-\w:.]{1,40})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([-\w:.]{1,40})""",
    re.IGNORECASE,
)
# XML closes <div/> and <title/>; an HTML parser would leave them open over all that follows.
_SELF_CLOSED = re.compile(r"<([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>")
_VOID_NAMES = "area base br col embed frame hr img input link meta param source track wbr"
_META_NAMES = {
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "citation_author"),
    "description": ("description", "og:description", "dc.description", "twitter:description"),
    "date": (
        "article:published_time",
        "date",
        "dc.date",
        "dcterms.date",
        "dcterms.created",
        "datepublished",
        "citation_publication_date",
        "pubdate",
        "publish_date",
    ),
    "keywords": ("keywords",),
}
_LONGEST_VALUE = 2000


def parse(data: bytes) -> Extract:
    """The text a reader sees, with its headings as sections. Raises UnreadableDocument.

    Left out: scripts, styles, templates, forms' controls, pictures, hidden elements and
    navigation; where the page marks its content with ``main`` or ``article``, any ``header``,
    ``footer`` and ``aside`` outside it; and, unless they hold more than all the rest, menus of
    nothing but links, dialogs, searches and notices on cookies that name themselves so.
    """
    decoded = decode(data, _declared_encoding(data))
    tree = _tree(decoded.text)
    text = _read(tree, TextBlocks())
    meta = _meta(tree)
    title = _page_title(tree) or meta.get("og:title") or text.first_heading
    return Extract(text.text, title, tuple(text.blocks), _metadata(tree, meta) | decoded.metadata)


def read_page(data: bytes, into: TextBlocks) -> None:
    """Append a page's readable text, as ``parse`` reads it. Raises UnreadableDocument."""
    _read(_tree(decode(data, _declared_encoding(data)).text), into)


def _tree(source: str) -> LexborHTMLParser:
    if source.lstrip().startswith("<?xml"):
        source = _SELF_CLOSED.sub(_closed, source)
    tree = LexborHTMLParser(limit_nesting(source))
    bracket_marks(tree)
    return tree


def _read(tree: LexborHTMLParser, into: TextBlocks) -> TextBlocks:
    if tree.body is not None:
        has_content = tree.css_first(CONTENT) is not None
        furniture = Furniture()
        page = PageText(has_content, furniture).read(tree.body)
        if page.length < furniture.set_aside:  # what calls itself a dialog holds the text
            page = PageText(has_content).read(tree.body)
        if not page.length:  # an empty <main>, filled by a script we do not run
            page = PageText(False).read(tree.body)
        page.write(into)
    return into


def _declared_encoding(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_PRESCAN_BYTES])
    return (match[1] or match[2]).decode("ascii") if match else None


def _closed(tag: re.Match[str]) -> str:
    return tag[0] if tag[1].lower() in _VOID_NAMES.split() else f"<{tag[1]}{tag[2]}></{tag[1]}>"


def _page_title(tree: LexborHTMLParser) -> str | None:
    # Not any <title>: pictures in SVG have theirs.
    title = tree.css_first("head > title")
    return _folded(title.text()) if title else None


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """``<meta>`` contents by lower-case name or property; the first of each wins."""
    found: dict[str, str] = {}
    for element in tree.css("meta"):
        attributes = element.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = _folded(attributes.get("content") or "")
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _metadata(tree: LexborHTMLParser, meta: dict[str, str]) -> dict[str, MetadataValue]:
    """lang, author, description, date (as the page writes them) and keywords, where stated."""
    found: dict[str, MetadataValue] = {}
    if language := _folded((tree.root.attributes.get("lang") if tree.root else None) or ""):
        found["lang"] = language
    for field, names in _META_NAMES.items():
        if value := next((meta[name] for name in names if name in meta), None):
            found[field] = value
    time = tree.css_first("time[datetime]")
    if time and (moment := _folded(time.attributes.get("datetime") or "")):
        found.setdefault("date", moment)
    if keywords := str(found.pop("keywords", "")):
        words = tuple(word.strip() for word in keywords.split(",") if word.strip())
        found["keywords"] = words
    return found


def _folded(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_VALUE]
