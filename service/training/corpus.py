"""The examples in word pieces: every context and question once, sentences known, answers placed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.records import Span
from index.sentences import split_sentences
from service.reading.inputs import TITLE_TOKENS, ReaderTokenizer, Tokens
from service.training.examples import Example, Examples


@dataclass(frozen=True, slots=True)
class ReadContext:
    """A context's word pieces, its sentences as ranges of them, and its title's word pieces."""

    tokens: Tokens
    sentences: tuple[tuple[int, int], ...]
    title: np.ndarray


class TrainingCorpus:
    """Contexts, tokenized when first asked for and then kept."""

    def __init__(self, loaded: Examples, tokenizer: ReaderTokenizer) -> None:
        self.loaded = loaded
        self.tokenizer = tokenizer
        self._contexts: dict[int, ReadContext] = {}
        self.question = lru_cache(maxsize=None)(self._question)

    def context(self, at: int) -> ReadContext:
        if at not in self._contexts:
            context = self.loaded.contexts[at]
            tokens, title = self.tokenizer.all_tokens([context.text, context.title])
            sentences = [
                token_range(tokens, span)
                for span in split_sentences(context.text, Span(0, len(context.text)))
            ]
            ranges = tuple((a, b) for a, b in sentences if a < b)
            self._contexts[at] = ReadContext(
                tokens, ranges or ((0, len(tokens)),), title.ids[:TITLE_TOKENS]
            )
        return self._contexts[at]

    def answers(self, example: Example) -> list[tuple[int, int, float]]:
        """First and last token of each answer, and its share of the annotators."""
        tokens = self.context(example.context).tokens
        placed = [(*token_range(tokens, span), share) for span, share in example.answers]
        return [(first, end - 1, share) for first, end, share in placed if first < end]

    def _question(self, text: str) -> np.ndarray:
        return self.tokenizer.tokens(text).ids


def token_range(tokens: Tokens, span: Span) -> tuple[int, int]:
    """The tokens that a span of code points touches, as ``[first, end)``."""
    first = int(np.searchsorted(tokens.offsets[:, 1], span.start, side="right"))
    end = int(np.searchsorted(tokens.offsets[:, 0], span.end, side="left"))
    return first, end


def holds(ids: np.ndarray, part: tuple[int, ...]) -> bool:
    """Whether the word pieces of ``part`` stand in ``ids`` (int [n]), one after another."""
    if len(part) > len(ids):
        return False
    windows = np.lib.stride_tricks.sliding_window_view(ids, len(part))
    return bool((windows == np.asarray(part)).all(axis=1).any())
