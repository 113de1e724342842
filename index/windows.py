"""Passage → windows: the few sentences at a time that are encoded, one vector each.

One vector for a whole passage blurs its topics; a question asks about one. So a passage's
cosine is that of its best window. Each word is still encoded once, so it costs no more time
than whole passages do, and two to three times the vectors (figures: ARCHITECTURE.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from index.chunking import ChunkingSettings, passages_of
from index.context import context_prefix
from index.encoder import Encoder
from index.errors import OversizedPassage
from index.records import Document, Passage, Span
from index.sentences import CountPieces

# Passages whose windows are counted together.
AT_ONCE = 16
CONTEXTS_KEPT = 256
COUNTS_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Window:
    """A span of a passage that gets a vector; ``encoded`` is its text after the context,
    ``tokens`` the word pieces the encoder reads for it.
    """

    span: Span
    encoded: str
    tokens: int


@dataclass(frozen=True, slots=True)
class WindowedPassage:
    """A passage with its context, the title and section path before it, and its windows."""

    passage: Passage
    context: str
    windows: tuple[Window, ...]


def cut_windows(lengths: Sequence[int], window_tokens: int) -> list[range]:
    """Sentences, by their word pieces, as runs of about ``window_tokens`` each, evenly filled.

    Every sentence is in one run, whole. With ``window_tokens`` 0 there is one run of all.

    >>> cut_windows([30, 30, 30, 40], 64)
    [range(0, 2), range(2, 4)]
    """
    total = sum(lengths)
    count = max(1, round(total / window_tokens)) if window_tokens else 1
    runs: list[range] = []
    before, last = 0, -1
    for at, length in enumerate(lengths):
        # A sentence belongs to the run in whose even share its middle lies.
        own = min(count - 1, int((before + length / 2) * count / total)) if total else 0
        before += length
        if own != last:
            runs.append(range(at, at + 1))
            last = own
        else:
            runs[-1] = range(runs[-1].start, at + 1)
    return runs


def windowed_passages(
    document: Document, encoder: Encoder, chunking: ChunkingSettings
) -> Iterator[WindowedPassage]:
    """The document's passages with their windows, made as they are asked for.

    Raises OversizedPassage rather than let a window be cut.
    """

    @lru_cache(CONTEXTS_KEPT)
    def context_of(section: tuple[str, ...]) -> str:
        return context_prefix(document.title, section, encoder.token_spans, chunking)

    counted = _Counted(encoder.count_pieces)
    passages = passages_of(document, encoder.token_spans, chunking, counted.count)
    while own := list(islice(passages, AT_ONCE)):
        contexts = [context_of(passage.section) for passage in own]
        spans = [_window_spans(document, one, counted, chunking.window_tokens) for one in own]
        yield from _windowed(document, own, contexts, spans, encoder)


class _Counted:
    """Remembers how many word pieces were found: chunking counts each sentence, and cutting
    windows asks for the same again.
    """

    def __init__(self, count_pieces: CountPieces) -> None:
        self._count_pieces = count_pieces
        self._counts: dict[str, int] = {}

    def count(self, text: str) -> int:
        count = self._counts.get(text)
        if count is None:
            if len(self._counts) >= COUNTS_KEPT:
                self._counts.clear()
            count = self._counts[text] = self._count_pieces(text)
        return count


def _window_spans(
    document: Document, passage: Passage, counted: _Counted, window_tokens: int
) -> list[Span]:
    sentences = passage.sentences
    lengths = [counted.count(sentence.of(document.text)) for sentence in sentences]
    runs = cut_windows(lengths, window_tokens)
    return [Span(sentences[run.start].start, sentences[run.stop - 1].end) for run in runs]


def _windowed(
    document: Document,
    passages: Sequence[Passage],
    contexts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    encoder: Encoder,
) -> Iterator[WindowedPassage]:
    texts = [
        [context + span.of(document.text) for span in own]
        for context, own in zip(contexts, spans, strict=True)
    ]
    counts = iter(encoder.count_tokens([text for own in texts for text in own]))
    for passage, context, own, encoded in zip(passages, contexts, spans, texts, strict=True):
        windows = tuple(map(Window, own, encoded, counts))
        _refuse_oversized(document, windows, encoder)
        yield WindowedPassage(passage, context, windows)


def _refuse_oversized(document: Document, windows: Iterable[Window], encoder: Encoder) -> None:
    limit = encoder.identity.max_tokens
    for window in windows:
        if window.tokens > limit:
            raise OversizedPassage(
                f"the text at {window.span.start} to {window.span.end} of {document.uri} has "
                f"{window.tokens} word pieces, encoder {encoder.identity.name} reads {limit}; "
                "choose a smaller passage size"
            )
