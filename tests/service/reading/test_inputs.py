"""Token rows as the network takes them; the tokenizer is the packaged model's."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.model_files import packaged_folder
from service.reading.inputs import MAX_TOKENS, ReaderTokenizer, Row, batch_of, room_for_passage

QUESTION, TITLE, PASSAGE = "Who paid?", "The bridge", "The naïve town 😀 paid 1,700."


@pytest.fixture(scope="module")
def tokenizer() -> ReaderTokenizer:
    return ReaderTokenizer(packaged_folder() / "tokenizer.json")


def ids(*numbers: int) -> np.ndarray:
    return np.asarray(numbers, dtype=np.int32)


def test_offsets_cut_the_words_out_of_the_text(tokenizer):
    """Each piece's offsets are code points, diacritics and emoji notwithstanding."""
    tokens = tokenizer.tokens(PASSAGE)
    words = [PASSAGE[a:b] for a, b in tokens.offsets]
    assert words == ["The", "naïve", "town", "😀", "paid", "1", ",", "700", "."]
    part = tokens.part(1, 3)
    assert len(part) == 2
    assert part.ids.tolist() == tokens.ids[1:3].tolist()
    assert len(tokenizer.tokens("")) == 0
    assert tokenizer.tokens("").offsets.shape == (0, 2)


def test_texts_together_give_what_each_gives_alone(tokenizer):
    """A batch of texts is neither padded nor cut to one length."""
    texts = [QUESTION, "", "word " * 700]
    for alone, together in zip(texts, tokenizer.all_tokens(texts), strict=True):
        assert together.ids.tolist() == tokenizer.tokens(alone).ids.tolist()
    assert len(tokenizer.all_tokens(texts)[2]) == 700


def test_a_row_is_the_model_s_own_pair_of_texts(tokenizer):
    """Without a title the row is what the tokenizer itself makes of a pair."""
    pair = Tokenizer.from_file(str(packaged_folder() / "tokenizer.json"))
    pair.no_padding()
    theirs = pair.encode(QUESTION, PASSAGE)
    question, passage = tokenizer.all_tokens([QUESTION, PASSAGE])
    row = tokenizer.row(question.ids, ids(), passage.ids)
    assert row.ids.tolist() == theirs.ids
    assert row.second_at == theirs.type_ids.index(1)
    assert row.passage_at == row.second_at
    assert row.passage_tokens == len(passage)


def test_a_title_stands_between_question_and_passage(tokenizer):
    """The order is CLS, question, SEP, title, SEP, passage, SEP."""
    row = tokenizer.row(ids(7, 8), ids(9), ids(10, 11, 12))
    cls, sep = tokenizer.cls, tokenizer.sep
    assert row.ids.tolist() == [cls, 7, 8, sep, 9, sep, 10, 11, 12, sep]
    assert (row.second_at, row.passage_at, row.passage_tokens) == (4, 6, 3)


@pytest.mark.parametrize(("question", "title"), [(5, 0), (5, 7), (128, 30), (509, 0), (500, 9)])
def test_the_room_is_what_just_fits(tokenizer, question, title):
    """With as many passage tokens as there is room the row is full, and one more is refused."""
    room = room_for_passage(question, title)
    asked, named = np.full(question, 5), np.full(title, 6)
    if room >= 0:
        assert len(tokenizer.row(asked, named, np.full(room, 7)).ids) == MAX_TOKENS
    with pytest.raises(ValueError, match="word pieces"):
        tokenizer.row(asked, named, np.full(max(0, room + 1), 7))


def test_a_batch_fills_up_and_marks_what_is_what():
    """Ids are filled up with 0; segments, attention and passage are marked for each row."""
    rows = [Row(np.asarray([101, 7, 102, 9, 102]), 3, 3, 1), Row(np.asarray([101, 102]), 2, 2, 0)]
    batch = batch_of(rows)
    assert batch.ids.tolist() == [[101, 7, 102, 9, 102], [101, 102, 0, 0, 0]]
    assert batch.segments.tolist() == [[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]]
    assert batch.attention.tolist() == [[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]
    assert batch.in_passage.tolist() == [[False, False, False, True, False], [False] * 5]


def test_a_tokenizer_of_another_kind_is_refused(tmp_path):
    """A vocabulary without the special tokens is named, not read wrong."""
    from tokenizers.models import WordLevel

    Tokenizer(WordLevel({"[CLS]": 0}, unk_token="[CLS]")).save(str(tmp_path / "other.json"))
    with pytest.raises(ValueError, match=r"no \[SEP\]"):
        ReaderTokenizer(tmp_path / "other.json")
