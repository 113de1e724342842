"""Document → passages: whole sentences, packed up to a budget of word pieces.

A passage is one stretch of the text within one section. It never holds text that lies
outside the blocks (a comment between two paragraphs, say): where words lie between two
blocks, a new passage begins. A heading begins one too, and never ends one when text follows
it, nor does another line that names what follows; a section that is nothing but its heading
joins the section below it, whose path names it.

No passage is longer than ``CHARACTERS_PER_TOKEN`` characters per word piece of the budget:
tokenizers give a word of over 100 characters (encoded data, say) as one unknown piece,
and without this bound megabytes could hide behind a handful of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.errors import InvalidSetting
from index.records import Block, Document, Passage, Span
from index.sentences import Budget, CountPieces, TokenSpans, split_long, split_sentences

# A line that names what follows: all of it emphasised, or ended by a colon.
_LEADS = re.compile(r"[^\n]{1,80}:[*_]*|[*_]{2}[^*_\n]{1,80}[*_]{2}")
CHARACTERS_PER_TOKEN = 12  # English has 4 to 5, so only what is no prose meets this bound


@dataclass(frozen=True, slots=True)
class ChunkingSettings:
    """How passages are made; token counts are word pieces without special tokens.

    ``overlap_sentences`` repeats up to so many sentences at the start of the next passage;
    ``balance`` shares the last two passages of a section evenly where the last would be
    under half full; ``join_headings`` joins a section that holds only its heading to the
    first section below it; ``window_tokens`` is about how much of a passage one vector stands
    for, 0 for the whole. Raises InvalidSetting.
    """

    max_tokens: int = 220
    overlap_sentences: int = 0
    prefix_tokens: int = 34
    balance: bool = True
    join_headings: bool = True
    window_tokens: int = 64

    def __post_init__(self) -> None:
        least_of = {
            "max_tokens": 16,
            "overlap_sentences": 0,
            "prefix_tokens": 0,
            "window_tokens": 0,
        }
        for name, least in least_of.items():
            if getattr(self, name) < least:
                raise InvalidSetting(f"{name} is {getattr(self, name)}; give {least} or more")

    @property
    def budget(self) -> Budget:
        return Budget(self.max_tokens, self.max_tokens * CHARACTERS_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a part of one that is too long, and its word pieces; ``leads`` where it
    names what follows, as a heading does or "**Caretaker**" or "You need:".
    """

    span: Span
    tokens: int
    section: tuple[str, ...]
    is_heading: bool
    leads: bool


def chunk(document: Document, token_spans: TokenSpans, settings: ChunkingSettings) -> list[Passage]:
    """The document's passages, in text order; without overlap they are disjoint.

    Every passage has at most ``settings.max_tokens`` word pieces, counted on its own text.
    Time is linear in the text: each sentence is tokenized once and each passage once more;
    only what is too long, not parted by white space or shared evenly is a few times.
    """
    return list(passages_of(document, token_spans, settings))


def passages_of(
    document: Document,
    token_spans: TokenSpans,
    settings: ChunkingSettings,
    count_pieces: CountPieces | None = None,
) -> Iterator[Passage]:
    """As ``chunk``, made as they are asked for: a book's passages take more room than it does.

    ``count_pieces`` is for who can tell how many ``token_spans`` there are without finding them.
    """
    count = count_pieces or (lambda text: len(token_spans(text)))
    for blocks in _stretches(document, settings):
        yield from _Packing(document.text, blocks, token_spans, count, settings).passages()


def _stretches(document: Document, settings: ChunkingSettings) -> Iterator[list[Block]]:
    """Blocks that may share passages: the headings that open a section, then its text."""
    current: list[Block] = []
    for block in document.blocks:
        if current and not _may_share(document.text, current[-1], block, settings):
            yield current
            current = []
        current.append(block)
    if current:
        yield current


def _may_share(text: str, last: Block, block: Block, settings: ChunkingSettings) -> bool:
    # Rules, fences and quote marks between blocks are no words; comments and the like are.
    if any(map(str.isalnum, text[last.span.end : block.span.start])):
        return False
    if not block.is_heading:
        return block.section == last.section
    # Only headings may stand above a heading, and only those of sections it lies in.
    depth = len(last.section)
    is_below = len(block.section) > depth and block.section[:depth] == last.section
    return settings.join_headings and last.is_heading and is_below


