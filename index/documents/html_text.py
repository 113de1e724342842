"""A parsed page → readable text and its blocks, in one walk: offsets are made, never searched.

White space is folded as a browser folds it. Headings, paragraphs, list items and table rows
are blocks, an empty line apart; cells are joined by ``" | "``; ``<br>`` ends a line and two
of them a block; ``<pre>`` is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from index.documents.html_nesting import BLOCKS, DROPPED
from index.documents.text_blocks import TextBlocks

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CONTENT = "main, article, [role=main]"
_FURNITURE = frozenset({"header", "footer", "aside"})
_BREAK = "\0"  # stands for <br> until a block is folded; parsed HTML holds no NUL
_FOLDED = re.compile(r"[ \t\n\f\r]+")
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


class PageText:
    """The text of one page, growing block by block while its tree is walked.

    It is added to ``into``, of which the page may be only a part.
    """

    def __init__(self, drop_furniture: bool, into: TextBlocks) -> None:
        self._into = into
        self._pending: list[str] = []
        self._drop_furniture = drop_furniture
        self._content_depth = 0
        self._heading = 0  # 1 to 6 inside a heading
        self._pre_depth = 0
        self._row_cells: int | None = None  # cells begun in the row being read, None outside
        self._raised = False  # the next text is a superscript's first

    def read(self, root: LexborNode) -> None:
        """Append everything readable below ``root``."""
        for opens, tag, text in _walk(root, self._is_dropped):
            if tag == "-text":
                self._add(text)
            elif opens:
                self._open(tag)
            else:
                self._close(tag)
        self._end_block()

    def _is_dropped(self, node: LexborNode, tag: str) -> bool:
        if tag in DROPPED:
            return True
        if self._drop_furniture and not self._content_depth and tag in _FURNITURE:
            return True
        attributes = node.attributes
        if not attributes:
            return False
        return (
            attributes.get("hidden", "until-found") != "until-found"
            or attributes.get("aria-hidden") == "true"
            or attributes.get("role") == "navigation"
            or bool(_INVISIBLE.search(attributes.get("style") or ""))
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

    def _open(self, tag: str) -> None:
        if tag == "br":
            self._pending.append(_BREAK)
        elif tag == "sup":
            self._raised = True
        elif tag in ("main", "article"):
            self._content_depth += 1
            self._edge()
        elif tag in HEADINGS:
            self._end_block()
            self._heading, self._row_cells = int(tag[1]), None
        elif tag == "tr":
            self._end_block()
            self._row_cells = 0
        elif tag in ("td", "th") and self._row_cells is not None:
            self._pending.append(" | " if self._row_cells else "")
            self._row_cells += 1
        elif tag in ("pre", "table", "listing", "xmp"):
            # A row that holds these is layout, not a row of data: its cells are blocks.
            self._end_block()
            self._row_cells = None
            self._pre_depth += tag != "table"
        elif tag in BLOCKS:
            self._edge()

    def _close(self, tag: str) -> None:
        if tag in HEADINGS or tag in ("tr", "table"):
            self._end_block()
            self._heading, self._row_cells = 0, None
        elif tag in ("pre", "listing", "xmp"):
            self._end_block()
            self._pre_depth -= 1
        elif tag in ("td", "th") and self._row_cells is not None:
            return
        elif tag in BLOCKS:
            self._content_depth -= tag in ("main", "article")
            self._edge()

    def _edge(self) -> None:
        """A block element begins or ends: a new block, unless one thing is being read as one."""
        if self._heading or self._row_cells is not None:
            self._pending.append(" ")
        elif self._pre_depth:
            if self._pending and not self._pending[-1].endswith(("\n", _BREAK)):
                self._pending.append("\n")
        else:
            self._end_block()

    def _end_block(self) -> None:
        source, self._pending = "".join(self._pending), []
        self._raised = False
        if self._pre_depth:
            self._into.add(source.replace(_BREAK, "\n").strip("\n"))
        elif self._heading or self._row_cells is not None:
            line = _FOLDED.sub(" ", source.replace(_BREAK, " ")).strip(" ")
            if self._heading and line.replace("|", " ").strip():
                self._into.add_heading(self._heading, line)
            elif line.strip(" |"):
                self._into.add(line)
        else:
            lines = [line.strip(" ") for line in _FOLDED.sub(" ", source).split(_BREAK)]
            for stanza in "\n".join(lines).split("\n\n"):
                self._into.add(stanza.strip("\n"))


def _walk(
    root: LexborNode, is_dropped: Callable[[LexborNode, str], bool]
) -> Iterator[tuple[bool, str, str]]:
    """(opens, tag, text) for each element's start and end and each text, in page order.

    Iterative, for trees have no depth limit; comments and dropped elements are passed over.
    """
    above: list[tuple[LexborNode, str]] = []
    node = root
    while True:
        tag = node.tag or "-unknown"
        child = None
        if tag == "-text":
            yield True, tag, node.text_content or ""
        elif not tag.startswith("-") and not is_dropped(node, tag):
            yield True, tag, ""
            child = node.first_child
            if child is None:
                yield False, tag, ""
        if child is not None:
            above.append((node, tag))
            node = child
            continue
        while above and (following := node.next) is None:
            node, tag = above.pop()
            yield False, tag, ""
        if not above:
            return
        node = following
