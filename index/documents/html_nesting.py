"""HTML whose nesting a parser can bear: hostile or broken depth is cut before parsing.

A tree builder looks through all open elements at many tags, so its time grows with the
square of the depth, and unclosed ``<b>`` and ``<font>`` are reopened in every paragraph.
No page that a person reads needs either; the text itself is all kept.
"""

from __future__ import annotations

import re
from collections import Counter

MAX_OPEN = 512
"""Block elements, and again inline elements, open at once; browsers stop at 512 too."""

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main
    menu nav ol p pre search section summary table tbody td tfoot th thead tr ul xmp
"""
_DROPPED_NAMES = """
    applet audio base button canvas datalist dialog embed frame frameset head iframe img input
    link meta meter nav noembed noframes noscript object optgroup option param progress script
    select source style svg template textarea title track video
"""
_NEVER_NESTING_NAMES = """
    area base body br col colgroup dd dt embed frame h1 h2 h3 h4 h5 h6 head hr html img input li
    link meta optgroup option p param rb rp rt rtc source tbody td tfoot th thead title tr track
    wbr
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
DROPPED = frozenset(_DROPPED_NAMES.split())
"""Elements never read: not text, not for readers, or (nav) the way to other pages."""
_NEVER_NEST = frozenset(_NEVER_NESTING_NAMES.split())
"""Elements that close themselves or each other, so they cannot pile up on their own."""

# Reopened by tree builders in each block until closed; read as spans, they are not.
_REOPENED = re.compile(
    r"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title)\b.*?(?:</(?P=raw)|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][^\s/<>]*+)(?P<empty>(?=[^<>]*+(?<=/)>))?",
    re.DOTALL | re.IGNORECASE,
)


def limit_nesting(source: str) -> str:
    """``source`` with formatting tags made spans, and tags beyond ``MAX_OPEN`` deep renamed.

    A block becomes ``<p>`` there, which separates as it did and never nests; anything
    else ``<wbr>``, which is nothing. So does an empty unknown tag (``<path/>``), which HTML
    would leave open.
    """
    open_now: Counter[str] = Counter()
    depth = {True: 0, False: 0}  # by whether the element is a block

    def limited(tag: re.Match[str]) -> str:
        name = (tag["name"] or "").lower()
        if not name or name in _NEVER_NEST:
            return tag[0]
        is_block = name in BLOCKS or name in DROPPED
        if tag["close"]:
            if open_now[name]:
                open_now[name] -= 1
                depth[is_block] -= 1
            return tag[0]
        is_unknown = not is_block and name != "span"
        if depth[is_block] >= MAX_OPEN or (is_unknown and tag["empty"] is not None):
            return "<p" if is_block else "<wbr"
        open_now[name] += 1
        depth[is_block] += 1
        return tag[0]

    return _TAG.sub(limited, _REOPENED.sub(r"<\1span", source))
