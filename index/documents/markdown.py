"""Markdown (CommonMark with tables): the canonical text is the file itself.

A block is whole lines, trimmed: a heading with its ``#``, a list item's paragraph with its
marker, a table row with its pipes, a fenced code block with its fences. So an offset is a
place in the file, and nothing but white space, rules, underlines and link definitions lies
between the blocks of running text. Front matter and HTML comments of their own stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from index.documents.encoding import decode
from index.documents.extract import Extract
from index.documents.front_matter import read_front_matter
from index.documents.outline import LONGEST_HEADING, Outline
from index.records import Block, MetadataValue, Span, trimmed

MAX_NESTING = 100
"""Quotes and lists within each other; deeper lines are still read, as plain paragraphs."""

# Not readable: comments, and what only a browser runs. An unclosed one reaches to its block's end.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>")
_READ_WHOLE = frozenset({"paragraph_open", "tr_open", "fence", "code_block"})
_READ_NOT = frozenset({"front_matter", "definition", "hr", "table_open"})


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of lines to read; ``level`` is 1 to 6 where it is a heading of the document."""

    span: Span
    level: int = 0
    heading: str = ""

    @property
    def opens_section(self) -> bool:
        """Whether it is a heading of any words."""
        return bool(self.level and self.heading.strip())


def parse(data: bytes) -> Extract:
    """Blocks under their headings, front matter as metadata. Raises UnreadableDocument."""
    decoded = decode(data)
    text = decoded.text
    parser = _parser()
    environment: dict = {}
    tokens = parser.parse(text, environment)
    metadata = _front_matter(tokens)
    if metadata is None:  # "---" lines around what is no mapping are rules, not front matter
        tokens = parser.disable("front_matter").parse(text, environment)
        metadata = {}
    pieces = _pieces(text, tokens, lambda source: _plain(parser, source, environment))
    outline, blocks = Outline(), []
    for piece in pieces:
        if piece.opens_section:
            outline.open(piece.level, piece.heading)
        blocks.append(Block(piece.span, outline.path, piece.opens_section))
    stated = metadata.pop("title", None)
    title = ", ".join(stated) if isinstance(stated, tuple) else stated and str(stated)
    title = title or _first_heading(pieces)
    return Extract(text, title, tuple(blocks), metadata | decoded.metadata)


def _parser() -> MarkdownIt:
    options = {"maxNesting": MAX_NESTING, "inline_definitions": True}
    parser = MarkdownIt("commonmark", options).enable("table").use(front_matter_plugin)
    # Lines are all we need; inline markup is parsed for headings only.
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _front_matter(tokens: list[Token]) -> dict[str, MetadataValue] | None:
    if tokens and tokens[0].type == "front_matter":
        return read_front_matter(tokens[0].content)
    return {}


def _pieces(text: str, tokens: list[Token], plain: Callable[[str], str]) -> list[_Piece]:
    """What is to be read, in text order."""
    # Only "\n" ends a line here: form feeds and the like are characters of a line.
    line_starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    lines_read = bytearray(len(line_starts) - 1)
    pieces: list[_Piece] = []
    for row, token in enumerate(tokens):
        if token.map is None:
            continue
        first, last = token.map
        end = min(line_starts[min(last, len(line_starts) - 1)], len(text))
        span = trimmed(text, line_starts[first], end)
        if token.type == "heading_open":
            pieces.append(_heading(text, token, tokens[row + 1], line_starts, plain))
        elif token.type in _READ_WHOLE:
            pieces.append(_Piece(span))
        elif token.type == "html_block":
            pieces.extend(_Piece(seen) for seen in _seen(text, span))
        elif token.type not in _READ_NOT:
            continue
        lines_read[first:last] = b"\1" * (last - first)
    pieces.extend(_Piece(span) for span in _left_over(text, line_starts, lines_read))
    return sorted((p for p in pieces if p.span.start < p.span.end), key=lambda p: p.span)


def _heading(
    text: str, token: Token, inline: Token, line_starts: list[int], plain: Callable[[str], str]
) -> _Piece:
    # The inline token's lines end before an underline of "===" or "---".
    first, last = inline.map
    span = trimmed(text, line_starts[first], min(line_starts[last], len(text)))
    # A heading inside a quote or a list item is read, but opens no section of the document.
    level = int(token.tag[1]) if token.level == 0 else 0
    return _Piece(span, level, plain(inline.content) if level else "")


def _seen(text: str, span: Span) -> Iterator[Span]:
    """The parts of an HTML block that hold words outside tags, comments, scripts and styles."""
    source = span.of(text)
    start = 0
    for unseen in [*_UNSEEN.finditer(source), None]:
        end = unseen.start() if unseen else len(source)
        if any(map(str.isalnum, _TAG.sub("", source[start:end]))):
            yield trimmed(text, span.start + start, span.start + end)
        start = unseen.end() if unseen else end


def _left_over(text: str, line_starts: list[int], lines_read: bytearray) -> Iterator[Span]:
    """Lines with words that no token covers: those nested deeper than the parser goes."""
    for row, was_read in enumerate(lines_read):
        line = text[line_starts[row] : line_starts[row + 1] - 1]
        if not was_read and any(map(str.isalpha, line)):
            yield trimmed(text, line_starts[row], line_starts[row] + len(line))


def _plain(parser: MarkdownIt, source: str, environment: dict) -> str:
    """The words of a heading without its markup."""
    if len(source) > 4 * LONGEST_HEADING:  # no heading; and inline parsing can be slow
        return source
    tokens: list[Token] = []
    parser.inline.parse(source, parser, environment, tokens)
    return "".join(_words(tokens))


def _words(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield from _words(token.children or [])
        elif token.type != "html_inline":
            yield token.content


def _first_heading(pieces: list[_Piece]) -> str | None:
    headings = [piece for piece in pieces if piece.opens_section]
    first = next((piece for piece in headings if piece.level == 1), next(iter(headings), None))
    return first.heading if first else None
