"""A parsed page → readable text and its blocks, in one walk: offsets are made, never searched.

White space is folded as a browser folds it. Headings, paragraphs, list items and table rows
are blocks, an empty line apart; cells are joined by ``" | "``, those that span said again;
``<br>`` ends a line and two of them a block; ``<pre>`` is kept as it is. A term and its one short
description are a block, ``term: description``. A ``<summary>`` is the heading of its ``<details>``.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from index.documents.html_furniture import Furniture
from index.documents.html_nesting import BLOCKS, DROPPED
from index.documents.html_tables import OpenTables
from index.documents.html_terms import description_of, separator_of
from index.documents.html_walk import walk
from index.documents.text_blocks import TextBlocks

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CONTENT = "main, article, [role=main]"
_FURNITURE = frozenset({"header", "footer", "aside"})
_FURNITURE_ROLES = frozenset({"banner", "contentinfo", "complementary"})
_GROUPS = frozenset({"thead", "tbody", "tfoot"})
_LEVELS = 7  # a <details> opens below all six levels of what is around it, and has its own six
_DEEPEST_DETAILS = 5  # within each other; every block holds all the headings above it
_BREAK = "\0"  # stands for <br> until a block is folded; parsed HTML holds no NUL
_SPACE = " \t\n\f\r" + _BREAK
_FOLDED = re.compile(r"[ \t\n\f\r]+")
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


class PageText:
    """The text of one page, growing block by block while its tree is walked.

    Left out is what tags say is no text of the page; with ``drop_furniture`` headers, footers and
    asides outside the content too, and with ``furniture`` what it tells by names and roles.
    """

    def __init__(self, drop_furniture: bool, furniture: Furniture | None = None) -> None:
        self.length = 0
        """Characters read."""
        self._blocks: list[tuple[int, str]] = []  # level (0 for text) and words; no words: a close
        self._pending: list[str] = []
        self._drop_furniture = drop_furniture
        self._furniture = furniture
        self._content_depth = 0
        self._details_depth = 0
        self._heading = 0  # its level, inside a heading
        self._pre_depth = 0
        self._tables = OpenTables()
        self._is_pair = False  # a term is read together with its description
        self._raised = False  # the next text is a superscript's first

    def read(self, root: LexborNode) -> PageText:
        """Read everything readable below ``root``."""
        for opens, tag, node in walk(root, self._is_dropped):
            if tag == "-text":
                self._add(node.text_content or "")
            elif opens:
                self._open(tag, node)
            else:
                self._close(tag)
        self._end_block()
        return self

    def write(self, into: TextBlocks) -> None:
        """Append what was read to a text, of which the page may be only a part."""
        for level, words in self._blocks:
            if not words:
                into.outline.close(level)
            elif not level:
                into.add(words)
            elif level % _LEVELS:
                into.add_heading(level, words)
            else:  # a summary ("More") is no title of the page
                into.outline.open(level, words)
                into.add(words, is_heading=True)

    def _is_dropped(self, node: LexborNode, tag: str) -> bool:
        if tag in DROPPED:
            return True
        is_around = self._drop_furniture and not self._content_depth
        if is_around and tag in _FURNITURE:
            return True
        attributes = node.attributes
        if not attributes and tag != "search":
            return False
        return (
            attributes.get("hidden", "until-found") != "until-found"
            or attributes.get("aria-hidden") == "true"
            or attributes.get("role") == "navigation"
            or (is_around and attributes.get("role") in _FURNITURE_ROLES)
            or bool(_INVISIBLE.search(attributes.get("style") or ""))
            or (self._furniture is not None and self._furniture.holds(node, tag, is_around))
        )

    def _add(self, text: str) -> None:
        # 10<sup>6</sup> must not be read as 106, nor a footnote's mark as a figure's digit.
        if (
            self._raised
            and text[:1].isdigit()
            and self._pending
            and self._pending[-1][-1:].isdigit()
        ):
            self._pending.append("^")
        self._raised = False
        self._pending.append(text)

    def _open(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self._pending.append(_BREAK)
        elif tag == "sup":
            self._raised = True
        elif tag in ("main", "article", "details"):
            self._content_depth += tag != "details"
            self._details_depth += tag == "details"
            self._edge()
        elif tag in HEADINGS:
            details = min(self._details_depth, _DEEPEST_DETAILS)
            self._open_heading(_LEVELS * details + int(tag[1]))
        elif tag == "summary" and self._is_heading(node):
            self._open_heading(_LEVELS * self._details_depth)
        elif tag in ("dt", "dd"):
            self._open_term(tag, node)
        elif tag == "tr":
            self._end_block()
            self._tables.open_row()
        elif tag in ("td", "th") and self._tables.in_row:
            self._tables.open_cell(self._line(), node.attributes)
        elif tag in ("pre", "table", "listing", "xmp"):
            # A row that holds these is layout, not a row of data: its cells are blocks.
            self._end_block()
            self._pre_depth += tag != "table"
            if tag == "table":
                self._tables.open()
        elif tag in BLOCKS:
            self._edge()

    def _open_heading(self, level: int) -> None:
        self._end_block()
        self._heading = level

    def _open_term(self, tag: str, node: LexborNode) -> None:
        if tag == "dd" and self._is_pair:
            while self._pending and not self._pending[-1].strip(_SPACE):
                self._pending.pop()
            if self._pending:
                words = self._pending[-1].rstrip(_SPACE)
                self._pending[-1:] = [words, separator_of(words)]
            return
        self._edge()
        description = description_of(node) if tag == "dt" else None
        self._is_pair = description is not None and not self._is_dropped(description, "dd")

    def _close(self, tag: str) -> None:
        if tag == "tr" and self._tables.in_row:
            self._put_row(self._tables.end_row(self._line()))
        elif tag in HEADINGS or tag in ("tr", "table") or (tag == "summary" and self._in_summary):
            self._end_block()
            self._heading = 0
            if tag == "table":
                self._tables.close()
        elif tag in ("pre", "listing", "xmp"):
            self._end_block()
            self._pre_depth -= 1
        elif tag in ("td", "th") and self._tables.in_row:
            self._tables.end_cell(self._line())
        elif tag in BLOCKS:
            self._content_depth -= tag in ("main", "article")
            self._is_pair = self._is_pair and tag != "dd"
            self._edge()
            if tag in _GROUPS:
                self._tables.end_group()
            if tag == "details":
                self._end_details()

    def _is_heading(self, summary: LexborNode) -> bool:
        return (
            summary.parent is not None
            and summary.parent.tag == "details"
            and self._details_depth <= _DEEPEST_DETAILS
            and not self._tables.in_row
        )

    @property
    def _in_summary(self) -> bool:
        return self._heading > 0 and self._heading % _LEVELS == 0

    def _end_details(self) -> None:
        """What follows stands under the heading that was there before."""
        if self._details_depth <= _DEEPEST_DETAILS:
            self._blocks.append((_LEVELS * self._details_depth, ""))
        self._details_depth -= 1

    def _edge(self) -> None:
        """A block element begins or ends: a new block, unless one thing is being read as one."""
        if self._heading or self._tables.in_row or self._is_pair:
            self._pending.append(" ")
        elif self._pre_depth:
            if self._pending and not self._pending[-1].endswith(("\n", _BREAK)):
                self._pending.append("\n")
        else:
            self._end_block()

    def _put_row(self, cells: list[str]) -> None:
        line = _FOLDED.sub(" ", " | ".join(cells)).strip(" ")
        if line.strip(" |"):
            self._put(0, line)

    def _end_block(self) -> None:
        if self._tables.in_row:
            self._put_row(self._tables.break_row(self._line()))
        elif self._pre_depth:
            self._put(0, "".join(self._pending).replace(_BREAK, "\n").strip("\n"))
        elif self._heading:
            line = self._line()
            if line.replace("|", " ").strip():
                self._put(self._heading, line)
        else:
            lines = [
                line.strip(" ") for line in _FOLDED.sub(" ", "".join(self._pending)).split(_BREAK)
            ]
            for stanza in "\n".join(lines).split("\n\n"):
                self._put(0, stanza.strip("\n"))
        self._pending, self._raised, self._is_pair = [], False, False

    def _line(self) -> str:
        """What is pending as one line; nothing is pending then."""
        source, self._pending = "".join(self._pending), []
        return _FOLDED.sub(" ", source.replace(_BREAK, " ")).strip(" ")

    def _put(self, level: int, words: str) -> None:
        if words:
            self._blocks.append((level, words))
            self.length += len(words)
