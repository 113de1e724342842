"""The benchmark's passages and questions."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.errors import Skipped
from benchmarks.texts import (
    USUAL,
    Length,
    PieceCounts,
    cut,
    load_passages,
    load_questions,
    passage_tokenizer,
)

TOKENIZER = passage_tokenizer()
PIECES = PieceCounts(TOKENIZER)


@given(
    st.lists(st.sampled_from(["a", "soldiers", "Ångström", "antidisestablishment", "—"])),
    st.sampled_from([USUAL, Length(180, 200)]),
)
def test_a_passage_has_as_many_word_pieces_as_it_should(words, length):
    """The tokenizer, given each whole, counts between least and most; they follow in order."""
    text = " ".join(words * 60)
    passages = list(cut(text, PIECES, length))
    for passage in passages:
        pieces = len(TOKENIZER.encode(passage, add_special_tokens=False).ids)
        assert length.least <= pieces <= length.most
    assert " ".join(passages) in text or not passages


@pytest.fixture
def data(tmp_path):
    """Three texts of 100 words, and three questions of which two are the same."""
    folder = tmp_path / "retrieval" / "small"
    folder.mkdir(parents=True)
    texts = [" ".join([word] * 100) for word in ("red", "blue", "green")]
    for name, lines in (("corpus", texts), ("queries", ["who?", "when?", " who? "])):
        told = "\n".join(json.dumps({"text": line}) for line in lines)
        (folder / f"{name}.jsonl").write_text(told, encoding="utf-8")
    return tmp_path


def test_a_smaller_choice_is_part_of_a_larger_one(data):
    """So what was measured on few passages was measured on some of the many."""
    few, many = load_passages(data, 2), load_passages(data, 3)
    assert many.texts[:2] == few.texts
    assert {text.split()[0] for text in many.texts} == {"red", "blue", "green"}


def test_passages_are_as_long_as_asked_for(data):
    """Texts of 100 words of one piece each, cut into 40: two equal runs a text, and the note."""
    passages = load_passages(data, 3, Length(40, 40))
    assert sorted(passages.texts) == sorted([" ".join([w] * 40) for w in ("blue", "green", "red")])
    assert "3 real passages of 40 to 40 word pieces" in passages.note


def test_copies_are_counted_and_differ_in_a_fifth_of_their_words_at_most(data):
    """Of five, two are copies: of 100 words 20 were drawn anew, from a text that may be its own."""
    passages = load_passages(data, 5)
    assert passages.real == 3
    for copy, origin in zip(passages.texts[3:], passages.texts, strict=False):
        pairs = zip(copy.split(), origin.split(), strict=True)
        assert sum(new != old for new, old in pairs) in (0, 20)
    assert "2 copies" in passages.note


def test_questions_are_told_apart_by_their_words(data):
    """Two of three are different; a third was asked for in vain, and no data is told as such."""
    assert sorted(load_questions(data, 2)) == ["when?", "who?"]
    with pytest.raises(Skipped, match="holds 2 questions, 3 were asked for"):
        load_questions(data, 3)
    with pytest.raises(Skipped, match="QUOTH_DATA"):
        load_questions(None, 1)