@dataclass(frozen=True, slots=True)
class _Packing:
    """One stretch of blocks being packed into passages."""

    text: str
    blocks: Sequence[Block]
    token_spans: TokenSpans
    count_pieces: CountPieces
    settings: ChunkingSettings

    def passages(self) -> Iterator[Passage]:
        units = self._units()
        for start, end in self._balanced(units, self._ranges(units)):
            sentences = tuple(unit.span for unit in units[start:end])
            # Headings may stand above the section the passage ends in, never below it.
            yield Passage(_whole(units[start:end]), units[end - 1].section, sentences)

    def _units(self) -> list[_Unit]:
        units: list[_Unit] = []
        headings = 0  # word pieces of the headings that open the stretch
        for block in self.blocks:
            for sentence in split_sentences(self.text, block.span):
                room = self.settings.budget
                if units and units[-1].is_heading:
                    room = self._room(headings, sentence.start - units[0].span.start)
                for part, tokens in self._parts(sentence, room):
                    leads = block.is_heading or _LEADS.fullmatch(part.of(self.text)) is not None
                    units.append(_Unit(part, tokens, block.section, block.is_heading, leads))
                    headings += tokens if block.is_heading else 0
        return units

    def _room(self, tokens: int, characters: int) -> Budget:
        """What headings of that size leave for a sentence that shall share their passage."""
        budget = self.settings.budget
        room = Budget(budget.tokens - tokens, budget.characters - characters)
        # Headings over half the budget are no headings, and may stand alone.
        is_roomy = 2 * room.tokens >= budget.tokens and 2 * room.characters >= budget.characters
        return room if is_roomy else budget

    def _parts(self, sentence: Span, room: Budget) -> list[tuple[Span, int]]:
        """The sentence, or the parts of it that fit the room, each with its word pieces."""
        if sentence.end - sentence.start <= room.characters:
            tokens = self._count(sentence)
            if tokens <= room.tokens:
                return [(sentence, tokens)]
        parts = split_long(self.text, sentence, self.token_spans, self.settings.budget, room)
        return [(part, self._count(part)) for part in parts]

    def _ranges(self, units: list[_Unit]) -> list[tuple[int, int]]:
        """Greedy packing: half-open ranges of units, each a passage."""
        ranges: list[tuple[int, int]] = []
        start = done = 0
        while done < len(units):
            end = self._reach(units, start)
            if end <= done:  # the overlap left no room for anything new: repeat less
                start += 1
                continue
            ranges.append((start, end))
            done = end
            start = max(end - self.settings.overlap_sentences, start + 1)
        return ranges

    def _reach(self, units: list[_Unit], start: int) -> int:
        """The end of the longest passage that begins at ``start``; at least one unit long."""
        budget = self.settings.budget
        first, end, tokens = units[start].span.start, start + 1, units[start].tokens
        while end < len(units):
            tokens += units[end].tokens
            if tokens > budget.tokens or units[end].span.end - first > budget.characters:
                break
            end += 1
        # Sentences not parted by white space may have more pieces together than apart.
        while end - start > 1 and not self._fits(units[start:end]):
            end -= 1
        last = end
        while end < len(units) and last - start > 1 and units[last - 1].leads:
            last -= 1
        # Where all of it leads on, nothing is gained by cutting elsewhere.
        return end if units[last - 1].leads else last

    def _balanced(self, units: list[_Unit], ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The ranges, the last two shared evenly where the last is under half full."""
        if not self.settings.balance or self.settings.overlap_sentences or len(ranges) < 2:
            return ranges
        (start, middle), (_, end) = ranges[-2:]
        if 2 * _tokens(units[middle:end]) >= self.settings.max_tokens:
            return ranges
        whole, before = _tokens(units[start:end]), 0
        best, smallest = middle, whole
        for row in range(start + 1, middle):
            before += units[row - 1].tokens
            larger = max(before, whole - before)
            if larger < smallest and not units[row - 1].leads:
                best, smallest = row, larger
        if not (self._fits(units[start:best]) and self._fits(units[best:end])):
            return ranges
        return [*ranges[:-2], (start, best), (best, end)]

    def _count(self, span: Span) -> int:
        return self.count_pieces(span.of(self.text))

    def _fits(self, units: Sequence[_Unit]) -> bool:
        whole, budget = _whole(units), self.settings.budget
        is_short = whole.end - whole.start <= budget.characters
        return is_short and self._count(whole) <= budget.tokens


def _whole(units: Sequence[_Unit]) -> Span:
    return Span(units[0].span.start, units[-1].span.end)


def _tokens(units: Sequence[_Unit]) -> int:
    return sum(unit.tokens for unit in units)
