"""Word pieces and where answers stand among them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.records import Span
from service.reading.inputs import Tokens
from service.training.corpus import token_range


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=9),
    st.integers(0, 40),
    st.integers(1, 12),
)
def test_the_tokens_of_a_span_are_those_it_touches(gaps, start, length):
    """As brute force over every token says, however tokens and gaps lie."""
    offsets, at = [], 0
    for gap, width in gaps:
        offsets.append((at + gap, at + gap + width))
        at += gap + width
    tokens = Tokens(
        np.zeros(len(offsets), dtype=np.int32), np.asarray(offsets, dtype=np.int32).reshape(-1, 2)
    )
    end = start + length
    touched = [at for at, (a, b) in enumerate(offsets) if a < end and start < b]
    assert list(range(*token_range(tokens, Span(start, end)))) == touched


def test_answers_are_placed_on_their_words(corpus):
    """First to last token cut exactly the gold words out of the text; shares stay."""
    placed = 0
    for example in corpus.loaded.examples:
        text = corpus.loaded.contexts[example.context].text
        offsets = corpus.context(example.context).tokens.offsets
        answers = corpus.answers(example)
        for (first, last, share), (span, given_share) in zip(answers, example.answers, strict=True):
            assert text[offsets[first, 0] : offsets[last, 1]] == span.of(text)
            assert share == given_share
            placed += 1
    assert placed == 48


def test_sentences_cover_the_context_in_order(corpus):
    """Each token stands in one sentence; a town has four."""
    for at in range(len(corpus.loaded.contexts)):
        read = corpus.context(at)
        assert len(read.sentences) == 4
        covered = [token for a, b in read.sentences for token in range(a, b)]
        assert covered == list(range(len(read.tokens)))


def test_contexts_and_questions_are_tokenized_once(corpus, tokenizer):
    """The second time gives the very same object, and the title is the title's word pieces."""
    assert corpus.context(3) is corpus.context(3)
    assert corpus.question("Who?") is corpus.question("Who?")
    assert corpus.context(3).title.tolist() == tokenizer.tokens("Dunmore town").ids.tolist()
