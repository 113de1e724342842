"""Sentences denied: where, with which word, and that nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.training.denials import Denials

VERBS = {"is", "was", "has", "can", "will", "did"}
WORDS = st.lists(
    st.sampled_from(sorted(VERBS | set("anna rome house river paid old , because".split()))),
    min_size=3,
    max_size=14,
)


@pytest.fixture(scope="module")
def denials(tokenizer) -> Denials:
    return Denials(tokenizer)


def pieces(tokenizer, text) -> np.ndarray:
    return tokenizer.tokens(text).ids


def told(denials, tokenizer, text, answer) -> set[str]:
    """The sentence as ``about`` denies it, with any luck of the dice; empty where it does not."""
    ids = pieces(tokenizer, text)
    words = text.split()
    first = words.index(answer.split()[0])
    place = first, first + len(answer.split())
    found = [denials.about(ids, place, np.random.default_rng(seed)) for seed in range(30)]
    spell = tokenizer._tokenizer.decode
    return {spell(edit.applied(ids).tolist()) for edit in found if edit is not None}


@pytest.mark.parametrize(
    ("text", "answer", "denied"),
    [
        ("kirby is the spokesman", "kirby", "kirby is {} the spokesman"),
        ("nato has a plan for it", "plan", "nato has no plan for it"),
        ("the bridge was built in 1910", "1910", "the bridge was {} built in 1910"),
        # The nearer of two verbs.
        ("what was sent can cost 40 euros", "40 euros", "what was sent can {} cost 40 euros"),
        # Another clause's verb, no verb, and a sentence that says no already.
        ("since it was late anna paid , and rome waited", "rome", None),
        ("anna paid 40 euros", "40 euros", None),
        ("anna was not in rome", "rome", None),
    ],
)
def test_the_verb_beside_the_answer_is_denied(denials, tokenizer, text, answer, denied):
    """By hand, with any luck of the dice."""
    expected = set() if denied is None else {denied.format(word) for word in ("not", "never")}
    assert told(denials, tokenizer, text, answer) == expected


@given(words=WORDS, seed=st.integers(0, 2**32))
def test_each_verb_can_be_denied_once(denials, tokenizer, words, seed):
    """Against the words themselves: one place for each verb but the first and the last word."""
    ids = pieces(tokenizer, " ".join(words))
    edits = denials.of(ids, np.random.default_rng(seed))
    verbs = [at for at in range(1, len(words) - 1) if words[at] in VERBS]
    assert [edit.at for edit in edits] == [at + 1 for at in verbs]
    for edit in edits:
        longer = edit.applied(ids).tolist()
        assert longer[: edit.at] + longer[edit.at + 1 :] == ids.tolist()
        assert denials.says_no(longer)
        assert not denials.says_no(ids)


@given(
    sentences=st.lists(WORDS, min_size=1, max_size=4),
    answer=st.integers(0, 3),
    seed=st.integers(0, 2**32),
)
def test_answers_keep_their_words_where_another_sentence_is_denied(
    denials, tokenizer, sentences, answer, seed
):
    """Whatever sentence is denied, the answer's word pieces stand at the place given."""
    parts = [pieces(tokenizer, " ".join(words)) for words in sentences]
    ends = np.cumsum([len(part) for part in parts]).tolist()
    ranges = list(zip([0, *ends], ends, strict=False))
    first, end = ranges[answer % len(ranges)]
    passage = np.concatenate(parts)
    given_ = [(first + 1, end - 1, 1.0)]
    changed, ((low, high, share),) = denials.beside(
        passage, given_, ranges, np.random.default_rng(seed)
    )
    assert changed[low : high + 1].tolist() == passage[first + 1 : end].tolist()
    assert share == 1.0
    assert len(changed) - len(passage) in (0, 1)
    assert denials.says_no(changed) == (len(changed) > len(passage))
